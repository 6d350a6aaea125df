package store

import (
	"fmt"
	"reflect"
	"strings"

	"github.com/hashicorp/go-memdb"

	"github.com/voxemu/voxemu/emulator/internal/query"
)

// Everything is in one sorted table of memdb, so that a commit copies the upper nodes of
// one tree only. The first byte of a key is the number of a kind of row, the second one
// the part:
//
//	kind, rowPart, id                             a row
//	inLeaves+kind, allPart, account, block        a block: the ids of the account's rows
//	inLeaves+kind, index, account, value, block   a block: the ids of rows with a value
//	inLeaves+kind, index, account, value, id      an entry of a row, in a unique index
//	inLeaves+kind, index, time, account, id       an entry of a row, in a due index
//	totalsKey                                     what is no row
const (
	rowPart byte = iota
	allPart
	firstIndex

	inLeaves = 0x80
)

var (
	lastBound = key{0xfe} // of the last leaf; after all keys of objects
	totalsKey = key{0xff}
)

// part begins the keys of a part in leaves.
func (k *Kind) part(buffer key, number byte) key { return append(buffer, inLeaves+k.number, number) }

const (
	everything = "everything"
	byKey      = "id"
)

// object is what the table, or a leaf, holds besides rows.
type object interface{ storedAt() []byte }

// keyOf returns the key of a row or an [object], for memdb.
type keyOf struct{}

// FromObject implements [memdb.SingleIndexer].
func (keyOf) FromObject(stored any) (bool, []byte, error) {
	if o, ok := stored.(object); ok {
		return true, o.storedAt(), nil
	}
	k := kindOf[reflect.TypeOf(stored)]
	return true, k.rowKey(make(key, 0, 2+longNumber), k.id(stored)), nil
}

// FromArgs returns an encoded key.
func (keyOf) FromArgs(args ...any) ([]byte, error) { return *args[0].(*key), nil }

// PrefixFromArgs returns the prefix of an encoded key.
func (keyOf) PrefixFromArgs(args ...any) ([]byte, error) { return *args[0].(*key), nil }

type key []byte

// version is a version of the table, for one goroutine, because it reuses the memory of
// keys: half of the allocations of a look-up.
type version struct {
	txn    *memdb.Txn
	key    key   // what is looked up
	args   []any // its address, as memdb wants it
	buffer key   // for keys of rows
}

func newVersion(db *memdb.MemDB) *version {
	v := &version{txn: db.Txn(false), buffer: make(key, 0, 2+longNumber)}
	v.args = []any{&v.key}
	return v
}

// get returns what has a key; nil if nothing has.
func (v *version) get(k key) any {
	v.key = k
	return must(v.txn.First(everything, byKey, v.args...))
}

// row returns the row with an id; nil if there is none.
func (v *version) row(k *Kind, id query.Value) any {
	v.buffer = k.rowKey(v.buffer[:0], id)
	return v.get(v.buffer)
}

// from iterates from the first key that is not less than k.
func (v *version) from(k key) memdb.ResultIterator {
	v.key = k
	return must(v.txn.LowerBound(everything, byKey, v.args...))
}

// within iterates over the keys with a prefix.
func (v *version) within(prefix key) memdb.ResultIterator {
	v.key = prefix
	return must(v.txn.Get(everything, byKey+"_prefix", v.args...))
}

func newDB() *memdb.MemDB {
	// A snapshot, because a primary database tracks touched nodes for watchers, which this
	// package does not use, and walks the whole tree in a commit that touches more than
	// 8,192 nodes (docs/design-notes.md#large-transactions).
	return must(memdb.NewMemDB(&memdb.DBSchema{Tables: map[string]*memdb.TableSchema{everything: {
		Name:    everything,
		Indexes: map[string]*memdb.IndexSchema{byKey: {Name: byKey, Unique: true, Indexer: keyOf{}}},
	}}})).Snapshot()
}

// must returns the value. memdb's errors are mistakes in names, which are constants.
func must[V any](value V, err error) V {
	if err != nil {
		panic(err)
	}
	return value
}

// rowKey appends the key of a row to buffer.
func (k *Kind) rowKey(buffer key, id query.Value) key {
	return appendValue(append(buffer, k.number, rowPart), id)
}

// appendValue encodes a value so that encoded values sort like the values, and none is a
// prefix of another.
func appendValue(key []byte, v query.Value) []byte {
	switch v.Kind {
	case query.NumberKind:
		return appendNumber(key, v.Number)
	case query.TextKind:
		return append(append(key, escape(v.Text)...), 0, 1)
	}
	panic(fmt.Sprintf("store: no key for a %v", v.Kind)) // cannot happen: flags are in no key
}

// digitBits is the number of bits of a digit. With whole bytes, nodes would have 256
// children, all of which are copied when a row is appended.
const digitBits = 5

// A number begins with its class, which is greater than any digit. Small numbers, as most
// ids are, take half the memory.
const (
	negative, small, large byte = 0x40, 0x41, 0x42

	smallBits   = 30
	shortNumber = 1 + smallBits/digitBits        // in bytes
	longNumber  = 1 + (64+digitBits-1)/digitBits // in bytes
)

// appendNumber encodes a number: its class, and digits of few bits, the highest first.
func appendNumber(key []byte, number int64) []byte {
	class, length := large, longNumber
	switch {
	case number < 0:
		class = negative
	case number < 1<<smallBits:
		class, length = small, shortNumber
	}
	key = append(key, class)
	for digit := length - 2; digit >= 0; digit-- {
		key = append(key, byte(uint64(number)>>(digit*digitBits))&(1<<digitBits-1))
	}
	return key
}

// beforeNumber returns a key without the number at its end.
func beforeNumber(key []byte) []byte {
	if start := len(key) - shortNumber; key[start] == small {
		return key[:start]
	}
	return key[:len(key)-longNumber]
}

// afterNumber returns a key without the number at its beginning.
func afterNumber(key []byte) []byte {
	if key[0] == small {
		return key[shortNumber:]
	}
	return key[longNumber:]
}

// lastNumber decodes the number at the end of a key.
func lastNumber(key []byte) int64 {
	n := uint64(0)
	for _, digit := range key[len(beforeNumber(key))+1:] {
		n = n<<digitBits | uint64(digit)
	}
	return int64(n)
}

// escape encodes a NUL inside a text as 0 255, because a text ends with 0 1.
func escape(s string) string {
	if strings.IndexByte(s, 0) < 0 {
		return s
	}
	return strings.ReplaceAll(s, "\x00", "\x00\xff")
}
