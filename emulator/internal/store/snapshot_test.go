package store_test

import (
	"errors"
	"testing"
	"time"

	"github.com/voxemu/voxemu/emulator/internal/store"
	"github.com/voxemu/voxemu/emulator/vox"
)

func putAccounts(t *testing.T, s *store.Store, accounts ...vox.Account) {
	t.Helper()
	err := s.Write(time.Time{}, func(tx *store.Tx) error {
		for _, a := range accounts {
			if err := store.Put(tx, store.Accounts, a); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// accountsOf returns the number of accounts and the next id.
func accountsOf(t *testing.T, s *store.Store) (n int, next int64) {
	t.Helper()
	err := s.Read(time.Time{}, func(tx *store.Tx) error {
		n, next = store.Len(tx, store.Accounts), store.NextID(tx, store.Accounts)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return n, next
}

func TestASnapshotKeepsRowsAndSequencesHoweverOftenItIsRestored(t *testing.T) {
	s := store.New()
	putAccounts(t, s, vox.Account{ID: 1, Name: "a"}, vox.Account{ID: 7, Name: "b"})
	if err := s.Write(time.Time{}, func(tx *store.Tx) error { store.Delete(tx, store.Accounts, 7); return nil }); err != nil {
		t.Fatal(err)
	}
	before := s.Snapshot()
	for range 2 {
		putAccounts(t, s, vox.Account{ID: 20, Name: "c"})
		if err := s.Restore(before, time.Time{}, func(*store.Tx) error { return nil }); err != nil {
			t.Fatal(err)
		}
		if n, next := accountsOf(t, s); n != 1 || next != 8 {
			t.Errorf("%d accounts, next id %d; want 1 and 8", n, next)
		}
	}
}

func TestAFailedRestoreChangesNothing(t *testing.T) {
	s := store.New()
	empty := s.Snapshot()
	putAccounts(t, s, vox.Account{ID: 1, Name: "a"})
	refused := errors.New("refused")
	err := s.Restore(empty, time.Time{}, func(tx *store.Tx) error {
		if err := store.Put(tx, store.Accounts, vox.Account{ID: 9, Name: "z"}); err != nil {
			return err
		}
		return refused
	})
	if n, next := accountsOf(t, s); !errors.Is(err, refused) || n != 1 || next != 2 {
		t.Errorf("%v, %d accounts, next id %d; want %v, 1 and 2", err, n, next, refused)
	}
	if err := s.Restore(empty, time.Time{}, func(*store.Tx) error { return nil }); err != nil {
		t.Fatal(err)
	}
	if n, _ := accountsOf(t, s); n != 0 {
		t.Errorf("the snapshot has %d accounts, want 0", n)
	}
}

func TestDeletingWhatAnAccountOwnsLeavesTheOthersAlone(t *testing.T) {
	s := store.New()
	putAccounts(t, s, vox.Account{ID: 1, Name: "a"}, vox.Account{ID: 2, Name: "b"})
	err := s.Write(time.Time{}, func(tx *store.Tx) error {
		for id := range int64(6) {
			if err := store.Put(tx, store.Applications, vox.Application{ID: id + 1, AccountID: id%2 + 1, Name: string(rune('a' + id))}); err != nil {
				return err
			}
		}
		for _, kind := range store.Kinds() {
			kind.DeleteOwned(tx, 0)
			kind.DeleteOwned(tx, 1)
		}
		if n := store.Len(tx, store.Accounts); n != 2 {
			t.Errorf("%d accounts are left, want 2", n)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	err = s.Read(time.Time{}, func(tx *store.Tx) error {
		for application := range store.All(tx, store.Applications) {
			if application.AccountID != 2 {
				t.Errorf("%+v is left", application)
			}
		}
		if n := store.Len(tx, store.Applications); n != 3 {
			t.Errorf("%d applications are left, want 3", n)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}
