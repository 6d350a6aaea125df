package store_test

import (
	"errors"
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/voxemu/voxemu/emulator/internal/store"
	"github.com/voxemu/voxemu/emulator/vox"
)

// proxies describes a change by the proxies of its rows.
func proxies(before, after *vox.Registration) string {
	of := func(r *vox.Registration) string {
		if r == nil {
			return "none"
		}
		return r.Proxy
	}
	return fmt.Sprintf("%s → %s", of(before), of(after))
}

func TestChangesAreTheWrittenRowsBeforeAndAfterInTheOrderOfIDs(t *testing.T) {
	s := store.New()
	mustWrite(t, s, simple(1), simple(2), simple(3))
	var got []string
	s.Observe(func(tx *store.Tx) error {
		for before, after := range store.Changes(tx, store.Registrations) {
			got = append(got, proxies(before, after))
		}
		return nil
	})
	err := s.Write(noon, func(tx *store.Tx) error {
		for _, row := range []vox.Registration{{ID: 9, AccountID: 1, Proxy: "new"}, {ID: 2, AccountID: 1, Proxy: "other"}, {ID: 8, AccountID: 1}} {
			if err := store.Put(tx, store.Registrations, row); err != nil {
				return err
			}
		}
		store.Delete(tx, store.Registrations, 1)
		store.Delete(tx, store.Registrations, 8) // created in this transaction
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"p → none", "p → other", "none → new"}, got); diff != "" {
		t.Errorf("changes (-want +got):\n%s", diff)
	}
}

func TestWhatTheObserverAddsIsCommittedWithItsCauseOrNotAtAll(t *testing.T) {
	s := store.New()
	var broken error
	s.Observe(func(tx *store.Tx) error {
		for _, after := range store.Changes(tx, store.Registrations) {
			if err := store.Put(tx, store.Callbacks, vox.Callback{ID: after.ID, AccountID: 1}); err != nil {
				return err
			}
		}
		return broken
	})
	count := func() (rows, callbacks int) {
		_ = s.Read(noon, func(tx *store.Tx) error { // the function never fails
			rows, callbacks = store.Len(tx, store.Registrations), store.Len(tx, store.Callbacks)
			return nil
		})
		return rows, callbacks
	}
	mustWrite(t, s, simple(1))
	if rows, callbacks := count(); rows != 1 || callbacks != 1 {
		t.Errorf("%d rows, %d callbacks; want one of each", rows, callbacks)
	}
	broken = errGivenUp
	err := s.Write(noon, func(tx *store.Tx) error { return store.Put(tx, store.Registrations, simple(2)) })
	if rows, callbacks := count(); !errors.Is(err, errGivenUp) || rows != 1 || callbacks != 1 {
		t.Errorf("%v, %d rows, %d callbacks; want the observer's error and no change", err, rows, callbacks)
	}
}

func TestLoadingAStateIsNotObserved(t *testing.T) {
	s := store.New()
	s.Observe(func(*store.Tx) error { return errGivenUp })
	if err := s.Replace(noon, func(tx *store.Tx) error { return store.Put(tx, store.Registrations, simple(1)) }); err != nil {
		t.Error(err)
	}
}
