package store

import (
	"runtime"
	"sync"
	"sync/atomic"
	"time"

	"github.com/hashicorp/go-memdb"
)

// writers lets concurrent writers share a commit: copying the upper nodes of
// memdb's trees is most of a small write, and a shared commit copies them once.
// The functions run one after the other, each in its caller's goroutine and on
// top of what the earlier ones changed; whoever finds nobody behind himself
// commits for all.
type writers struct {
	lock   sync.Mutex   // held while a function runs and while a group is committed
	coming atomic.Int64 // writers that wait for the lock or hold it
	open   *group       // what is not committed yet; nil when nothing is

	commits atomic.Uint64 // that changed something, replaced states included
}

// group is one commit.
type group struct {
	changes
	members int
	after   []func()      // what members want to be told once it is committed
	done    chan struct{} // closed after the commit
	err     error         // of the commit, to be read when done
}

// maxGroup bounds how many writers a member waits for.
const maxGroup = 64

// write runs fn, and then what it brings about, and returns when the changes are
// committed. A writer that fails waits as well, for its error may rest on what the
// group has changed.
func (w *writers) write(db *atomic.Pointer[memdb.MemDB], now time.Time, fn func(*Tx) error, events *events) error {
	w.coming.Add(1)
	w.lock.Lock()
	g, err := w.join(db, now, fn, events)
	<-g.done
	if err != nil {
		return err
	}
	return g.err
}

// join runs fn as a member of the open group and gives up the lock, even when fn
// panics.
func (w *writers) join(db *atomic.Pointer[memdb.MemDB], now time.Time, fn func(*Tx) error, events *events) (g *group, err error) {
	defer w.lock.Unlock()
	if w.open == nil {
		w.open = &group{changes: changes{snapshot: db.Load().Txn(false)}, done: make(chan struct{})}
	}
	g = w.open
	g.members++
	defer func() {
		runtime.Gosched() // lets callers that are about to write join: a quarter of a create under load
		if w.coming.Add(-1) == 0 || g.members == maxGroup {
			w.commit(db.Load())
		}
	}()
	if err = g.run(now, fn); err == nil && events != nil {
		events.runDue(g, now)
	}
	return g, err
}

// run runs fn on top of what the group has changed; after an error or a panic
// nothing of it is left.
func (g *group) run(now time.Time, fn func(*Tx) error) (err error) {
	tx := &Tx{now: now, changes: &g.changes}
	succeeded := false
	defer func() {
		if !succeeded {
			tx.undo()
		}
	}()
	err = fn(tx)
	if succeeded = err == nil; succeeded {
		g.after = append(g.after, tx.after...)
	}
	return err
}

// commit commits what is not committed yet. The lock is held.
func (w *writers) commit(db *memdb.MemDB) {
	if g := w.open; g != nil {
		w.open = nil
		defer close(g.done)
		if g.err = g.commit(db); g.err != nil {
			return
		}
		if !g.isEmpty() {
			w.commits.Add(1)
		}
		for _, tell := range g.after {
			tell()
		}
	}
}
