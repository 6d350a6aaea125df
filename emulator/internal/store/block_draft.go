package store

import (
	"bytes"
	"slices"

	"github.com/hashicorp/go-memdb"
)

// blockWriter collects the changed blocks of a commit, so that each is copied
// and written once.
type blockWriter struct {
	snapshot *memdb.Txn
	drafts   map[string]*blockDraft
	key      []byte // the last key, for its memory
}

// blockDraft is a block to be. edits are the sets that are being changed, each at its
// place among the sets; nil for those that stay.
type blockDraft struct {
	key   []byte
	old   *block // what it replaces, nil for nothing
	sets  []flaggedSet
	edits []*idSetDraft
	all   *idSetDraft // nil until there are two combinations
}

// block finds or begins the draft of the block that has the id; prefix is its key
// without the number.
func (w *blockWriter) block(prefix []byte, id int64) *blockDraft {
	w.key = appendValue(prefix, id>>blockBits)
	d, ok := w.drafts[string(w.key)]
	if !ok {
		d = newDraft(w.key, blockAt(w.snapshot, w.key))
		w.drafts[string(d.key)] = d
	}
	return d
}

func newDraft(key []byte, old *block) *blockDraft {
	if old == nil {
		return &blockDraft{key: bytes.Clone(key)}
	}
	d := &blockDraft{key: old.key, old: old, sets: slices.Clone(old.sets), edits: make([]*idSetDraft, len(old.sets))}
	if old.all != nil {
		d.all = &idSetDraft{idSet: *old.all}
	}
	return d
}

func (d *blockDraft) add(offset uint16, flags combination) {
	d.edit(flags).add(offset)
	if d.all != nil {
		d.all.add(offset)
	}
}

func (d *blockDraft) remove(offset uint16, flags combination) {
	d.edit(flags).remove(offset)
	if d.all != nil {
		d.all.remove(offset)
	}
}

// move changes the flags of an id. It stays in the set of all, so that one may not
// begin while the id is in neither.
func (d *blockDraft) move(offset uint16, from, to combination) {
	d.edit(to).add(offset)
	d.edit(from).remove(offset)
}

// edit is the set of a combination, to be changed. The second combination makes
// the set of all, which until then is that of the first.
func (d *blockDraft) edit(flags combination) *idSetDraft {
	i := slices.IndexFunc(d.sets, func(h flaggedSet) bool { return h.flags == flags })
	if i < 0 {
		i = len(d.sets)
		if i == 1 {
			d.all = d.at(0).share()
		}
		edit := new(idSetDraft)
		d.sets, d.edits = append(d.sets, flaggedSet{flags, &edit.idSet}), append(d.edits, edit)
	}
	return d.at(i)
}

func (d *blockDraft) at(i int) *idSetDraft {
	if d.edits[i] == nil {
		edit := &idSetDraft{idSet: *d.sets[i].ids}
		d.edits[i], d.sets[i].ids = edit, &edit.idSet
	}
	return d.edits[i]
}

// block is what the draft has become; nil: nothing is left.
func (d *blockDraft) block() *block {
	b := &block{key: d.key, sets: slices.DeleteFunc(d.sets, func(h flaggedSet) bool { return h.ids.n == 0 })}
	switch len(b.sets) {
	case 0:
		return nil
	case 1:
	default:
		b.all = &d.all.idSet
	}
	return b
}

// flush writes the changed blocks and deletes the empty ones.
func (w *blockWriter) flush(txn *memdb.Txn) error {
	for _, d := range w.drafts {
		var err error
		if b := d.block(); b != nil {
			err = txn.Insert(blocksTable, b)
		} else if d.old != nil {
			err = txn.Delete(blocksTable, d.old)
		}
		if err != nil {
			return err
		}
	}
	return nil
}
