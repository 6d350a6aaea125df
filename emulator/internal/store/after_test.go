package store_test

import (
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/voxemu/voxemu/emulator/internal/store"
)

func TestFunctionsForAfterTheCommitRunInOrderOnceReadersSeeIt(t *testing.T) {
	s := store.New()
	var ran []int64
	note := func(id int64) func(*store.Tx) error {
		return func(tx *store.Tx) error {
			tx.AfterCommit(func() {
				_ = s.Read(noon, func(tx *store.Tx) error { // the function never fails
					if _, ok := store.Get(tx, store.Registrations, id); ok {
						ran = append(ran, id)
					}
					return nil
				})
			})
			return store.Put(tx, store.Registrations, simple(id))
		}
	}
	refused := errors.New("refused")
	errs := together(s, note(1), note(2), func(tx *store.Tx) error {
		_ = note(9)(tx) // is undone
		return refused
	}, func(tx *store.Tx) error {
		_ = note(8)(tx)
		panic("a bug")
	}, note(3))
	if !errors.Is(errs[2], refused) || errs[0] != nil || errs[1] != nil || errs[4] != nil {
		t.Fatal(errs)
	}
	if err := s.Replace(noon, note(4)); err != nil {
		t.Fatal(err)
	}
	if err := s.Replace(noon, func(tx *store.Tx) error { _ = note(7)(tx); return refused }); !errors.Is(err, refused) {
		t.Fatal(err)
	}
	if len(ran) != 4 || ran[3] != 4 {
		t.Errorf("ran for %v, want 1, 2 and 3 in the order of their commits, then 4", ran)
	}
	seen := map[int64]bool{}
	for _, id := range ran {
		seen[id] = true
	}
	if diff := cmp.Diff(map[int64]bool{1: true, 2: true, 3: true, 4: true}, seen); diff != "" {
		t.Errorf("(-want +ran):\n%s", diff)
	}
}
