package store

import (
	"bytes"
	"math"
	"slices"

	"github.com/hashicorp/go-memdb"

	"github.com/voxemu/voxemu/emulator/internal/query"
)

// source is one conjunct of a question: for every block, the ids that pass.
type source interface {
	// next is the smallest number at or above number of a block that may hold
	// ids; false: there is none.
	next(number int64) (int64, bool)
	// count is the number of ids in the block that next has found.
	count() int
	// bits are the ids of the block that next has found, to be read only. They
	// are built in scratch unless they exist already.
	bits(scratch *bitmap) *bitmap
	// has tells whether an id of that block is among them.
	has(offset uint16) bool
}

// cursor walks the blocks of one key prefix.
type cursor struct {
	snapshot *memdb.Txn
	prefix   []byte
	blocks   memdb.ResultIterator
	current  *block
}

// patience is how many blocks a cursor walks before it seeks: a seek costs as
// much as some sixty steps (spike.md §2b).
const patience = 32

func newCursor(snapshot *memdb.Txn, prefix []byte) *cursor {
	c := &cursor{snapshot: snapshot, prefix: prefix}
	c.seek(prefix)
	return c
}

func (c *cursor) seek(key []byte) {
	found, err := c.snapshot.LowerBound(blocksTable, "id", key)
	if err != nil { // table and index are constants
		panic(err)
	}
	c.blocks = found
	c.step()
}

func (c *cursor) step() {
	c.current, _ = c.blocks.Next().(*block)
	if c.current != nil && !bytes.Equal(c.current.prefix(), c.prefix) {
		c.current = nil
	}
}

// move goes to the first block at or above number; false: there is none.
func (c *cursor) move(number int64) (int64, bool) {
	for range patience {
		if c.current == nil {
			return 0, false
		}
		if at := c.current.number(); at >= number {
			return at, true
		}
		c.step()
	}
	c.seek(appendValue(bytes.Clone(c.prefix), number))
	if c.current == nil {
		return 0, false
	}
	return c.current.number(), true
}

// found are the sets of the block that a source has found; an id is in one of
// them at most.
type found struct{ sets []*set }

func (f *found) count() int {
	n := 0
	for _, s := range f.sets {
		n += s.n
	}
	return n
}

func (f *found) bits(scratch *bitmap) *bitmap {
	rest := f.sets
	switch {
	case len(rest) == 1 && rest[0].dense != nil:
		return rest[0].dense
	case len(rest) > 0 && rest[0].dense != nil:
		*scratch, rest = *rest[0].dense, rest[1:]
	default:
		clear(scratch[:])
	}
	for _, s := range rest {
		s.addTo(scratch)
	}
	return scratch
}

func (f *found) has(offset uint16) bool {
	for _, s := range f.sets {
		if s.has(offset) {
			return true
		}
	}
	return false
}

// values passes ids that have one of several values.
type values struct {
	found
	cursors []*cursor
}

func (v *values) next(number int64) (int64, bool) {
	first := int64(math.MaxInt64)
	for _, c := range v.cursors {
		n, ok := c.move(number)
		if !ok || n > first {
			continue
		}
		if n < first {
			first, v.sets = n, v.sets[:0]
		}
		v.sets = append(v.sets, &c.current.sets[0].ids)
	}
	return first, first != math.MaxInt64
}

// flags passes ids whose combination of flags meets every condition; without
// conditions, every id of the account.
type flags struct {
	found
	cursor     *cursor
	conditions []combination // of which a combination must have a bit each
}

func (f *flags) next(number int64) (int64, bool) {
	n, ok := f.cursor.move(number)
	if !ok {
		return 0, false
	}
	f.sets = f.sets[:0]
	for i := range f.cursor.current.sets {
		if h := &f.cursor.current.sets[i]; f.meets(h.flags) {
			f.sets = append(f.sets, &h.ids)
		}
	}
	return n, true
}

func (f *flags) meets(flags combination) bool {
	for _, c := range f.conditions {
		if flags&c == 0 {
			return false
		}
	}
	return true
}

// idRanges passes ids of given ranges.
type idRanges struct {
	ranges []query.Range
	at     int64
}

func (r *idRanges) next(number int64) (int64, bool) {
	r.at = math.MaxInt64
	for _, x := range r.ranges {
		low, high := max(x.Low.(int64), 0), x.High.(int64)
		if low <= high && high>>blockBits >= number {
			r.at = min(r.at, max(number, low>>blockBits))
		}
	}
	return r.at, r.at != math.MaxInt64
}

// count is that of a whole block: ranges may overlap, and are asked for with
// another source, which confines them to the account.
func (r *idRanges) count() int { return blockSize }

func (r *idRanges) bits(scratch *bitmap) *bitmap {
	clear(scratch[:])
	first := r.at << blockBits
	for _, x := range r.ranges {
		low, high := max(x.Low.(int64), first), min(x.High.(int64), first+blockSize-1)
		for id := low; id <= high; id++ {
			scratch.add(uint16(id - first))
		}
	}
	return scratch
}

func (r *idRanges) has(offset uint16) bool {
	id := r.at<<blockBits | int64(offset)
	return slices.ContainsFunc(r.ranges, func(x query.Range) bool { return x.Low.(int64) <= id && id <= x.High.(int64) })
}
