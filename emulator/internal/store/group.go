package store

import (
	"fmt"
	"runtime"
	"time"
)

// group is a commit that concurrent writers share. Copying the upper nodes of memdb's
// trees is most of the cost of a small write, and a shared commit copies them once. The
// functions run one after the other, each in its caller's goroutine, and each sees the
// changes of earlier ones. The last one, behind which no writer waits, commits for all.
type group struct {
	changes
	members int
	after   []func()      // functions of Tx.AfterCommit
	done    chan struct{} // closed after the commit
}

const (
	// maxGroup is the maximum number of writers in a group, because all wait for the last
	// one.
	maxGroup = 64
	// maxFollowing is the maximum number of transactions that follow a write, because
	// others wait meanwhile.
	maxFollowing = 32
)

// join runs fn as a member of the open group and releases the lock, even if fn panics.
func (s *Store) join(now time.Time, fn func(*Tx) error) (g *group, err error) {
	defer s.lock.Unlock()
	if s.open == nil {
		s.open = &group{changes: changes{snapshot: newVersion(s.db.Load())}, done: make(chan struct{})}
	}
	g = s.open
	g.members++
	defer func() {
		runtime.Gosched() // lets other callers join: saves a quarter of a create under load
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

// run runs fn, and then the observer, with the changes of the group, and returns the
// functions that follow. After an error or a panic all their changes are undone.
func (s *Store) run(g *group, now time.Time, fn func(*Tx) error) (following []func(*Tx) error, err error) {
	tx := &Tx{now: now, changes: &g.changes, settingsWas: g.totals().settings}
	succeeded := false
	defer func() {
		if !succeeded {
			tx.rollBack()
		}
	}()
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

// tryRun is run, with a panic as an error, because the write that it follows has
// succeeded.
func (s *Store) tryRun(g *group, now time.Time, fn func(*Tx) error) (following []func(*Tx) error, err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("panic: %v", p)
		}
	}()
	return s.run(g, now, fn)
}

// commit commits the open group. The lock must be held.
func (s *Store) commit() {
	g := s.open
	if g == nil {
		return
	}
	s.open = nil
	defer close(g.done)
	if !g.isEmpty() {
		g.commit(s.db.Load())
		s.commits.Add(1)
	}
	for _, run := range g.after {
		run()
	}
}
