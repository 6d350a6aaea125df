package store

import (
	"bytes"
	"encoding/binary"
	"slices"

	"github.com/hashicorp/go-memdb"

	"github.com/voxemu/voxemu/emulator/internal/query"
)

// block is a row of the table of blocks: sets of the ids of one block. It is
// immutable. A block of values has one set, the ids with that value. A block of
// flags serves all flags of a table at once: it has a set for each combination of
// flags that occurs, so that a row is in one set however many flags there are,
// and the number of rows with any choice of flags is a sum.
type block struct {
	key  []byte // ends with the block's number
	sets []held
}

// held is the set of the ids with a combination of flags; 0 in a block of
// values.
type held struct {
	flags combination
	ids   set
}

// combination has two bits for each index of a table: unset, set, or neither for
// rows without the flag and for indexes on other values.
type combination uint64

const (
	unset combination = 1
	isSet combination = 2

	maxIndexes = 32
)

// flagAt is a combination of the one flag with a place in the declaration.
func flagAt(place int, value bool) combination {
	if value {
		return isSet << (2 * place)
	}
	return unset << (2 * place)
}

const (
	blocksTable = "blocks"
	// flagsPlace stands in keys where the place of an index stands otherwise.
	flagsPlace = 0xff
	// numberLength is the length of a block's number in its key, in bytes.
	numberLength = 8
)

func blocksSchema() *memdb.TableSchema {
	return &memdb.TableSchema{Name: blocksTable, Indexes: map[string]*memdb.IndexSchema{
		"id": {Name: "id", Unique: true, Indexer: byKey{func(row any) ([]byte, bool) {
			return row.(*block).key, true
		}}},
	}}
}

// prefix is the key without the block's number.
func (b *block) prefix() []byte { return b.key[:len(b.key)-numberLength] }

// number is the ids' common part: id >> blockBits.
func (b *block) number() int64 {
	return int64(binary.BigEndian.Uint64(b.key[len(b.key)-numberLength:]) ^ 1<<63)
}

// valuePrefix is the key of an index's blocks for one value, without the number.
func valuePrefix(tag byte, place int, account int64, v query.Value) []byte {
	return appendValue(indexPrefix(tag, place, account), v)
}

func indexPrefix(tag byte, place int, account int64) []byte {
	return appendIndex(make([]byte, 0, 48), tag, place, account)
}

func appendIndex(key []byte, tag byte, place int, account int64) []byte {
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

// blockWriter collects the changed blocks of a commit, so that each is copied
// and written once.
type blockWriter struct {
	snapshot *memdb.Txn
	drafts   map[string]*draft
	key      []byte // the last key, for its memory
}

// draft is a block to be: old is what it replaces, nil for nothing, and own
// marks the sets that are clones already.
type draft struct {
	block
	old *block
	own []bool
}

// draft finds or begins the draft of the block with the key.
func (w *blockWriter) draft(key []byte) *draft {
	d, ok := w.drafts[string(key)]
	if ok {
		return d
	}
	d = &draft{old: blockAt(w.snapshot, key)}
	if d.old != nil {
		d.key, d.sets = d.old.key, slices.Clone(d.old.sets)
	} else {
		d.key = bytes.Clone(key)
	}
	d.own = make([]bool, len(d.sets))
	w.drafts[string(key)] = d
	return d
}

// edit is the set of a combination, to be changed.
func (d *draft) edit(flags combination) *set {
	i := slices.IndexFunc(d.sets, func(h held) bool { return h.flags == flags })
	switch {
	case i < 0:
		i = len(d.sets)
		d.sets, d.own = append(d.sets, held{flags: flags}), append(d.own, true)
	case !d.own[i]:
		d.sets[i].ids, d.own[i] = d.sets[i].ids.clone(), true
	}
	return &d.sets[i].ids
}

// flush writes the changed blocks and deletes the empty ones.
func (w *blockWriter) flush(txn *memdb.Txn) error {
	for _, d := range w.drafts {
		sets := slices.DeleteFunc(d.sets, func(h held) bool { return h.ids.n == 0 })
		var err error
		switch {
		case len(sets) > 0:
			err = txn.Insert(blocksTable, &block{d.key, sets})
		case d.old != nil:
			err = txn.Delete(blocksTable, d.old)
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
	if len(t.indexes) == 0 || before == nil && after == nil {
		return
	}
	n := t.position(id)
	moved := before == nil || after == nil || t.account(before) != t.account(after)
	for place, x := range t.indexes {
		if x.unique || x.element == "boolean" {
			continue // an index of memdb's own; flags come below
		}
		was, had := x.of(before)
		is, has := x.of(after)
		if !moved && had == has && was == is {
			continue
		}
		if had {
			w.key = appendValue(appendIndex(w.key[:0], t.tag, place, t.account(before)), was)
			w.set(n, 0).remove(offset(n))
		}
		if has {
			w.key = appendValue(appendIndex(w.key[:0], t.tag, place, t.account(after)), is)
			w.set(n, 0).add(offset(n))
		}
	}
	if !moved && t.flags(before) == t.flags(after) {
		return
	}
	if before != nil {
		w.key = appendIndex(w.key[:0], t.tag, flagsPlace, t.account(before))
		w.set(n, t.flags(before)).remove(offset(n))
	}
	if after != nil {
		w.key = appendIndex(w.key[:0], t.tag, flagsPlace, t.account(after))
		w.set(n, t.flags(after)).add(offset(n))
	}
}

// flags is the combination of a row's flags.
func (t *table[K, R]) flags(row *R) combination {
	var flags combination
	for place, x := range t.indexes {
		if x.element != "boolean" {
			continue
		}
		if v, ok := x.of(row); ok {
			flags |= flagAt(place, v.(bool))
		}
	}
	return flags
}

// set is the set, to be changed, of the block that has the id and whose key
// begins with w.key.
func (w *blockWriter) set(id int64, flags combination) *set {
	w.key = appendValue(w.key, id>>blockBits)
	return w.draft(w.key).edit(flags)
}

func offset(id int64) uint16 { return uint16(id & (blockSize - 1)) }
