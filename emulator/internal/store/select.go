package store

import (
	"bytes"
	"fmt"
	"math"
	"slices"

	"github.com/hashicorp/go-memdb"

	"github.com/voxemu/voxemu/emulator/internal/query"
)

// Select returns the page of an account's rows that match all conditions, in the order of
// their ids. The cost grows with the number of blocks with candidates, not with the
// offset or the number of matching rows. It returns an error for an index that the table
// lacks, and for a value that does not have the type of the index.
func (r Rows[K, R]) Select(account int64, where []query.Match, page query.Page) ([]R, error) {
	if err := r.table.check(where); err != nil {
		return nil, err
	}
	if page.Offset < 0 || page.Count < 0 {
		return nil, fmt.Errorf("page %+v: want an offset and a count of at least 0", page)
	}
	if len(r.staged()) > 0 {
		return r.selectStaged(account, where, page), nil
	}
	return r.fetch(r.table.find(r.tx.snapshot, account, where, page)), nil
}

// fetch reads the committed rows with the given ascending ids. A page without large gaps
// is read by iterating: a look-up costs as much as about ten steps.
func (r Rows[K, R]) fetch(ids []int64) []R {
	if n := len(ids); n > 1 && ids[n-1]-ids[0] < 4*int64(n) {
		return r.walk(make([]R, 0, n), ids)
	}
	found := make([]*R, len(ids))
	for i, id := range ids {
		found[i] = r.table.at(r.tx.snapshot, any(id).(K))
	}
	rows := make([]R, len(ids))
	for i, row := range found { // a loop of its own, so that the processor loads several rows in parallel
		rows[i] = *row
	}
	return rows
}

// walk is [Rows.fetch] by iterating from the first id to the last.
func (r Rows[K, R]) walk(rows []R, ids []int64) []R {
	found, err := r.tx.snapshot.LowerBound(r.table.name, "id", appendValue(nil, ids[0]))
	if err != nil { // cannot happen: table and index are constants
		panic(err)
	}
	for len(rows) < len(ids) { // ends: the snapshot that contained the ids contains the rows
		row := found.Next().(*R)
		if r.table.intID(r.table.id(row)) == ids[len(rows)] {
			rows = append(rows, *row)
		}
	}
	return rows
}

// selectStaged is Select in a transaction that has changed the table: the result for the
// snapshot without the changed rows, merged with those of them that match.
func (r Rows[K, R]) selectStaged(account int64, where []query.Match, page query.Page) []R {
	staged := r.staged()
	enough := query.All()
	if page.Offset < math.MaxInt-len(staged)-page.Count { // cannot overflow
		enough.Count = page.Offset + page.Count + len(staged)
	}
	ids := r.table.find(r.tx.snapshot, account, where, enough)
	ids = slices.DeleteFunc(ids, func(id int64) bool { _, changed := staged[any(id).(K)]; return changed })
	for id, row := range staged {
		if row != nil && r.table.account(row) == account && r.table.passes(row, where) {
			ids = append(ids, r.table.intID(id))
		}
	}
	slices.Sort(ids)
	ids = ids[min(page.Offset, len(ids)):]
	ids = ids[:min(page.Count, len(ids))]
	rows := make([]R, len(ids))
	for i, id := range ids {
		rows[i], _ = r.Get(any(id).(K))
	}
	return rows
}

// find is the query engine. It visits the blocks that all sources have, skips whole
// blocks by their counts while the offset allows, and intersects the others.
func (t *table[K, R]) find(snapshot *memdb.Txn, account int64, where []query.Match, page query.Page) []int64 {
	sources := t.sources(snapshot, account, where)
	matches := make([]*blockMatches, len(sources))
	for i, s := range sources {
		matches[i] = s.matches()
	}
	c := pageCollector{ids: make([]int64, 0, min(page.Count, 32)), skip: page.Offset, limit: page.Count}
	for number, ok := align(sources, 0); ok && !c.full(); number, ok = align(sources, number+1) {
		c.collect(number<<blockBits, matches)
	}
	return c.ids
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

// sources returns a source for each match, except that matches on flags become conditions
// on the other sources. Unless another source is already limited to the account and the
// conditions, all ids of the account are a source too.
func (t *table[K, R]) sources(snapshot *memdb.Txn, account int64, where []query.Match) []source {
	var list []source
	var byValue []*valueSource
	conditions := t.conditions(where)
	confined := false
	for _, m := range where {
		if m.Index == "id" {
			list = append(list, &rangeSource{ranges: m.Ranges})
			continue
		}
		indexNumber, err := t.indexNumber(m.Index)
		if err != nil { // cannot happen: Select has checked the index
			panic(err)
		}
		switch x := t.indexes[indexNumber]; {
		case x.element == "boolean":
		case x.unique:
			list, confined = append(list, t.entrySource(snapshot, x, account, m.Ranges)), len(conditions) == 0
		default:
			byValue = append(byValue, &valueSource{cursors: t.cursors(snapshot, account, indexNumber, m.Ranges), conditions: conditions})
		}
	}
	if len(byValue) == 0 && !confined {
		every := newCursor(snapshot, indexPrefix(t.tag, allRows, account))
		byValue = append(byValue, &valueSource{cursors: []*cursor{every}, conditions: conditions})
	}
	for _, v := range byValue {
		list = append(list, v)
	}
	return list
}

// conditions returns the conditions of matches on flags.
func (t *table[K, R]) conditions(where []query.Match) []combination {
	var list []combination
	for _, m := range where {
		if indexNumber, err := t.indexNumber(m.Index); err == nil && t.indexes[indexNumber].element == "boolean" {
			list = append(list, condition(indexNumber, m.Ranges))
		}
	}
	return list
}

// condition has the bits of the matched values; false is less than true.
func condition(indexNumber int, ranges []query.Range) combination {
	var c combination
	for _, value := range []bool{false, true} {
		if slices.ContainsFunc(ranges, func(r query.Range) bool { return within(r, value) }) {
			c |= flagAt(indexNumber, value)
		}
	}
	return c
}

// cursors returns a cursor for each distinct value in the ranges that occurs.
func (t *table[K, R]) cursors(snapshot *memdb.Txn, account int64, indexNumber int, ranges []query.Range) []*cursor {
	var list []*cursor
	seen := map[string]bool{}
	add := func(c *cursor) {
		if c.current != nil && !seen[string(c.prefix)] {
			seen[string(c.prefix)] = true
			list = append(list, c)
		}
	}
	for _, r := range ranges {
		low, high := valuePrefix(t.tag, indexNumber, account, r.Low), valuePrefix(t.tag, indexNumber, account, r.High)
		if r.Low == r.High {
			add(newCursor(snapshot, low))
			continue
		}
		for c := cursorFrom(snapshot, low); c.current != nil && bytes.Compare(c.prefix, high) <= 0; c = cursorFrom(snapshot, after(c.prefix)) {
			add(c)
		}
	}
	return list
}

// after returns the smallest key above all keys with the prefix.
func after(prefix []byte) []byte {
	next := slices.Clone(prefix)
	for i := len(next) - 1; i >= 0; i-- {
		next[i]++
		if next[i] != 0 {
			return next[:i+1]
		}
	}
	return nil // cannot happen: tags are smaller than 0xff
}
