// Package store keeps the state of the emulator in go-memdb. Rows are immutable values.
// Each change is a transaction with one time; readers see a snapshot and never wait. Each
// filter has an index. docs/store.md explains how they work.
package store

import (
	"sync"
	"sync/atomic"
	"time"

	"github.com/hashicorp/go-memdb"
)

// Store is the state of one emulator. It is safe for concurrent use.
type Store struct {
	db       atomic.Pointer[memdb.MemDB]
	observer func(*Tx) error // nil: none
	commits  atomic.Uint64   // number of commits with changes, including replaced states

	coming atomic.Int64 // writers that wait for the lock or hold it
	lock   sync.Mutex   // held while a function runs and during a commit
	open   *group       // changes that are not committed yet; nil: none
}

// New returns an empty store.
func New() *Store {
	s := &Store{}
	s.db.Store(newDB())
	return s
}

// From returns a store with a snapshot's state. Several stores can use the same snapshot;
// they do not see each other's changes.
func From(from Snapshot) *Store {
	s := &Store{}
	s.db.Store(from.db.Snapshot())
	return s
}

func newTx(db *memdb.MemDB, now time.Time) *Tx {
	return &Tx{now: now, changes: &changes{snapshot: newVersion(db)}}
}

// Read runs fn on a snapshot and never waits for a writer. now is the transaction's time.
// The error is fn's.
func (s *Store) Read(now time.Time, fn func(*Tx) error) error {
	return fn(newTx(s.db.Load(), now))
}

// Write runs fn and commits its changes. If fn returns an error or panics, nothing has
// changed. Writers run one after the other, and each sees the changes of earlier ones.
// Readers see the changes when Write returns. Concurrent writers share a commit (see
// group). The error is fn's.
func (s *Store) Write(now time.Time, fn func(*Tx) error) error {
	s.coming.Add(1)
	s.lock.Lock()
	g, err := s.join(now, fn)
	<-g.done // also after an error, which can depend on uncommitted changes
	return err
}

// Replace runs fn on an empty state, which replaces the current one if fn succeeds.
// Sequences and settings start anew too. The error is fn's.
func (s *Store) Replace(now time.Time, fn func(*Tx) error) error {
	return s.replace(newDB(), now, fn)
}

// replace runs fn on another state, which replaces the current one.
func (s *Store) replace(db *memdb.MemDB, now time.Time, fn func(*Tx) error) error {
	s.lock.Lock()
	defer s.lock.Unlock()
	s.commit()
	tx := newTx(db, now)
	if err := fn(tx); err != nil {
		return err
	}
	tx.commit(db)
	s.db.Store(db)
	s.commits.Add(1)
	for _, run := range tx.after {
		run()
	}
	return nil
}

// Commits returns the number of commits with changes. While it is the same, the state is
// too.
func (s *Store) Commits() uint64 { return s.commits.Load() }
