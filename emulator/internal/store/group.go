package store

import (
	"fmt"
	"runtime"
	"time"
)

// group is one commit, shared by concurrent writers: copying the upper nodes of
// memdb's trees is most of a small write, and a shared commit copies them once.
// The functions run one after the other, each in its caller's goroutine and on
// top of what the earlier ones changed; the writer with no other one waiting
// behind it commits for all.
type group struct {
	changes
	members int
	after   []func()      // what members want to be told once it is committed
	done    chan struct{} // closed after the commit
	err     error         // of the commit, to be read when done
}

const (
	// maxGroup bounds how many writers a member waits for.
	maxGroup = 64
	// maxFollowing bounds how many transactions a write may have follow it, for
	// others wait meanwhile.
	maxFollowing = 32
)

// join runs fn as a member of the open group and gives up the lock, even when fn
// panics.
func (s *Store) join(now time.Time, fn func(*Tx) error) (g *group, err error) {
	defer s.lock.Unlock()
	if s.open == nil {
		s.open = &group{changes: changes{snapshot: s.db.Load().Txn(false)}, done: make(chan struct{})}
	}
	g = s.open
	g.members++
	defer func() {
		runtime.Gosched() // lets callers that are about to write join: a quarter of a create under load
		if s.coming.Add(-1) == 0 || g.members == maxGroup {
			s.commit()
		}
	}()
	following, err := s.run(g, now, fn)
	for n := 0; n < len(following) && n < maxFollowing; n++ {
		more, err := s.tryRun(g, now, following[n])
		if err != nil {
			break
		}
		following = append(following, more...)
	}
	return g, err
}

// run runs fn, and then the observer, on top of what the group has changed, and
// gives the functions that are to follow. After an error or a panic nothing of it
// is left.
func (s *Store) run(g *group, now time.Time, fn func(*Tx) error) (following []func(*Tx) error, err error) {
	tx := &Tx{now: now, changes: &g.changes}
	succeeded := false
	defer func() {
		if !succeeded {
			tx.undo()
		}
	}()
	if s.observer != nil {
		tx.touched = map[byte]any{}
	}
	if err = fn(tx); err == nil && s.observer != nil {
		err = s.observer(tx)
	}
	if err != nil {
		return nil, err
	}
	succeeded = true
	g.after = append(g.after, tx.after...)
	return tx.following, nil
}

// tryRun is run with a panic as an error: the write that is followed has
// succeeded.
func (s *Store) tryRun(g *group, now time.Time, fn func(*Tx) error) (following []func(*Tx) error, err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("panic: %v", p)
		}
	}()
	return s.run(g, now, fn)
}

// commit commits what is not committed yet. The lock is held.
func (s *Store) commit() {
	g := s.open
	if g == nil {
		return
	}
	s.open = nil
	defer close(g.done)
	if g.err = g.commit(s.db.Load()); g.err != nil {
		return
	}
	if !g.isEmpty() {
		s.commits.Add(1)
	}
	for _, run := range g.after {
		run()
	}
}
