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
	drafts   map[string]*draft
	key      []byte // the last key, for its memory
}

// draft is a block to be. edits are the sets that are being changed, each at its
// place among the sets; nil for those that stay.
type draft struct {
	key   []byte
	old   *block // what it replaces, nil for nothing
	sets  []held
	edits []*draftSet
	all   *draftSet // nil until there are two combinations
}

// block finds or begins the draft of the block that has the id; prefix is its key
// without the number.
func (w *blockWriter) block(prefix []byte, id int64) *draft {
	w.key = appendValue(prefix, id>>blockBits)
	d, ok := w.drafts[string(w.key)]
	if !ok {
		d = newDraft(w.key, blockAt(w.snapshot, w.key))
		w.drafts[string(d.key)] = d
	}
	return d
}

func newDraft(key []byte, old *block) *draft {
	if old == nil {
		return &draft{key: bytes.Clone(key)}
	}
	d := &draft{key: old.key, old: old, sets: slices.Clone(old.sets), edits: make([]*draftSet, len(old.sets))}
	if old.all != nil {
		d.all = &draftSet{set: *old.all}
	}
	return d
}

func (d *draft) add(offset uint16, flags combination) {
	d.edit(flags).add(offset)
	if d.all != nil {
		d.all.add(offset)
	}
}

func (d *draft) remove(offset uint16, flags combination) {
	d.edit(flags).remove(offset)
	if d.all != nil {
		d.all.remove(offset)
	}
}

// move changes the flags of an id. It stays in the set of all, so that one may not
// begin while the id is in neither.
func (d *draft) move(offset uint16, from, to combination) {
	d.edit(to).add(offset)
	d.edit(from).remove(offset)
}

// edit is the set of a combination, to be changed. The second combination makes
// the set of all, which until then is that of the first.
func (d *draft) edit(flags combination) *draftSet {
	i := slices.IndexFunc(d.sets, func(h held) bool { return h.flags == flags })
	if i < 0 {
		i = len(d.sets)
		if i == 1 {
			d.all = d.at(0).share()
		}
		edit := new(draftSet)
		d.sets, d.edits = append(d.sets, held{flags, &edit.set}), append(d.edits, edit)
	}
	return d.at(i)
}

func (d *draft) at(place int) *draftSet {
	if d.edits[place] == nil {
		edit := &draftSet{set: *d.sets[place].ids}
		d.edits[place], d.sets[place].ids = edit, &edit.set
	}
	return d.edits[place]
}

// block is what the draft has become; nil: nothing is left.
func (d *draft) block() *block {
	b := &block{key: d.key, sets: slices.DeleteFunc(d.sets, func(h held) bool { return h.ids.n == 0 })}
	switch len(b.sets) {
	case 0:
		return nil
	case 1:
	default:
		b.all = &d.all.set
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
