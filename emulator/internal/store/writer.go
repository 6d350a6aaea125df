package store

import (
	"bytes"

	"github.com/hashicorp/go-memdb"

	"github.com/voxemu/voxemu/emulator/internal/query"
)

// writer writes the changes of a commit. It collects the changed blocks, so that each is
// copied and written once.
type writer struct {
	snapshot *version
	txn      *memdb.Txn
	drafts   []*blockDraft
	byKey    map[string]*blockDraft // nil while there are few
	key      key                    // the last key; its memory is reused
	changes  []change               // of entries, and at the end of blocks
}

func (w *writer) insert(o any) {
	if err := w.txn.Insert(everything, o); err != nil { // cannot happen: the table is a constant
		panic(err)
	}
}

func (w *writer) delete(o any) {
	if err := w.txn.Delete(everything, o); err != nil { // cannot happen: the snapshot has it
		panic(err)
	}
}

// reindex moves a row's id between the blocks of its indexes, and its entries.
func (w *writer) reindex(k *Kind, row changedRow) {
	if len(k.indexes) == 0 {
		return
	}
	c := idChange{row.id.Number, k.flags(row.committed), k.flags(row.row)}
	moved := row.committed == nil || row.row == nil || k.account(row.committed) != k.account(row.row)
	for _, x := range k.indexes {
		from, had := x.valueOf(row.committed)
		to, has := x.valueOf(row.row)
		same := had && has && from == to && !moved
		switch x.layout {
		case flags: // in all blocks
		case blocks:
			w.reindexBlock(c, same, had, has,
				func() []byte { return appendValue(w.prefix(k, x.number, row.committed), from) },
				func() []byte { return appendValue(w.prefix(k, x.number, row.row), to) })
		default:
			if same {
				continue
			}
			if had {
				w.changes = append(w.changes, change{key: w.entryKey(k, x, row.id, row.committed, from)})
			}
			if has {
				e := &entryRow{w.entryKey(k, x, row.id, row.row, to)}
				w.changes = append(w.changes, change{e.key, nil, e})
			}
		}
	}
	if !k.numeric {
		return
	}
	w.reindexBlock(c, !moved, row.committed != nil, row.row != nil,
		func() []byte { return w.prefix(k, allPart, row.committed) },
		func() []byte { return w.prefix(k, allPart, row.row) })
}

// entryKey returns the key of a row's entry in an index.
func (w *writer) entryKey(k *Kind, x *index, id query.Value, row any, v query.Value) key {
	w.key = appendValue(k.appendEntryKey(w.key[:0], x, k.account(row), v), id)
	return bytes.Clone(w.key)
}

// idChange is an id with the flags of its row before and after.
type idChange struct {
	id      int64
	was, is combination
}

// reindexBlock moves an id from the block of its value to that of another.
func (w *writer) reindexBlock(c idChange, same, had, has bool, from, to func() []byte) {
	if same {
		if c.was != c.is {
			w.block(to(), c.id).move(offsetOf(c.id), c.was, c.is)
		}
		return
	}
	if had {
		w.block(from(), c.id).remove(offsetOf(c.id), c.was)
	}
	if has {
		w.block(to(), c.id).add(offsetOf(c.id), c.is)
	}
}

// prefix begins the key of a block of a row.
func (w *writer) prefix(k *Kind, part byte, row any) []byte {
	return appendNumber(k.part(w.key[:0], part), k.account(row))
}

// block returns the draft of the block with the id; prefix is its key without the number.
func (w *writer) block(prefix []byte, id int64) *blockDraft {
	w.key = appendNumber(prefix, id>>blockBits)
	if d := w.draft(); d != nil {
		return d
	}
	l := w.snapshot.leaf(w.key)
	old, _ := l.object(w.key).(*block)
	d := newDraft(w.key, old)
	d.leaf = l
	w.drafts = append(w.drafts, d)
	if w.byKey == nil && len(w.drafts) > 2*shortList {
		w.byKey = map[string]*blockDraft{}
		for _, d := range w.drafts {
			w.byKey[string(d.key)] = d
		}
	} else if w.byKey != nil {
		w.byKey[string(d.key)] = d
	}
	return d
}

// draft returns the draft with the last key; nil if there is none.
func (w *writer) draft() *blockDraft {
	if w.byKey != nil {
		return w.byKey[string(w.key)]
	}
	for _, d := range w.drafts {
		if string(d.key) == string(w.key) {
			return d
		}
	}
	return nil
}

// flush writes the changed blocks and deletes the empty ones.
func (w *writer) flush() {
	for _, d := range w.drafts {
		if b := d.block(); b != nil {
			w.changes = append(w.changes, change{d.key, d.leaf, b})
		} else if d.old != nil {
			w.changes = append(w.changes, change{key: d.key, leaf: d.leaf})
		}
	}
	w.writeObjects(w.changes)
}
