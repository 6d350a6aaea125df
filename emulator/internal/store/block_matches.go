package store

// blockMatches are the ids of a block that a source matches: the ids of disjoint sets.
type blockMatches struct {
	n     int
	parts []part
}

// part is one of the sets; rest are the members of a list in pages that were not read
// yet.
type part struct {
	*idSet
	rest []uint16
}

func (f *blockMatches) matches() *blockMatches { return f }

func (f *blockMatches) clear() { f.n, f.parts = 0, f.parts[:0] }

func (f *blockMatches) add(s *idSet) {
	f.n += s.n
	f.parts = append(f.parts, part{s, s.sparse})
}

// page returns a page of the ids, read-only, nil if it is empty. Pages must be read in
// ascending order. It is built in scratch unless it exists already.
func (f *blockMatches) page(number int, scratch *bitmap) *bitmap {
	var joined *bitmap
	for i := range f.parts {
		p := &f.parts[i]
		page := p.idSet.page(number)
		switch {
		case page == nil:
			continue
		case joined == nil:
			joined = page
			continue
		case joined != scratch:
			*scratch, joined = *joined, scratch
		}
		scratch.or(page)
	}
	for i := range f.parts {
		joined = f.parts[i].addListed(number, joined, scratch)
	}
	return joined
}

// addListed adds the members of a list that are in a page.
func (p *part) addListed(number int, joined, scratch *bitmap) *bitmap {
	for ; len(p.rest) > 0 && int(p.rest[0]>>pageBits) <= number; p.rest = p.rest[1:] {
		if int(p.rest[0]>>pageBits) < number {
			continue
		}
		switch joined {
		case scratch:
		case nil:
			*scratch, joined = bitmap{}, scratch
		default:
			*scratch, joined = *joined, scratch
		}
		scratch.add(p.rest[0])
	}
	return joined
}
