package store

import (
	"bytes"
	"slices"
)

// block is the ids of one block with the same value, or all of an account. It is
// immutable. Rows whose flags differ are also in a set for each combination of flags, so
// that a query on a value and flags needs no intersection.
type block struct {
	key   key // ends with the block's number
	ids   idSet
	flags combination  // of all rows, if sets is nil
	sets  []flaggedSet // nil: all rows have the same flags
}

// flaggedSet is the set of ids with one combination of flags. Sets are shared by pointer,
// because a large block has some twenty, of which a change affects one or two.
type flaggedSet struct {
	flags combination
	ids   *idSet
}

func (b *block) storedAt() []byte { return b.key }

// prefix returns the key without the block's number.
func (b *block) prefix() key { return beforeNumber(b.key) }

// number returns the common part of the ids: id >> blockBits.
func (b *block) number() int64 { return lastNumber(b.key) }

// offsetOf returns an id's position in its block.
func offsetOf(id int64) uint16 { return uint16(id & (blockSize - 1)) }

// combination has two bits for each index of a table: unset and set. Neither is set for
// rows without the flag and for indexes on other values.
type combination uint64

const maxIndexes = 32

// flag returns a combination with one flag, that of an index.
func (x *index) flag(set bool) combination {
	bit := combination(1) << (2 * (x.number - firstIndex))
	if set {
		return bit << 1
	}
	return bit
}

// flags returns the combination of a row's flags; 0 without a row.
func (k *Kind) flags(row any) (all combination) {
	for _, x := range k.indexes {
		if x.layout != flags {
			continue
		}
		if v, ok := x.valueOf(row); ok {
			all |= x.flag(v.Number == 1)
		}
	}
	return all
}

// blockDraft is a block under construction.
type blockDraft struct {
	key     key
	ids     idSetDraft
	flags   combination
	sets    []flaggedSet  // nil: all rows have the same flags
	changed []*idSetDraft // of sets; nil for those that are shared with old
}

func newDraft(k key, old *block) *blockDraft {
	if old == nil {
		return &blockDraft{key: bytes.Clone(k)}
	}
	return &blockDraft{key: old.key, ids: idSetDraft{idSet: old.ids}, flags: old.flags, sets: old.sets}
}

func (d *blockDraft) add(offset uint16, flags combination) {
	if d.ids.n == 0 {
		d.flags, d.sets, d.changed = flags, nil, nil
	}
	if d.differs(flags) {
		d.set(flags).add(offset)
	}
	d.ids.add(offset)
}

func (d *blockDraft) remove(offset uint16, flags combination) {
	if d.sets != nil {
		d.set(flags).remove(offset)
	}
	d.ids.remove(offset)
}

// move changes the flags of an id.
func (d *blockDraft) move(offset uint16, from, to combination) {
	if d.differs(to) {
		d.set(from).remove(offset)
		d.set(to).add(offset)
	}
}

// differs reports whether the block has sets, which it makes for the first row with other
// flags.
func (d *blockDraft) differs(flags combination) bool {
	if d.sets == nil && flags != d.flags {
		d.sets = []flaggedSet{{d.flags, d.ids.share()}}
	}
	return d.sets != nil
}

// set returns the set of a combination for changes, which it makes if there is none.
func (d *blockDraft) set(flags combination) *idSetDraft {
	if d.changed == nil {
		d.sets = append(make([]flaggedSet, 0, len(d.sets)+1), d.sets...)
		d.changed = make([]*idSetDraft, len(d.sets), len(d.sets)+1)
	}
	i := slices.IndexFunc(d.sets, func(s flaggedSet) bool { return s.flags == flags })
	if i < 0 {
		i = len(d.sets)
		d.sets, d.changed = append(d.sets, flaggedSet{flags, new(idSet)}), append(d.changed, nil)
	}
	if d.changed[i] == nil {
		d.changed[i] = &idSetDraft{idSet: *d.sets[i].ids}
		d.sets[i].ids = &d.changed[i].idSet
	}
	return d.changed[i]
}

// block returns the finished block; nil if it is empty.
func (d *blockDraft) block() *block {
	if d.ids.n == 0 {
		return nil
	}
	b := &block{key: d.key, ids: d.ids.idSet, flags: d.flags, sets: d.sets}
	if d.changed != nil {
		b.sets = slices.DeleteFunc(d.sets, func(s flaggedSet) bool { return s.ids.n == 0 })
	}
	if len(b.sets) == 1 {
		b.flags, b.sets = b.sets[0].flags, nil
	}
	return b
}
