package store

import (
	"slices"
	"time"

	"github.com/hashicorp/go-memdb"

	"github.com/voxemu/voxemu/emulator/vox"
)

// Tx is one transaction: a snapshot, the changes made so far, and one now. Its
// changes are staged and written once, at the commit: reading through memdb's own
// write transaction would throw away the writer's node cache
// (docs/design-notes.md#reading-in-a-write-transaction). A Tx is for one
// goroutine and ends with the function it was given to.
type Tx struct {
	now time.Time
	*changes
	// before takes this transaction's changes back, the last one first: those of
	// other writers stay.
	before []func()
	// touched are the rows that this transaction has written, by table, as it
	// found them; nil: nobody observes it.
	touched map[byte]any
	// after is what to call once the changes are committed.
	after []func()
	// following are transactions to run once this one has succeeded.
	following []func(*Tx) error
	// warnings are for whoever asked for the transaction.
	warnings []string
}

// changes are a snapshot and what is to be changed in it.
type changes struct {
	snapshot  *memdb.Txn
	staged    map[byte]pending
	sequences map[string]int64
	settings  *vox.Settings
	// known caches the sequences and settings read so far: each is read many
	// times.
	known map[string]any
}

// pending are the staged changes of one table.
type pending interface {
	write(*memdb.Txn, *blockWriter) error
}

func newTx(db *memdb.MemDB, now time.Time) *Tx {
	return &Tx{now: now, changes: &changes{snapshot: db.Txn(false)}}
}

// Now is the transaction's time: everything that it does agrees about it.
func (tx *Tx) Now() time.Time { return tx.now }

// Warn tells whoever asked for the transaction what is accepted here and may be
// refused elsewhere.
func (tx *Tx) Warn(text string) { tx.warnings = append(tx.warnings, text) }

// Warnings are the texts of [Tx.Warn], in order.
func (tx *Tx) Warnings() []string { return tx.warnings }

// AfterCommit has a function called once the changes are committed and readers
// can see them, before the write returns; not after an error. Such functions are
// called in the order of the commits, while no other write is committed: they must
// not write themselves.
func (tx *Tx) AfterCommit(run func()) { tx.after = append(tx.after, run) }

// Then has a function run once this transaction has succeeded: in a transaction
// of its own at the same moment, seen by the observer, and in the same commit,
// which makes it half as expensive. It is for events that are due at the
// transaction's own moment, which the clock would run otherwise. A function
// that fails or panics changes nothing and is left to the clock, and so are
// those after it and all but the first 32 of a write. [Store.Replace] runs
// none.
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
	defer txn.Abort() // does nothing after Commit
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

// namedValue is a named value that is no row: a sequence or the settings.
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

// namedValue is a value of the snapshot; nil: there is none. Their names are those of
// tables, and "settings".
func (c *changes) namedValue(table, name string) any {
	if value, ok := c.known[name]; ok {
		return value
	}
	found, err := c.snapshot.First(table, "id", []byte(name))
	if err != nil { // tables and index are constants
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

// Settings are the scenario's choices; the zero value before any were set.
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

// last is the highest id that a table ever had.
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
