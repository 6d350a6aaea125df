package store

import (
	"bytes"
	"math"

	"github.com/hashicorp/go-memdb"

	"github.com/voxemu/voxemu/emulator/internal/query"
)

// source is one condition of a query: for each block, the ids that match.
type source interface {
	// next returns the number of the first block at or after number that may contain ids;
	// false if there is none.
	next(number int64) (int64, bool)
	// matches returns the ids of the block that next returned.
	matches() *blockMatches
}

// cursor iterates over the blocks with one key prefix.
type cursor struct {
	snapshot *memdb.Txn
	prefix   []byte
	blocks   memdb.ResultIterator
	current  *block
}

// stepsBeforeSeek is the number of blocks that a cursor steps over before it seeks. A
// seek costs as much as about sixty steps (docs/design-notes.md#seeking).
const stepsBeforeSeek = 32

func newCursor(snapshot *memdb.Txn, prefix []byte) *cursor {
	c := &cursor{snapshot: snapshot, prefix: prefix}
	c.seek(prefix)
	return c
}

// cursorFrom iterates over the blocks of the first prefix at or after low that has any.
func cursorFrom(snapshot *memdb.Txn, low []byte) *cursor {
	c := &cursor{snapshot: snapshot, blocks: lowerBound(snapshot, low)}
	if c.current, _ = c.blocks.Next().(*block); c.current != nil {
		c.prefix = c.current.prefix()
	}
	return c
}

func lowerBound(snapshot *memdb.Txn, key []byte) memdb.ResultIterator {
	found, err := snapshot.LowerBound(blocksTable, "id", key)
	if err != nil { // cannot happen: table and index are constants
		panic(err)
	}
	return found
}

func (c *cursor) seek(key []byte) {
	c.blocks = lowerBound(c.snapshot, key)
	c.step()
}

func (c *cursor) step() {
	c.current, _ = c.blocks.Next().(*block)
	if c.current != nil && !bytes.Equal(c.current.prefix(), c.prefix) {
		c.current = nil
	}
}

// move goes to the first block at or after number; false if there is none.
func (c *cursor) move(number int64) (int64, bool) {
	for range stepsBeforeSeek {
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

// valueSource matches ids that have one of several values and a combination of flags that
// meets all conditions. This needs no intersection.
type valueSource struct {
	blockMatches
	cursors    []*cursor
	conditions []combination // a combination must have a bit of each
}

func (v *valueSource) next(number int64) (int64, bool) {
	first := int64(math.MaxInt64)
	for _, c := range v.cursors {
		n, ok := c.move(number)
		if !ok || n > first {
			continue
		}
		if n < first {
			first = n
			v.clear()
		}
		v.addBlock(c.current)
	}
	return first, first != math.MaxInt64
}

func (v *valueSource) addBlock(b *block) {
	if len(v.conditions) == 0 {
		v.add(b.whole())
		return
	}
	for _, h := range b.sets {
		if v.meets(h.flags) {
			v.add(h.ids)
		}
	}
}

func (v *valueSource) meets(flags combination) bool {
	for _, c := range v.conditions {
		if flags&c == 0 {
			return false
		}
	}
	return true
}

// rangeSource matches ids in given ranges.
type rangeSource struct {
	blockMatches
	ranges []query.Range
}

func (r *rangeSource) next(number int64) (int64, bool) {
	at := int64(math.MaxInt64)
	for _, x := range r.ranges {
		low, high := max(x.Low.(int64), 0), x.High.(int64)
		if low <= high && high>>blockBits >= number {
			at = min(at, max(number, low>>blockBits))
		}
	}
	if at == math.MaxInt64 {
		return 0, false
	}
	r.clear()
	r.add(r.of(at))
	return at, true
}

// of returns the ids of a block; ranges may overlap.
func (r *rangeSource) of(number int64) *idSet {
	ids := &idSet{pages: make([]*bitmap, blockPages)}
	first := number << blockBits
	for _, x := range r.ranges {
		low := min(max(x.Low.(int64), first)-first, blockSize)
		high := min(max(x.High.(int64), first-1)-first, blockSize-1)
		ids.fill(int(low), int(high))
	}
	for _, page := range ids.pages {
		if page != nil {
			ids.n += page.count()
		}
	}
	return ids
}
