package store

import "slices"

type pageCollector struct {
	ids         []int64
	skip, limit int // number of matches to skip and of ids to return
}

func (c *pageCollector) full() bool { return len(c.ids) == c.limit }

// few is the number of ids up to which they are intersected one by one; more are
// intersected by page.
const few = 256

// collect adds the ids of a block that match all sources. base is the first id of the
// block.
func (c *pageCollector) collect(base int64, sources []*blockMatches) {
	slices.SortFunc(sources, func(x, y *blockMatches) int { return x.n - y.n })
	switch n := sources[0].n; {
	case n == 0:
	case len(sources) == 1 && n <= c.skip:
		c.skip -= n
	case len(sources) > 1 && n <= few:
		c.collectOneByOne(base, sources)
	default:
		c.collectByPages(base, sources)
	}
}

func (c *pageCollector) collectOneByOne(base int64, sources []*blockMatches) {
	var memory, others [few]uint16
	var marks marks
	candidates, spare := memory[:0], others[:0]
	for _, p := range sources[0].parts {
		candidates = p.offsets(candidates)
	}
	for _, f := range sources[1:] {
		candidates, spare = marks.among(f, candidates, spare[:0]), candidates
	}
	if len(candidates) <= c.skip {
		c.skip -= len(candidates)
		return
	}
	slices.Sort(candidates)
	for _, offset := range candidates[c.skip:] {
		if c.full() {
			return
		}
		c.ids = append(c.ids, base+int64(offset))
	}
	c.skip = 0
}

// marks has a bit for each id of a block; all are unset between calls. Its 8 KB are no
// part of the collector: the stack of each new connection would grow for them.
type marks [blockPages]bitmap

// among appends the candidates that a source contains to passing, in any order.
func (m *marks) among(f *blockMatches, candidates, passing []uint16) []uint16 {
	for _, offset := range candidates {
		m[offset>>pageBits].add(offset)
	}
	for _, p := range f.parts {
		if p.pages != nil {
			passing = p.among(candidates, passing)
			continue
		}
		for _, offset := range p.sparse {
			if m[offset>>pageBits].has(offset) {
				passing = append(passing, offset)
			}
		}
	}
	for _, offset := range candidates {
		m[offset>>pageBits].remove(offset)
	}
	return passing
}

func (c *pageCollector) collectByPages(base int64, sources []*blockMatches) {
	var scratch bitmap
pages:
	for number := 0; number < blockPages && !c.full(); number++ {
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
		if n > c.skip {
			c.ids = passing.members(c.ids, base+int64(number)<<pageBits, c.skip, c.limit)
		}
		c.skip -= min(n, c.skip)
	}
}
