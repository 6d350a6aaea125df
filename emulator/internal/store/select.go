package store

import (
	"fmt"
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
		return r.selectStaged(account, where, page)
	}
	return r.fetch(r.table.find(r.tx.snapshot, account, where, page)), nil
}

func (r Rows[K, R]) fetch(ids []int64) []R {
	rows := make([]R, len(ids))
	for i, id := range ids {
		rows[i] = *r.table.at(r.tx.snapshot, any(id).(K))
	}
	return rows
}

// selectStaged answers within a transaction that has changed the table: the
// snapshot's answer less the changed rows, and those of them that pass.
func (r Rows[K, R]) selectStaged(account int64, where []query.Match, page query.Page) ([]R, error) {
	ids := r.table.find(r.tx.snapshot, account, where, query.All())
	ids = slices.DeleteFunc(ids, func(id int64) bool { _, changed := r.staged()[any(id).(K)]; return changed })
	for id, row := range r.staged() {
		pass := row != nil && r.table.account(row) == account
		for _, m := range where {
			ok := false
			if pass {
				var err error
				if ok, err = r.table.passes(row, m); err != nil {
					return nil, err
				}
			}
			pass = pass && ok
		}
		if pass {
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
	return rows, nil
}

// find is the query engine: it walks the blocks that every source has, skips
// whole blocks by their counts as long as the offset allows, and intersects the
// rest.
func (t *table[K, R]) find(snapshot *memdb.Txn, account int64, where []query.Match, page query.Page) []int64 {
	sources := t.sources(snapshot, account, where)
	ids := make([]int64, 0, min(page.Count, 32))
	skip := page.Offset
	for number, ok := align(sources, 0); ok && len(ids) < page.Count; number, ok = align(sources, number+1) {
		if len(sources) == 1 && sources[0].count() >= 0 && sources[0].count() <= skip {
			skip -= sources[0].count()
			continue
		}
		passing := intersect(sources)
		if n := passing.count(); n <= skip {
			skip -= n
			continue
		}
		for _, offset := range passing.offsets()[skip:] {
			if len(ids) == page.Count {
				break
			}
			ids = append(ids, number<<blockBits|int64(offset))
		}
		skip = 0
	}
	return ids
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

func intersect(sources []source) *bitmap {
	var all bitmap
	sources[0].fill(&all)
	for _, s := range sources[1:] {
		var one bitmap
		s.fill(&one)
		all.and(&one)
	}
	return &all
}

// sources makes one source for each match, and one for the account's rows when
// no other confines them to it.
func (t *table[K, R]) sources(snapshot *memdb.Txn, account int64, where []query.Match) []source {
	var list []source
	confined := false
	for _, m := range where {
		s := t.source(snapshot, account, m)
		if _, ids := s.(*idRanges); !ids {
			confined = true
		}
		list = append(list, s)
	}
	if !confined {
		list = append(list, t.flags(snapshot, account, everyID))
	}
	return list
}

func (t *table[K, R]) flags(snapshot *memdb.Txn, account int64, places ...int) source {
	return &flags{newCursor(snapshot, indexPrefix(t.tag, flagsPlace, account)), places}
}

func (t *table[K, R]) source(snapshot *memdb.Txn, account int64, m query.Match) source {
	if m.Index == "id" {
		return &idRanges{ranges: m.Ranges}
	}
	place, err := t.place(m.Index)
	if err != nil { // Select has checked
		panic(err)
	}
	if t.indexes[place].flag != nil {
		var places []int
		for _, r := range m.Ranges {
			places = append(places, setOf(place, r.Low.(bool)), setOf(place, r.High.(bool)))
		}
		slices.Sort(places)
		return t.flags(snapshot, account, slices.Compact(places)...)
	}
	return &values{cursors: t.cursors(snapshot, account, place, m.Ranges)}
}

// cursors opens one cursor for each distinct value of the ranges that occurs.
func (t *table[K, R]) cursors(snapshot *memdb.Txn, account int64, place int, ranges []query.Range) []*cursor {
	seen := map[string]bool{}
	var list []*cursor
	for _, r := range ranges {
		low, high := valuePrefix(t.tag, place, account, r.Low), valuePrefix(t.tag, place, account, r.High)
		if r.Low == r.High {
			list = open(list, seen, snapshot, low)
			continue
		}
		for key, ok := occurring(snapshot, low, high); ok; key, ok = occurring(snapshot, after(key), high) {
			list = open(list, seen, snapshot, key)
		}
	}
	return list
}

func open(list []*cursor, seen map[string]bool, snapshot *memdb.Txn, prefix []byte) []*cursor {
	if seen[string(prefix)] {
		return list
	}
	seen[string(prefix)] = true
	return append(list, newCursor(snapshot, prefix))
}

// numberLength is the length of a block's number at the end of its key, in
// bytes.
const numberLength = 8

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
	prefix := []byte(b.key[:len(b.key)-numberLength])
	return prefix, string(prefix) <= string(high)
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
