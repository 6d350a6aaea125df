package store

import (
	"math"
	"slices"

	"github.com/voxemu/voxemu/emulator/internal/query"
)

// selected returns the rows of [Select].
func (c *changes) selected(k *Kind, account int64, where []condition, page query.Page) []any {
	ids := c.ids(k, account, where, page)
	if len(c.rows[k.number].all()) == 0 {
		return c.fetch(k, ids)
	}
	rows := make([]any, len(ids))
	for i, id := range ids {
		rows[i] = c.get(k, query.Number(id))
	}
	return rows
}

// ids returns the ids of the rows of [Select].
func (c *changes) ids(k *Kind, account int64, where []condition, page query.Page) []int64 {
	page = query.Page{Offset: max(0, page.Offset), Count: max(0, page.Count)}
	changed := c.rows[k.number].all()
	if len(changed) == 0 {
		return c.find(k, account, where, page).ids
	}
	// The result for the snapshot without the changed rows, and those of them that match.
	enough := query.All()
	if page.Offset < math.MaxInt-len(changed)-page.Count { // cannot overflow
		enough.Count = page.Offset + page.Count + len(changed)
	}
	ids := slices.DeleteFunc(c.find(k, account, where, enough).ids, func(id int64) bool {
		_, is := c.rows[k.number].find(query.Number(id))
		return is
	})
	for _, row := range changed {
		if k.matches(row.row, account, where) {
			ids = append(ids, row.id.Number)
		}
	}
	slices.Sort(ids)
	ids = ids[min(page.Offset, len(ids)):]
	return ids[:min(page.Count, len(ids))]
}

// count returns the number of rows of an account that meet all conditions.
func (c *changes) count(k *Kind, account int64, where []condition) int {
	n := math.MaxInt - c.find(k, account, where, query.Page{Offset: math.MaxInt, Count: 1}).skip
	for _, row := range c.rows[k.number].all() {
		if k.matches(row.committed, account, where) {
			n--
		}
		if k.matches(row.row, account, where) {
			n++
		}
	}
	return n
}

// countAll returns the number of rows of all accounts whose flags meet all conditions.
func (c *changes) countAll(k *Kind, where []condition) (n int) {
	var counted valueSource
	for _, condition := range where {
		counted.wanted = append(counted.wanted, condition.flags())
	}
	part := k.part(nil, allPart)
	stored := c.snapshot.objects(part, part)
	for b, ok := stored.next().(*block); ok; b, ok = stored.next().(*block) {
		counted.clear()
		counted.addBlock(b)
		n += counted.n
	}
	for _, row := range c.rows[k.number].all() {
		if row.committed != nil && k.matches(row.committed, k.account(row.committed), where) {
			n--
		}
		if row.row != nil && k.matches(row.row, k.account(row.row), where) {
			n++
		}
	}
	return n
}

// matches reports whether a row belongs to the account and meets all conditions.
func (k *Kind) matches(row any, account int64, where []condition) bool {
	return row != nil && k.account(row) == account && !slices.ContainsFunc(where, func(c condition) bool {
		if c.index == byID {
			return !c.has(k.id(row))
		}
		v, ok := c.valueOf(row)
		return !ok || !c.has(v)
	})
}

// find is the query engine. It visits the blocks that all sources have, skips whole
// blocks by their counts while the offset allows, and intersects the others.
func (c *changes) find(k *Kind, account int64, where []condition, page query.Page) pageCollector {
	sources := k.sources(c.snapshot, account, where)
	matches := make([]*blockMatches, len(sources))
	for i, s := range sources {
		matches[i] = s.matches()
	}
	found := pageCollector{ids: make([]int64, 0, min(page.Count, 32)), skip: page.Offset, limit: page.Count}
	for number, ok := align(sources, 0); ok && !found.full(); number, ok = align(sources, number+1) {
		found.collect(number<<blockBits, matches)
	}
	return found
}

// align returns the first block at or after number that all sources may have.
func align(sources []source, number int64) (int64, bool) {
	for agreed := 0; agreed < len(sources); {
		agreed = 0
		for _, s := range sources {
			n, ok := s.next(number)
			if !ok {
				return 0, false
			}
			if n == number {
				agreed++
			}
			number = n
		}
	}
	return number, true
}

// fetch reads the committed rows with the given ascending ids. A page without large gaps
// is read by iterating: a look-up costs as much as about ten steps.
func (c *changes) fetch(k *Kind, ids []int64) []any {
	rows := make([]any, 0, len(ids))
	if n := len(ids); n > 1 && ids[n-1]-ids[0] < 4*int64(n) {
		stored := c.snapshot.from(k.rowKey(nil, query.Number(ids[0])))
		for len(rows) < n { // ends: the snapshot that contained the ids contains the rows
			if row := stored.Next(); k.id(row).Number == ids[len(rows)] {
				rows = append(rows, row)
			}
		}
		return rows
	}
	for _, id := range ids {
		rows = append(rows, c.snapshot.row(k, query.Number(id)))
	}
	return rows
}
