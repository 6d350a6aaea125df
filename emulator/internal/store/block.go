package store

import (
	"github.com/hashicorp/go-memdb"

	"github.com/voxemu/voxemu/emulator/internal/query"
)

// block is a row of the table of blocks: the ids of one block with the same value, or all
// of an account. It is immutable. It has a set for each combination of flags that occurs.
// A row is therefore in one set for any number of flags, and a query on a value and flags
// needs no intersection.
type block struct {
	key  []byte // ends with the block's number
	sets []flaggedSet
	all  *idSet // union of several combinations; nil if there is only one
}

// flaggedSet is the set of ids with one combination of flags.
type flaggedSet struct {
	flags combination
	ids   *idSet
}

func (b *block) whole() *idSet {
	if b.all != nil {
		return b.all
	}
	return b.sets[0].ids
}

// combination has two bits for each index of a table: unset and set. Neither is set for
// rows without the flag and for indexes on other values.
type combination uint64

const (
	unset combination = 1
	isSet combination = 2

	maxIndexes = 32
)

// flagAt returns a combination with one flag, that of the index with the number.
func flagAt(indexNumber int, value bool) combination {
	if value {
		return isSet << (2 * indexNumber)
	}
	return unset << (2 * indexNumber)
}

const (
	blocksTable = "blocks"
	// allRows replaces the number of an index in the keys of blocks with all ids of an
	// account.
	allRows = 0xff
)

func blocksSchema() *memdb.TableSchema {
	return &memdb.TableSchema{Name: blocksTable, Indexes: map[string]*memdb.IndexSchema{
		"id": {Name: "id", Unique: true, Indexer: byKey{func(row any) ([]byte, bool) {
			return row.(*block).key, true
		}}},
	}}
}

// prefix returns the key without the block's number.
func (b *block) prefix() []byte { return b.key[:len(b.key)-numberLength] }

// number returns the common part of the ids: id >> blockBits.
func (b *block) number() int64 {
	return int64(number(b.key[len(b.key)-numberLength:]) ^ 1<<63)
}

// valuePrefix returns the key of an index's blocks for one value, without the number.
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
	if err != nil { // cannot happen: table and index are constants
		panic(err)
	}
	b, _ := found.(*block)
	return b
}

// offsetOf returns an id's position in its block.
func offsetOf(id int64) uint16 { return uint16(id & (blockSize - 1)) }
