package store

import "github.com/voxemu/voxemu/emulator/internal/query"

// reindex moves a row's id between the blocks of its indexes; before or after is nil if
// the row is new or deleted.
func (t *table[K, R]) reindex(w *blockWriter, id K, before, after *R) {
	if len(t.indexes) == 0 || before == nil && after == nil {
		return
	}
	n, was, is := t.intID(id), t.flags(before), t.flags(after)
	moved := before == nil || after == nil || t.account(before) != t.account(after)
	reindexAt := func(indexNumber int, from, to query.Value, had, has bool) {
		if had && has && from == to && !moved {
			if was != is {
				w.block(t.blocksOf(w, indexNumber, after, to), n).move(offsetOf(n), was, is)
			}
			return
		}
		if had {
			w.block(t.blocksOf(w, indexNumber, before, from), n).remove(offsetOf(n), was)
		}
		if has {
			w.block(t.blocksOf(w, indexNumber, after, to), n).add(offsetOf(n), is)
		}
	}
	for indexNumber, x := range t.indexes {
		if x.unique || x.element == "boolean" {
			continue // an entry index; flags are in all blocks
		}
		from, had := x.of(before)
		to, has := x.of(after)
		reindexAt(indexNumber, from, to, had, has)
	}
	reindexAt(allRows, nil, nil, before != nil, after != nil)
}

// blocksOf returns the key, without the number, of the blocks for a row's value in an
// index; without a value, of the blocks with all ids of its account.
func (t *table[K, R]) blocksOf(w *blockWriter, indexNumber int, row *R, v query.Value) []byte {
	w.key = appendIndex(w.key[:0], t.tag, indexNumber, t.account(row))
	if v != nil {
		w.key = appendValue(w.key, v)
	}
	return w.key
}

// flags returns the combination of a row's flags; 0 for a nil row.
func (t *table[K, R]) flags(row *R) combination {
	var flags combination
	if row == nil {
		return flags
	}
	for indexNumber, x := range t.indexes {
		if x.element != "boolean" {
			continue
		}
		if v, ok := x.of(row); ok {
			flags |= flagAt(indexNumber, v.(bool))
		}
	}
	return flags
}
