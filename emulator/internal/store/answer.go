package store

import "slices"

// answer collects the ids of a page.
type answer struct {
	ids         []int64
	skip, limit int // matches still to be left out, and ids wanted

	// marks has no bit set between two uses: clearing it costs as much as
	// setting and taking out 100.
	marks [blockPages]bitmap
}

func (a *answer) full() bool { return len(a.ids) == a.limit }

// few ids are intersected one by one, more a page of the bitmap at a time.
const few = 256

// take takes the ids of a block that pass every source. base is the first id of
// the block.
func (a *answer) take(base int64, sources []*found) {
	slices.SortFunc(sources, func(x, y *found) int { return x.n - y.n })
	switch n := sources[0].n; {
	case n == 0:
	case len(sources) == 1 && n <= a.skip:
		a.skip -= n
	case len(sources) > 1 && n <= few:
		a.takeOneByOne(base, sources)
	default:
		a.takeByPages(base, sources)
	}
}

func (a *answer) takeOneByOne(base int64, sources []*found) {
	var memory, others [few]uint16
	candidates, spare := memory[:0], others[:0]
	for _, p := range sources[0].parts {
		candidates = p.offsets(candidates)
	}
	for _, f := range sources[1:] {
		candidates, spare = a.among(f, candidates, spare[:0]), candidates
	}
	if len(candidates) <= a.skip {
		a.skip -= len(candidates)
		return
	}
	slices.Sort(candidates)
	for _, offset := range candidates[a.skip:] {
		if a.full() {
			return
		}
		a.ids = append(a.ids, base+int64(offset))
	}
	a.skip = 0
}

// among appends the candidates that a source has to passing, in any order.
func (a *answer) among(f *found, candidates, passing []uint16) []uint16 {
	for _, offset := range candidates {
		a.marks[offset>>pageBits].add(offset)
	}
	for _, p := range f.parts {
		if p.pages != nil {
			passing = p.among(candidates, passing)
		} else {
			passing = a.marked(p.sparse, passing)
		}
	}
	for _, offset := range candidates {
		a.marks[offset>>pageBits].remove(offset)
	}
	return passing
}

func (a *answer) marked(offsets, list []uint16) []uint16 {
	for _, offset := range offsets {
		if a.marks[offset>>pageBits].has(offset) {
			list = append(list, offset)
		}
	}
	return list
}

func (a *answer) takeByPages(base int64, sources []*found) {
	var scratch bitmap
pages:
	for number := 0; number < blockPages && !a.full(); number++ {
		var passing bitmap
		for i, f := range sources {
			page := f.page(number, &scratch)
			switch {
			case page == nil:
				continue pages
			case i == 0:
				passing = *page
			default:
				passing.and(page)
			}
		}
		n := passing.count()
		if n > a.skip {
			a.ids = passing.members(a.ids, base+int64(number)<<pageBits, a.skip, a.limit)
		}
		a.skip -= min(n, a.skip)
	}
}
