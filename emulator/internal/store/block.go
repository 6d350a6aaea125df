package store

import (
	"github.com/hashicorp/go-memdb"

	"github.com/voxemu/voxemu/emulator/internal/query"
)

// block is a row of the table of blocks: the ids of one block that share a value,
// or all of an account. It is immutable. It has a set for each combination of
// flags that occurs, so that a row is in one set however many flags there are, and
// a question about a value and flags finds its answer without intersecting.
type block struct {
	key  []byte // ends with the block's number
	sets []flaggedSet
	all  *idSet // of several combinations; nil when there is one
}

// flaggedSet is the set of the ids with a combination of flags.
type flaggedSet struct {
	flags combination
	ids   *idSet
}

// whole is the set of all ids of the block.
func (b *block) whole() *idSet {
	if b.all != nil {
		return b.all
	}
	return b.sets[0].ids
}

// combination has two bits for each index of a table: unset, set, or neither for
// rows without the flag and for indexes on other values.
type combination uint64

const (
	unset combination = 1
	isSet combination = 2

	maxIndexes = 32
)

// flagAt is a combination of one flag: that of the index with the number.
func flagAt(indexNumber int, value bool) combination {
	if value {
		return isSet << (2 * indexNumber)
	}
	return unset << (2 * indexNumber)
}

const (
	blocksTable = "blocks"
	// allRows stands in the keys of blocks of all ids of an account, where the
	// number of an index stands otherwise.
	allRows = 0xff
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
	return int64(number(b.key[len(b.key)-numberLength:]) ^ 1<<63)
}

// valuePrefix is the key of an index's blocks for one value, without the number.
func valuePrefix(tag byte, indexNumber int, account int64, v query.Value) []byte {
	return appendValue(indexPrefix(tag, indexNumber, account), v)
}

func indexPrefix(tag byte, indexNumber int, account int64) []byte {
	return appendIndex(make([]byte, 0, 48), tag, indexNumber, account)
}

func appendIndex(key []byte, tag byte, indexNumber int, account int64) []byte {
	return appendValue(append(key, tag, byte(indexNumber)), account)
}

func blockAt(snapshot *memdb.Txn, key []byte) *block {
	found, err := snapshot.First(blocksTable, "id", key)
	if err != nil { // table and index are constants
		panic(err)
	}
	b, _ := found.(*block)
	return b
}

// offsetOf is an id's place in its block.
func offsetOf(id int64) uint16 { return uint16(id & (blockSize - 1)) }
