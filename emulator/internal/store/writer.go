package store

import (
	"bytes"
	"slices"

	"github.com/hashicorp/go-memdb"

	"github.com/voxemu/voxemu/emulator/internal/query"
)

// writer writes the changes of a commit. It collects the moves of ids between blocks, so
// that each changed block, and each changed leaf, is copied and written once.
type writer struct {
	snapshot *version
	txn      *memdb.Txn
	moves    []move
	keys     key      // memory of their keys
	objects  []object // of a leaf; the memory is reused
}

// move is an id that enters or leaves a block, or gets other flags in it, or an entry that
// is added or removed.
type move struct {
	key      key
	entry    bool // otherwise it is a block
	had, has bool // whether the block or the entry has the id, before and after
	offset   uint16
	was, is  combination // the flags
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

// reindex collects the moves of a row's id.
func (w *writer) reindex(k *Kind, row changedRow) {
	if len(k.indexes) == 0 {
		return
	}
	m := move{offset: offsetOf(row.id.Number), was: k.flags(row.committed), is: k.flags(row.row)}
	for _, x := range k.indexes {
		if x.layout != flags { // those are in all blocks
			m.entry = x.layout != blocks
			w.move(m, w.indexKey(k, x, row.id, row.committed), w.indexKey(k, x, row.id, row.row))
		}
	}
	if k.numeric {
		m.entry = false
		w.move(m, w.allKey(k, row.id, row.committed), w.allKey(k, row.id, row.row))
	}
}

// move adds the moves of an id from one key to another; nil: none.
func (w *writer) move(m move, from, to key) {
	if from != nil && bytes.Equal(from, to) {
		w.keys = w.keys[:len(w.keys)-len(to)]
		if m.key, m.had, m.has = from, true, true; !m.entry && m.was != m.is {
			w.moves = append(w.moves, m)
		}
		return
	}
	if from != nil {
		m.key, m.had, m.has = from, true, false
		w.moves = append(w.moves, m)
	}
	if to != nil {
		m.key, m.had, m.has = to, false, true
		w.moves = append(w.moves, m)
	}
}

// indexKey returns the key of a row's block, or entry, in an index; nil if it has none.
func (w *writer) indexKey(k *Kind, x *index, id query.Value, row any) key {
	v, ok := x.valueOf(row)
	if !ok {
		return nil
	}
	start := len(w.keys)
	w.keys = k.appendEntryKey(w.keys, x, k.account(row), v)
	if x.layout == blocks {
		w.keys = appendNumber(w.keys, id.Number>>blockBits)
	} else {
		w.keys = appendValue(w.keys, id)
	}
	return w.keys[start:]
}

// allKey returns the key of the block of all ids that has a row's; nil without a row.
func (w *writer) allKey(k *Kind, id query.Value, row any) key {
	if row == nil {
		return nil
	}
	start := len(w.keys)
	w.keys = appendNumber(appendNumber(k.part(w.keys, allPart), k.account(row)), id.Number>>blockBits)
	return w.keys[start:]
}

// flush writes the changed leaves.
func (w *writer) flush() {
	slices.SortFunc(w.moves, func(a, b move) int { return bytes.Compare(a.key, b.key) })
	for moves := w.moves; len(moves) > 0; {
		l, n := w.snapshot.leaf(moves[0].key), len(moves)
		if l == nil {
			l = &leaf{bound: lastBound}
		} else if next := slices.IndexFunc(moves, func(m move) bool { return bytes.Compare(m.key, l.bound) > 0 }); next > 0 {
			n = next // the first one of another leaf
		}
		w.change(l, moves[:n])
		moves = moves[n:]
	}
}

// change makes the moves of a leaf.
func (w *writer) change(l *leaf, moves []move) {
	all, rest := w.objects[:0], l.objects
	for len(moves) > 0 {
		at, found := search(rest, moves[0].key)
		all, rest = append(all, rest[:at]...), rest[at:]
		var old object
		if found {
			old, rest = rest[0], rest[1:]
		}
		n := 1
		for n < len(moves) && bytes.Equal(moves[n].key, moves[0].key) {
			n++
		}
		if o := moved(old, moves[:n]); o != nil {
			all = append(all, o)
		}
		moves = moves[n:]
	}
	w.objects = append(all, rest...)
	w.replace(l, w.objects)
}

// moved returns an object after the moves of its key; nil if nothing is left.
func moved(old object, moves []move) object {
	if m := moves[0]; m.entry {
		if m.has {
			return &entryRow{bytes.Clone(m.key)}
		}
		return nil
	}
	was, _ := old.(*block)
	d := newDraft(moves[0].key, was)
	for _, m := range moves {
		switch {
		case m.had && m.has:
			d.move(m.offset, m.was, m.is)
		case m.had:
			d.remove(m.offset, m.was)
		default:
			d.add(m.offset, m.is)
		}
	}
	if b := d.block(); b != nil {
		return b
	}
	return nil
}
