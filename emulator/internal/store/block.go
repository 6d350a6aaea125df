package store

import (
	"github.com/hashicorp/go-memdb"

	"github.com/voxemu/voxemu/emulator/internal/query"
)

// block is a row of the table of blocks: sets of the ids of one block. It is
// immutable. A block of values has one set, the ids with that value. A block of
// flags serves all flags of a table at once, so that a write touches one row
// for all of them: its first set is every id of the account, then each flag has
// two, the ids where it is set and those where it is unset.
type block struct {
	key    string
	number int64
	sets   []*set
}

const (
	blocksTable = "blocks"
	everyID     = 0
	// flagsPlace stands in keys where the place of an index stands otherwise.
	flagsPlace = 0xff
)

func blocksSchema() *memdb.TableSchema {
	return &memdb.TableSchema{Name: blocksTable, Indexes: map[string]*memdb.IndexSchema{
		"id": {Name: "id", Unique: true, Indexer: byKey{func(row any) ([]byte, bool) {
			return []byte(row.(*block).key), true
		}}},
	}}
}

// setOf is the place of a flag's set in a block of flags.
func setOf(place int, value bool) int {
	if value {
		return 1 + 2*place
	}
	return 2 + 2*place
}

// valuePrefix is the key of an index's blocks for one value, without the number.
func valuePrefix(tag byte, place int, account int64, v query.Value) []byte {
	return appendValue(indexPrefix(tag, place, account), v)
}

func indexPrefix(tag byte, place int, account int64) []byte {
	key := make([]byte, 0, 48)
	return appendValue(append(key, tag, byte(place)), account)
}

func blockAt(snapshot *memdb.Txn, key []byte) *block {
	found, err := snapshot.First(blocksTable, "id", key)
	if err != nil { // table and index are constants
		panic(err)
	}
	b, _ := found.(*block)
	return b
}

// blockWriter collects the changed blocks of a transaction, so that each is
// written once.
type blockWriter struct {
	snapshot *memdb.Txn
	changed  map[string]*block
}

// change replaces one set of a block.
func (w *blockWriter) change(prefix []byte, id int64, place int, change func(*set, uint16) *set) {
	number := id >> blockBits
	key := appendValue(prefix, number)
	b, ok := w.changed[string(key)]
	if !ok {
		b = &block{key: string(key), number: number}
		if old := blockAt(w.snapshot, key); old != nil {
			b.sets = append(b.sets, old.sets...)
		}
		w.changed[b.key] = b
	}
	for len(b.sets) <= place {
		b.sets = append(b.sets, nil)
	}
	b.sets[place] = change(b.sets[place], uint16(id&(blockSize-1)))
}

// flush writes the changed blocks and deletes the empty ones.
func (w *blockWriter) flush(txn *memdb.Txn) error {
	for _, b := range w.changed {
		var err error
		if b.sets[everyID] == nil {
			if blockAt(w.snapshot, []byte(b.key)) == nil {
				continue
			}
			err = txn.Delete(blocksTable, b)
		} else {
			err = txn.Insert(blocksTable, b)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// reindex moves a row's id between the blocks of its indexes; before or after
// is nil when the row is new or gone.
func (t *table[K, R]) reindex(w *blockWriter, id K, before, after *R) {
	if len(t.indexes) == 0 {
		return
	}
	n := t.position(id)
	moved := before == nil || after == nil || t.account(before) != t.account(after)
	if moved && before != nil {
		w.change(indexPrefix(t.tag, flagsPlace, t.account(before)), n, everyID, (*set).without)
	}
	if moved && after != nil {
		w.change(indexPrefix(t.tag, flagsPlace, t.account(after)), n, everyID, (*set).with)
	}
	for place, x := range t.indexes {
		if x.flag != nil {
			t.reindexFlag(w, n, place, before, after, moved)
		} else {
			t.reindexValue(w, n, place, before, after, moved)
		}
	}
}

func (t *table[K, R]) reindexFlag(w *blockWriter, id int64, place int, before, after *R, moved bool) {
	var was, is, had, has bool
	if before != nil {
		was, had = t.indexes[place].flag(before)
	}
	if after != nil {
		is, has = t.indexes[place].flag(after)
	}
	if !moved && was == is && had == has {
		return
	}
	if had {
		w.change(indexPrefix(t.tag, flagsPlace, t.account(before)), id, setOf(place, was), (*set).without)
	}
	if has {
		w.change(indexPrefix(t.tag, flagsPlace, t.account(after)), id, setOf(place, is), (*set).with)
	}
}

func (t *table[K, R]) reindexValue(w *blockWriter, id int64, place int, before, after *R, moved bool) {
	var was, is query.Value
	var had, has bool
	if before != nil {
		was, had = t.indexes[place].value(before)
	}
	if after != nil {
		is, has = t.indexes[place].value(after)
	}
	if !moved && had == has && was == is {
		return
	}
	if had {
		w.change(valuePrefix(t.tag, place, t.account(before), was), id, everyID, (*set).without)
	}
	if has {
		w.change(valuePrefix(t.tag, place, t.account(after), is), id, everyID, (*set).with)
	}
}
