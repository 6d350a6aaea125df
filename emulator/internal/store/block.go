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

// flaggedSet is the set of ids with one combination of flags.
type flaggedSet struct {
	flags combination
	ids   idSet
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
	key   key
	old   *block // nil: none
	ids   idSetDraft
	flags combination
	sets  []flaggedDraft // nil: all rows have the same flags
}

type flaggedDraft struct {
	flags combination
	idSetDraft
}

func newDraft(k key, old *block) *blockDraft {
	if old == nil {
		return &blockDraft{key: bytes.Clone(k)}
	}
	d := &blockDraft{key: old.key, old: old, ids: idSetDraft{idSet: old.ids}, flags: old.flags}
	if old.sets != nil {
		d.sets = make([]flaggedDraft, len(old.sets), len(old.sets)+1)
		for i, s := range old.sets {
			d.sets[i] = flaggedDraft{s.flags, idSetDraft{idSet: s.ids}}
		}
	}
	return d
}

func (d *blockDraft) add(offset uint16, flags combination) {
	if d.ids.n == 0 {
		d.flags, d.sets = flags, nil
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
		d.sets = []flaggedDraft{{d.flags, d.ids.share()}, {flags: flags}}
	}
	return d.sets != nil
}

// set returns the set of a combination, which it makes if there is none.
func (d *blockDraft) set(flags combination) *idSetDraft {
	i := slices.IndexFunc(d.sets, func(s flaggedDraft) bool { return s.flags == flags })
	if i < 0 {
		i = len(d.sets)
		d.sets = append(d.sets, flaggedDraft{flags: flags})
	}
	return &d.sets[i].idSetDraft
}

// block returns the finished block; nil if it is empty.
func (d *blockDraft) block() *block {
	if d.ids.n == 0 {
		return nil
	}
	b := &block{key: d.key, ids: d.ids.idSet, flags: d.flags}
	sets := slices.DeleteFunc(d.sets, func(s flaggedDraft) bool { return s.n == 0 })
	if len(sets) == 1 {
		b.flags = sets[0].flags
		return b
	}
	for _, s := range sets {
		if b.sets == nil {
			b.sets = make([]flaggedSet, 0, len(sets))
		}
		b.sets = append(b.sets, flaggedSet{s.flags, s.idSet})
	}
	return b
}
