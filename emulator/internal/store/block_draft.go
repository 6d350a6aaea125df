package store

import (
	"bytes"
	"slices"

	"github.com/hashicorp/go-memdb"
)

// blockWriter collects the changed blocks of a commit, so that each is copied and written
// once.
type blockWriter struct {
	snapshot *memdb.Txn
	drafts   map[string]*blockDraft
	key      []byte // the last key; its memory is reused
}

// blockDraft is a block under construction. edits are changed sets, each at the index of
// its set; nil for unchanged ones.
type blockDraft struct {
	key   []byte
	old   *block // the old block; nil: none
	sets  []flaggedSet
	edits []*idSetDraft
	all   *idSetDraft // nil while there is only one combination
}

// block returns the draft of the block with the id; prefix is its key without the number.
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

// move changes the flags of an id. The id stays in the set of all, which must not be
// created while the id is in neither set.
func (d *blockDraft) move(offset uint16, from, to combination) {
	d.edit(to).add(offset)
	d.edit(from).remove(offset)
}

// edit returns the set of a combination for changes. For the second combination it
// creates the set of all, which until then equals that of the first.
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

// block returns the finished block; nil if it is empty.
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
