package store

import (
	"bytes"
	"slices"

	"github.com/hashicorp/go-memdb"
)

// leaf is neighbouring objects under one key of memdb, because a key of their own takes 350
// bytes (docs/design-notes.md#leaves). It has the objects after the bound of the leaf
// before it, up to its own bound, which is its key: so the leaf of an object is the first
// one that is not before the object.
type leaf struct {
	bound   key
	objects []object // sorted by key; not empty
}

// leafSize is the maximum number of objects of a leaf. Half as many take 2 to 5 % more
// memory, and a write allocates the same.
const leafSize = 32

func (l *leaf) storedAt() []byte { return l.bound }

// search returns the position of the first object that is not before a key, and whether
// it has that key.
func search(objects []object, k key) (int, bool) {
	return slices.BinarySearchFunc(objects, k, func(o object, k key) int { return bytes.Compare(o.storedAt(), k) })
}

// leaf returns the leaf in which an object with the key is, or would be; nil if there is
// none yet.
func (v *version) leaf(k key) *leaf {
	l, _ := v.from(k).Next().(*leaf)
	return l
}

// objects iterates over the objects with a prefix.
type objects struct {
	prefix key
	leaves memdb.ResultIterator
	rest   []object // of the current leaf
}

// objects iterates from a key.
func (v *version) objects(from, prefix key) objects {
	o := objects{prefix: prefix, leaves: v.from(from)}
	o.load()
	at, _ := search(o.rest, from)
	o.rest = o.rest[at:]
	return o
}

func (o *objects) load() {
	o.rest = nil
	if l, ok := o.leaves.Next().(*leaf); ok {
		o.rest = l.objects
	}
}

// next returns the next object; nil at the end.
func (o *objects) next() (next object) {
	if len(o.rest) == 0 {
		o.load()
	}
	if len(o.rest) == 0 || !bytes.HasPrefix(o.rest[0].storedAt(), o.prefix) {
		return nil
	}
	next, o.rest = o.rest[0], o.rest[1:]
	return next
}

// replace replaces a leaf by copies of objects, in as many as they need, of which the last
// has its bound. Leaves are not joined: one that has become small costs no more than an
// object with a key of its own.
func (w *writer) replace(l *leaf, objects []object) {
	if len(objects) == 0 {
		if len(l.objects) > 0 {
			w.delete(l)
		}
		return
	}
	for len(objects) > leafSize {
		n := min(leafSize, len(objects)/2)
		w.insert(&leaf{objects[n-1].storedAt(), slices.Clone(objects[:n])})
		objects = objects[n:]
	}
	w.insert(&leaf{l.bound, slices.Clone(objects)})
}
