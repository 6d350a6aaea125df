package store

import (
	"bytes"
	"fmt"
	"math"
	"slices"

	"github.com/hashicorp/go-memdb"

	"github.com/voxemu/voxemu/emulator/internal/query"
)

// Select gives the page of an account's rows that pass every match, in the order
// of their ids. The cost grows with the number of blocks that hold candidates,
// not with the offset or the number of matching rows. Errors: an index that the
// table lacks, a value of another type than the index's.
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

// fetch reads the committed rows with these ids, which ascend. A page without
// large gaps is read in one walk: a look-up costs as much as some ten steps.
func (r Rows[K, R]) fetch(ids []int64) []R {
	rows := make([]R, 0, len(ids))
	if n := len(ids); n > 1 && ids[n-1]-ids[0] < 4*int64(n) {
		return r.walk(rows, ids)
	}
	for _, id := range ids {
		rows = append(rows, *r.table.at(r.tx.snapshot, any(id).(K)))
	}
	return rows
}

// walk is [Rows.fetch] by going from the first id to the last.
func (r Rows[K, R]) walk(rows []R, ids []int64) []R {
	found, err := r.tx.snapshot.LowerBound(r.table.name, "id", appendValue(nil, ids[0]))
	if err != nil { // table and index are constants
		panic(err)
	}
	for len(rows) < len(ids) { // the index that gave the ids is of the same snapshot
		row := found.Next().(*R)
		if r.table.position(r.table.id(row)) == ids[len(rows)] {
			rows = append(rows, *row)
		}
	}
	return rows
}

// selectStaged answers within a transaction that has changed the table: the
// snapshot's answer less the changed rows, and those of them that pass.
func (r Rows[K, R]) selectStaged(account int64, where []query.Match, page query.Page) []R {
	staged := r.staged()
	enough := query.All()
	if page.Offset < math.MaxInt-len(staged)-page.Count { // no overflow
		enough.Count = page.Offset + page.Count + len(staged)
	}
	ids := r.table.find(r.tx.snapshot, account, where, enough)
	ids = slices.DeleteFunc(ids, func(id int64) bool { _, changed := staged[any(id).(K)]; return changed })
	for id, row := range staged {
		if row != nil && r.table.account(row) == account && r.table.passes(row, where) {
			ids = append(ids, r.table.position(id))
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

// find is the query engine: it walks the blocks that every source has, skips
// whole blocks by their counts as long as the offset allows, and intersects the
// rest.
func (t *table[K, R]) find(snapshot *memdb.Txn, account int64, where []query.Match, page query.Page) []int64 {
	sources := t.sources(snapshot, account, where)
	ids := make([]int64, 0, min(page.Count, 32))
	skip := page.Offset
	var passing, scratch bitmap
	for number, ok := align(sources, 0); ok && len(ids) < page.Count; number, ok = align(sources, number+1) {
		n := fewest(sources)
		if len(sources) > 1 && n > 0 {
			n = intersect(sources, n, &passing, &scratch)
		} else if n > skip {
			passing = *sources[0].bits(&scratch)
		}
		if n > skip {
			ids = passing.members(ids, number<<blockBits, skip, page.Count)
		}
		skip -= min(n, skip)
	}
	return ids
}

// fewest puts the source with the fewest ids in the block first, and counts
// them.
func fewest(sources []source) int {
	n := sources[0].count()
	for i := range sources[1:] {
		if more := sources[i+1].count(); more < n {
			n = more
			sources[0], sources[i+1] = sources[i+1], sources[0]
		}
	}
	return n
}

// align finds the first block at or above number that every source may have.
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

// few ids are cheaper looked up one by one than by joining bitmaps.
const few = 48

// intersect counts the ids that pass every source and puts them into passing; n
// is the count of the first source.
func intersect(sources []source, n int, passing, scratch *bitmap) int {
	*passing = *sources[0].bits(scratch)
	for _, s := range sources[1:] {
		switch {
		case n == 0:
			return 0
		case n <= few:
			n = passing.keep(s.has)
		default:
			n = passing.and(s.bits(scratch))
		}
	}
	return n
}

// sources makes one source for each match, all flags together being one. Every
// id is asked for when nothing else confines the rows to the account.
func (t *table[K, R]) sources(snapshot *memdb.Txn, account int64, where []query.Match) []source {
	var list []source
	var conditions []combination
	confined := false
	for _, m := range where {
		if m.Index == "id" {
			list = append(list, &idRanges{ranges: m.Ranges})
			continue
		}
		confined = true
		place, err := t.place(m.Index)
		if err != nil { // Select has checked
			panic(err)
		}
		switch x := t.indexes[place]; {
		case x.unique:
			list = append(list, t.entryList(snapshot, x, account, m.Ranges))
		case x.element == "boolean":
			conditions = append(conditions, condition(place, m.Ranges))
		default:
			list = append(list, &values{cursors: t.cursors(snapshot, account, place, m.Ranges)})
		}
	}
	if len(conditions) > 0 || !confined {
		list = append(list, &flags{cursor: newCursor(snapshot, indexPrefix(t.tag, flagsPlace, account)), conditions: conditions})
	}
	return list
}

// condition has the bits of the values asked for, false being less than true.
func condition(place int, ranges []query.Range) combination {
	var c combination
	for _, value := range []bool{false, true} {
		if slices.ContainsFunc(ranges, func(r query.Range) bool { return within(r, value) }) {
			c |= flagAt(place, value)
		}
	}
	return c
}

// cursors opens a cursor for each distinct value of the ranges that occurs.
func (t *table[K, R]) cursors(snapshot *memdb.Txn, account int64, place int, ranges []query.Range) []*cursor {
	var list []*cursor
	seen := map[string]bool{}
	open := func(prefix []byte) {
		if !seen[string(prefix)] {
			seen[string(prefix)] = true
			list = append(list, newCursor(snapshot, prefix))
		}
	}
	for _, r := range ranges {
		low, high := valuePrefix(t.tag, place, account, r.Low), valuePrefix(t.tag, place, account, r.High)
		if r.Low == r.High {
			open(low)
			continue
		}
		for key, ok := occurring(snapshot, low, high); ok; key, ok = occurring(snapshot, after(key), high) {
			open(key)
		}
	}
	return list
}

// occurring is the first value prefix from low to high that has a block.
func occurring(snapshot *memdb.Txn, low, high []byte) ([]byte, bool) {
	found, err := snapshot.LowerBound(blocksTable, "id", low)
	if err != nil { // table and index are constants
		panic(err)
	}
	b, _ := found.Next().(*block)
	if b == nil {
		return nil, false
	}
	return b.prefix(), bytes.Compare(b.prefix(), high) <= 0
}

// after is the smallest key above every key with the prefix.
func after(prefix []byte) []byte {
	next := slices.Clone(prefix)
	for i := len(next) - 1; i >= 0; i-- {
		next[i]++
		if next[i] != 0 {
			return next[:i+1]
		}
	}
	return nil // only for a prefix of 0xff bytes; tags are smaller
}
