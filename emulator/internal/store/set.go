package store

import (
	"math/bits"
	"slices"
)

// The ids of a table are cut into blocks of 4096; a set holds those of one
// block. Up to 128 of them are a sorted list, more are a bitmap of 512 bytes
// (query-measurements.md).
const (
	blockBits   = 12
	blockSize   = 1 << blockBits
	words       = blockSize / 64
	sparseLimit = 128
)

// bitmap has a bit for each id of a block.
type bitmap [words]uint64

func (b *bitmap) add(offset uint16) { b[offset/64] |= 1 << (offset % 64) }

func (b *bitmap) and(other *bitmap) {
	for i := range b {
		b[i] &= other[i]
	}
}

func (b *bitmap) count() int {
	n := 0
	for _, w := range b {
		n += bits.OnesCount64(w)
	}
	return n
}

// set is immutable; nil is the empty one.
type set struct {
	n      int
	sparse []uint16 // sorted; unused when dense
	dense  *bitmap
}

func (s *set) len() int {
	if s == nil {
		return 0
	}
	return s.n
}

// addTo joins the set's members to acc.
func (s *set) addTo(acc *bitmap) {
	switch {
	case s == nil:
	case s.dense != nil:
		for i, w := range s.dense {
			acc[i] |= w
		}
	default:
		for _, offset := range s.sparse {
			acc.add(offset)
		}
	}
}

// with is the set and one more member, which it must not have.
func (s *set) with(offset uint16) *set {
	switch {
	case s == nil:
		return &set{n: 1, sparse: []uint16{offset}}
	case s.dense == nil && s.n < sparseLimit:
		i, _ := slices.BinarySearch(s.sparse, offset)
		sparse := make([]uint16, 0, s.n+1)
		sparse = append(append(append(sparse, s.sparse[:i]...), offset), s.sparse[i:]...)
		return &set{n: s.n + 1, sparse: sparse}
	}
	next := &set{n: s.n + 1, dense: new(bitmap)}
	s.addTo(next.dense)
	next.dense.add(offset)
	return next
}

// without is the set less one member, which it must have; nil when none is left.
func (s *set) without(offset uint16) *set {
	switch {
	case s.n == 1:
		return nil
	case s.dense == nil:
		i, _ := slices.BinarySearch(s.sparse, offset)
		return &set{n: s.n - 1, sparse: slices.Delete(slices.Clone(s.sparse), i, i+1)}
	}
	next := *s.dense
	next[offset/64] &^= 1 << (offset % 64)
	if s.n-1 > sparseLimit/2 { // not at the limit itself: a set there would switch with every change
		return &set{n: s.n - 1, dense: &next}
	}
	return &set{n: s.n - 1, sparse: next.offsets()}
}

func (b *bitmap) offsets() []uint16 {
	var list []uint16
	for i, w := range b {
		for ; w != 0; w &= w - 1 {
			list = append(list, uint16(i*64+bits.TrailingZeros64(w)))
		}
	}
	return list
}
