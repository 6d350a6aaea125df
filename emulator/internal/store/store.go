// Package store holds the state of the emulator, in go-memdb. Rows are
// immutable values; a change is a transaction with one now; readers see one
// snapshot and never wait. Every filter has an index: see index.go for how one
// is declared and block.go for how it is kept.
package store

import (
	"sync"
	"sync/atomic"
	"time"

	"github.com/hashicorp/go-memdb"
)

// Store holds the state of one emulator. It is safe for concurrent use.
type Store struct {
	db       atomic.Pointer[memdb.MemDB]
	observer func(*Tx) error // nil: nobody looks at changes
	commits  atomic.Uint64   // that changed something, replaced states included

	coming atomic.Int64 // writers that wait for the lock or hold it
	lock   sync.Mutex   // held while a function runs and while a group is committed
	open   *group       // what is not committed yet; nil when nothing is
}

// New makes an empty store.
func New() *Store {
	s := &Store{}
	s.db.Store(newDB())
	return s
}

// From makes a store that begins with a snapshot's state. Many stores may begin
// with the same one: it never changes, and none of them sees another's changes.
func From(from Snapshot) *Store {
	s := &Store{}
	s.db.Store(from.db.Snapshot())
	return s
}

// newDB makes an empty database. A snapshot of it is used, because memdb tracks
// every touched node of a primary database for watchers, which we have not; and
// a commit that touches more than 8,192 nodes would walk the whole tree
// (docs/design-notes.md#large-transactions).
func newDB() *memdb.MemDB {
	db, err := memdb.NewMemDB(schema())
	if err != nil { // the schema is a constant of this package
		panic(err)
	}
	return db.Snapshot()
}

// Read runs fn on one snapshot. now is what the transaction answers as its time.
// It never waits for a writer. The error is fn's.
func (s *Store) Read(now time.Time, fn func(*Tx) error) error {
	return fn(newTx(s.db.Load(), now))
}

// Write runs fn and commits what it changed, all or nothing: after an error or a
// panic of fn nothing is changed. Writers run one after the other, each sees what
// the earlier ones changed, and readers see it when Write returns; concurrent
// writers share a commit (see group). The error is fn's.
func (s *Store) Write(now time.Time, fn func(*Tx) error) error {
	s.coming.Add(1)
	s.lock.Lock()
	g, err := s.join(now, fn)
	<-g.done // also after an error, which may rest on what the group has changed
	if err != nil {
		return err
	}
	return g.err
}

// Replace runs fn on an empty state, which takes the old one's place when fn
// succeeds. Sequences and settings start anew as well. The error is fn's.
func (s *Store) Replace(now time.Time, fn func(*Tx) error) error {
	return s.replace(newDB(), now, fn)
}

// replace runs fn on another state, which takes the present one's place.
func (s *Store) replace(db *memdb.MemDB, now time.Time, fn func(*Tx) error) error {
	s.lock.Lock()
	defer s.lock.Unlock()
	s.commit()
	tx := newTx(db, now)
	if err := fn(tx); err != nil {
		return err
	}
	if err := tx.commit(db); err != nil {
		return err
	}
	s.db.Store(db)
	s.commits.Add(1)
	for _, run := range tx.after {
		run()
	}
	return nil
}

// Commits counts the commits that changed something: while it stays the same, so
// does the state.
func (s *Store) Commits() uint64 { return s.commits.Load() }

// schema declares memdb's tables: one for each kind of row, and those of the
// mechanism itself.
func schema() *memdb.DBSchema {
	tables := map[string]*memdb.TableSchema{}
	for _, t := range []*memdb.TableSchema{blocksSchema(), namedValues("sequences"), namedValues("settings")} {
		tables[t.Name] = t
	}
	for _, kind := range Kinds() {
		t := kind.schema()
		tables[t.Name] = t
	}
	return &memdb.DBSchema{Tables: tables}
}
