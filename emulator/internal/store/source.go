package store

import (
	"bytes"
	"math"
	"slices"

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

// sources returns a source for each condition, except that conditions on flags become
// conditions on the other sources. Unless another source is already limited to the account
// and the flags, all ids of the account are a source too.
func (k *Kind) sources(snapshot *version, account int64, where []condition) []source {
	var list []source
	var wanted []combination
	for _, c := range where {
		if c.layout == flags {
			wanted = append(wanted, c.flags())
		}
	}
	confined := false
	for _, c := range where {
		switch {
		case c.index == byID:
			list = append(list, &rangeSource{ranges: c.ranges})
		case c.layout == flags:
		case c.layout == blocks:
			list, confined = append(list, &valueSource{cursors: k.cursors(snapshot, account, c), wanted: wanted}), true
		default:
			list = append(list, &listSource{ids: k.entryIDs(snapshot, c.index, account, c.ranges)})
			confined = confined || len(wanted) == 0
		}
	}
	if !confined {
		every := newCursor(snapshot, k.blocksOf(allPart, account))
		list = append(list, &valueSource{cursors: []*cursor{every}, wanted: wanted})
	}
	return list
}

// flags has the bits of the values that a condition on a flag selects.
func (c condition) flags() (wanted combination) {
	for _, set := range []bool{false, true} {
		if c.has(query.Flag(set)) {
			wanted |= c.flag(set)
		}
	}
	return wanted
}

// blocksOf returns the key of an account's blocks in a part, without value and number.
func (k *Kind) blocksOf(part byte, account int64) key {
	return appendNumber(k.part(make(key, 0, 48), part), account)
}

// cursors returns a cursor for each distinct value that occurs and is in the ranges.
func (k *Kind) cursors(snapshot *version, account int64, c condition) []*cursor {
	var list []*cursor
	seen := map[string]bool{}
	add := func(c *cursor) {
		if c.current != nil && !seen[string(c.prefix)] {
			seen[string(c.prefix)] = true
			list = append(list, c)
		}
	}
	for _, r := range c.ranges {
		low := appendValue(k.blocksOf(c.number, account), r.Low)
		if r.Low == r.High {
			add(newCursor(snapshot, low))
			continue
		}
		high := appendValue(k.blocksOf(c.number, account), r.High)
		for c := firstCursor(snapshot, low); c.current != nil && bytes.Compare(c.prefix, high) <= 0; c = firstCursor(snapshot, after(c.prefix)) {
			add(c)
		}
	}
	return list
}

// after returns the smallest key above all keys with the prefix.
func after(prefix key) key {
	next := slices.Clone(prefix)
	for i := len(next) - 1; ; i-- { // ends: the first byte is the number of a kind, less than 0xff
		next[i]++
		if next[i] != 0 {
			return next[:i+1]
		}
	}
}

// cursor iterates over the blocks with one key prefix.
type cursor struct {
	snapshot *version
	prefix   key
	blocks   objects
	current  *block
}

// stepsBeforeSeek is the number of blocks that a cursor steps over before it seeks. A
// seek costs as much as about sixty steps (docs/design-notes.md#seeking).
const stepsBeforeSeek = 32

func newCursor(snapshot *version, prefix key) *cursor {
	c := &cursor{snapshot: snapshot, prefix: prefix}
	c.seek(prefix)
	return c
}

// firstCursor iterates over the blocks of the first prefix at or after low that has any.
func firstCursor(snapshot *version, low key) *cursor {
	c := &cursor{snapshot: snapshot, blocks: snapshot.objects(low, nil)}
	if c.current, _ = c.blocks.next().(*block); c.current != nil {
		c.prefix = c.current.prefix()
		c.blocks.prefix = c.prefix
	}
	return c
}

func (c *cursor) seek(k key) {
	c.blocks = c.snapshot.objects(k, c.prefix)
	c.step()
}

func (c *cursor) step() { c.current, _ = c.blocks.next().(*block) }

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
	c.seek(appendNumber(bytes.Clone(c.prefix), number))
	if c.current == nil {
		return 0, false
	}
	return c.current.number(), true
}

// valueSource matches ids that have one of several values and all wanted flags. This
// needs no intersection.
type valueSource struct {
	blockMatches
	cursors []*cursor
	wanted  []combination // flags must have a bit of each
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
	if len(v.wanted) == 0 || b.sets == nil && v.wants(b.flags) {
		v.add(&b.ids)
		return
	}
	for i := range b.sets {
		if v.wants(b.sets[i].flags) {
			v.add(b.sets[i].ids)
		}
	}
}

func (v *valueSource) wants(flags combination) bool {
	for _, c := range v.wanted {
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
		low, high := max(x.Low.Number, 0), x.High.Number
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
		low := min(max(x.Low.Number, first)-first, blockSize)
		high := min(max(x.High.Number, first-1)-first, blockSize-1)
		ids.fill(int(low), int(high))
	}
	for _, page := range ids.pages {
		if page != nil {
			ids.n += page.count()
		}
	}
	return ids
}
