package store

import (
	"math"
	"strings"

	"github.com/hashicorp/go-memdb"

	"github.com/voxemu/voxemu/emulator/internal/query"
)

// source is one conjunct of a question: for every block, the ids that pass.
type source interface {
	// next is the smallest number at or above number of a block that may hold
	// ids; false: there is none.
	next(number int64) (int64, bool)
	// count is the number of ids in the block that next has found, when it is
	// known without looking at them; -1 otherwise.
	count() int
	// fill adds the ids of the block that next has found.
	fill(*bitmap)
}

// cursor walks the blocks of one key prefix.
type cursor struct {
	snapshot *memdb.Txn
	prefix   string
	blocks   memdb.ResultIterator
	current  *block
}

// patience is how many blocks a cursor walks before it seeks: a seek costs as
// much as some sixty steps (spike.md §2b).
const patience = 32

func newCursor(snapshot *memdb.Txn, prefix []byte) *cursor {
	c := &cursor{snapshot: snapshot, prefix: string(prefix)}
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
	if c.current != nil && !strings.HasPrefix(c.current.key, c.prefix) {
		c.current = nil
	}
}

// move goes to the first block at or above number; false: there is none.
func (c *cursor) move(number int64) (int64, bool) {
	for range patience {
		if c.current == nil {
			return 0, false
		}
		if c.current.number >= number {
			return c.current.number, true
		}
		c.step()
	}
	c.seek(appendValue([]byte(c.prefix), number))
	if c.current == nil {
		return 0, false
	}
	return c.current.number, true
}

// values passes ids that have one of several values.
type values struct {
	cursors []*cursor
	at      int64
}

func (v *values) next(number int64) (int64, bool) {
	v.at = math.MaxInt64
	for _, c := range v.cursors {
		if n, ok := c.move(number); ok {
			v.at = min(v.at, n)
		}
	}
	return v.at, v.at != math.MaxInt64
}

func (v *values) count() int {
	n := 0
	for _, c := range v.cursors { // a row has one value, so the sets are disjoint
		if c.current != nil && c.current.number == v.at {
			n += c.current.sets[everyID].len()
		}
	}
	return n
}

func (v *values) fill(acc *bitmap) {
	for _, c := range v.cursors {
		if c.current != nil && c.current.number == v.at {
			c.current.sets[everyID].addTo(acc)
		}
	}
}

// flags passes ids whose flag has one of the values; without places, every id of
// the account.
type flags struct {
	cursor *cursor
	places []int // of sets in a block of flags
}

func (f *flags) next(number int64) (int64, bool) { return f.cursor.move(number) }

func (f *flags) set(place int) *set {
	if sets := f.cursor.current.sets; place < len(sets) {
		return sets[place]
	}
	return nil
}

func (f *flags) count() int {
	n := 0
	for _, place := range f.places { // set and unset are disjoint
		n += f.set(place).len()
	}
	return n
}

func (f *flags) fill(acc *bitmap) {
	for _, place := range f.places {
		f.set(place).addTo(acc)
	}
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

func (r *idRanges) count() int { return -1 }

func (r *idRanges) fill(acc *bitmap) {
	first := r.at << blockBits
	for _, x := range r.ranges {
		low, high := max(x.Low.(int64), first), min(x.High.(int64), first+blockSize-1)
		for id := low; id <= high; id++ {
			acc.add(uint16(id - first))
		}
	}
}
