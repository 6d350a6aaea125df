package store

import (
	"math"
	"math/bits"
	"slices"
)

// The ids of a table are divided into blocks of 65,536; a set contains those of one
// block. In the store, up to 256 ids are a sorted list; more are pages of a bitmap with
// 2,048 ids each, so that a writer copies a page and not the block. Larger blocks would
// mean fewer steps for a deep page, but offsets of more than 16 bits.
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

// or adds the members of other.
func (b *bitmap) or(other *bitmap) {
	for i := 0; i < len(b); i += 4 { // unrolled: 2.6 times as fast
		b[i] |= other[i]
		b[i+1] |= other[i+1]
		b[i+2] |= other[i+2]
		b[i+3] |= other[i+3]
	}
}

// and keeps the members of other only.
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

// members appends the members except the first skip to list, until it has limit elements.
// Each is base plus its offset in the page.
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

// idSet is a set of ids of one block. Sets in the store are not empty and never change: a
// writer changes an [idSetDraft].
type idSet struct {
	n      int
	sparse []uint16  // sorted; unused if there are pages
	pages  []*bitmap // up to the last one needed; nil for pages without members
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

// fill adds the offsets from low to high to a set with all pages, without updating n.
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

// page returns a page of the bitmap; nil if it has no members.
func (s *idSet) page(number int) *bitmap {
	if number < len(s.pages) {
		return s.pages[number]
	}
	return nil
}

// idSetDraft is a set for changes. It copies parts of the original on the first change.
type idSetDraft struct {
	idSet
	own      bool   // whether the list, or the list of pages, is a copy
	ownPages uint32 // the same for each page, one bit each
}

// share returns the set as it is now; the draft copies it on its next change.
func (s *idSetDraft) share() *idSet {
	s.own, s.ownPages = false, 0
	shared := s.idSet
	return &shared
}

// detach copies the list, or the list of pages.
func (s *idSetDraft) detach() {
	if s.own {
		return
	}
	s.own = true
	if s.pages == nil {
		s.sparse = append(make([]uint16, 0, len(s.sparse)+1), s.sparse...) // capacity for one more
	} else {
		s.pages = slices.Clone(s.pages)
	}
}

// add adds an offset that is not a member.
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

// remove removes a member.
func (s *idSetDraft) remove(offset uint16) {
	s.detach()
	s.n--
	if s.pages == nil {
		i, _ := slices.BinarySearch(s.sparse, offset)
		s.sparse = slices.Delete(s.sparse, i, i+1)
		return
	}
	s.change(offset).remove(offset)
	if s.n <= sparseLimit/2 { // half the limit, so that a set near the limit does not convert with each change
		s.sparse = s.offsets(make([]uint16, 0, s.n+1))
		s.pages, s.ownPages = nil, 0
	}
}

// change returns a page for changes.
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
