package store

import (
	"slices"
	"time"

	"github.com/hashicorp/go-memdb"

	"github.com/voxemu/voxemu/emulator/vox"
)

// Tx is a transaction: a snapshot, staged changes and a time. The changes are written
// together at the commit, because reading in memdb's write transaction would discard the
// writer's node cache (docs/design-notes.md#reading-in-a-write-transaction). A Tx is for
// one goroutine, and must not be used after the function that received it returns.
type Tx struct {
	now time.Time
	*changes
	// before undoes the changes of this transaction, in reverse order, without those of
	// other writers in the group.
	before []func()
	// touched are the rows before this transaction changed them, by table; nil: there is
	// no observer.
	touched map[byte]any
	// after are functions to call after the commit.
	after []func()
	// following are transactions to run after this one succeeded.
	following []func(*Tx) error
	// warnings are returned to the caller of the transaction.
	warnings []string
}

// changes are a snapshot and the changes to it.
type changes struct {
	snapshot  *memdb.Txn
	staged    map[byte]pending
	sequences map[string]int64
	settings  *vox.Settings
	// known caches sequences and settings, because each is read often.
	known map[string]any
}

// pending are the staged changes of a table.
type pending interface {
	write(*memdb.Txn, *blockWriter) error
}

func newTx(db *memdb.MemDB, now time.Time) *Tx {
	return &Tx{now: now, changes: &changes{snapshot: db.Txn(false)}}
}

// Now returns the transaction's time, which is the same for everything in it.
func (tx *Tx) Now() time.Time { return tx.now }

// Warn adds a warning for the caller of the transaction, on something accepted that the
// real service may refuse.
func (tx *Tx) Warn(text string) { tx.warnings = append(tx.warnings, text) }

// Warnings returns the texts of [Tx.Warn], in order.
func (tx *Tx) Warnings() []string { return tx.warnings }

// AfterCommit registers a function that is called after the commit, before Write returns;
// it is not called after an error. Such functions run in the order of the commits, and
// block further commits: they must not write.
func (tx *Tx) AfterCommit(run func()) { tx.after = append(tx.after, run) }

// Then registers a function that runs after this transaction has succeeded: in its own
// transaction with the same time, seen by the observer, and in the same commit, which
// halves the cost. It is for events that are due at the transaction's own time, which the
// clock would run otherwise. If a function fails or panics, it changes nothing; the clock
// then runs it and those after it. The same holds for all but the first 32 of a write,
// and for all of [Store.Replace].
func (tx *Tx) Then(fn func(*Tx) error) { tx.following = append(tx.following, fn) }

func (tx *Tx) undo() {
	for _, restore := range slices.Backward(tx.before) {
		restore()
	}
}

func (c *changes) isEmpty() bool { return c.staged == nil && c.sequences == nil && c.settings == nil }

func (c *changes) commit(db *memdb.MemDB) error {
	if c.isEmpty() {
		return nil
	}
	txn := db.Txn(true)
	defer txn.Abort() // has no effect after Commit
	blocks := &blockWriter{snapshot: c.snapshot, drafts: map[string]*blockDraft{}}
	for _, p := range c.staged {
		if err := p.write(txn, blocks); err != nil {
			return err
		}
	}
	if err := blocks.flush(txn); err != nil {
		return err
	}
	if err := c.writeNamedValues(txn); err != nil {
		return err
	}
	txn.Commit()
	return nil
}

// namedValue is a value other than a row: a sequence or the settings.
type namedValue struct {
	name  string
	value any
}

func namedValues(table string) *memdb.TableSchema {
	return &memdb.TableSchema{Name: table, Indexes: map[string]*memdb.IndexSchema{
		"id": {Name: "id", Unique: true, Indexer: byKey{func(row any) ([]byte, bool) {
			return []byte(row.(*namedValue).name), true
		}}},
	}}
}

// namedValue returns a value of the snapshot; nil if there is none. Names are those of
// tables, and "settings".
func (c *changes) namedValue(table, name string) any {
	if value, ok := c.known[name]; ok {
		return value
	}
	found, err := c.snapshot.First(table, "id", []byte(name))
	if err != nil { // cannot happen: table and index are constants
		panic(err)
	}
	if c.known == nil {
		c.known = map[string]any{}
	}
	c.known[name] = nil
	if s, ok := found.(*namedValue); ok {
		c.known[name] = s.value
	}
	return c.known[name]
}

func (c *changes) writeNamedValues(txn *memdb.Txn) error {
	for name, last := range c.sequences {
		if err := txn.Insert("sequences", &namedValue{name, last}); err != nil {
			return err
		}
	}
	if c.settings == nil {
		return nil
	}
	return txn.Insert("settings", &namedValue{"settings", *c.settings})
}

// Settings returns the scenario's settings; the zero value before any were set.
func (tx *Tx) Settings() vox.Settings {
	if tx.settings != nil {
		return *tx.settings
	}
	settings, _ := tx.namedValue("settings", "settings").(vox.Settings)
	return settings
}

// SetSettings replaces the settings.
func (tx *Tx) SetSettings(s vox.Settings) {
	was := tx.settings
	tx.before = append(tx.before, func() { tx.settings = was })
	tx.settings = &s
}

// last returns the highest id that a table has ever had.
func (tx *Tx) last(table string) int64 {
	if n, ok := tx.sequences[table]; ok {
		return n
	}
	n, _ := tx.namedValue("sequences", table).(int64)
	return n
}

func (tx *Tx) raise(table string, id int64) {
	was := tx.last(table)
	if id <= was {
		return
	}
	if tx.sequences == nil {
		tx.sequences = map[string]int64{}
	}
	tx.before = append(tx.before, func() { tx.sequences[table] = was })
	tx.sequences[table] = id
}
