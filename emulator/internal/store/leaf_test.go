package store

import (
	"maps"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// Leaves are split, emptied and made again by random commits, and compared with a map.
func TestLeavesHoldEachObjectOnceAndInOrder(t *testing.T) {
	keys := rapid.Custom(func(t *rapid.T) string {
		at := appendNumber(key{inLeaves, firstIndex}, rapid.Int64Range(0, 3).Draw(t, "account"))
		return string(appendNumber(at, rapid.Int64Range(0, 60).Draw(t, "id")))
	})
	rapid.Check(t, func(t *rapid.T) {
		db, want := newDB(), map[string]bool{}
		for range rapid.IntRange(1, 8).Draw(t, "commits") {
			w := writer{snapshot: newVersion(db), txn: db.Txn(true)}
			added := rapid.Bool().Draw(t, "added")
			for _, k := range rapid.SliceOfNDistinct(keys, 1, 120, rapid.ID).Draw(t, "keys") {
				w.moves = append(w.moves, move{key: key(k), entry: true, had: !added, has: added})
				if want[k] = true; !added {
					delete(want, k)
				}
			}
			w.flush()
			w.txn.Commit()
			checkLeaves(t, newVersion(db), slices.Sorted(maps.Keys(want)))
		}
	})
}

func checkLeaves(t *rapid.T, v *version, want []string) {
	var got []string
	leaves := v.from(key{inLeaves})
	for l, ok := leaves.Next().(*leaf); ok; l, ok = leaves.Next().(*leaf) {
		if len(l.objects) == 0 || len(l.objects) > leafSize {
			t.Fatalf("a leaf has %d objects", len(l.objects))
		}
		for _, o := range l.objects {
			got = append(got, string(o.storedAt()))
		}
	}
	if !slices.Equal(got, want) {
		t.Fatalf("the leaves have %d objects: %x\nwant %d: %x", len(got), got, len(want), want)
	}
	for _, k := range want {
		one := v.objects(key(k), key(k))
		if o := one.next(); o == nil || string(o.storedAt()) != k {
			t.Fatalf("%x is not found", k)
		}
	}
	for account := range int64(4) {
		part := string(appendNumber(key{inLeaves, firstIndex}, account))
		var listed []string
		list := v.objects(key(part), key(part))
		for o := list.next(); o != nil; o = list.next() {
			listed = append(listed, string(o.storedAt()))
		}
		if !slices.Equal(listed, slices.DeleteFunc(slices.Clone(want), func(k string) bool { return k[:len(part)] != part })) {
			t.Fatalf("of account %d: %x", account, listed)
		}
	}
}
