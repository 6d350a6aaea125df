package store_test

import (
	"errors"
	"fmt"
	"iter"
	"maps"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/voxemu/voxemu/emulator/internal/query"
	"github.com/voxemu/voxemu/emulator/internal/store"
	"github.com/voxemu/voxemu/emulator/vox"
)

var errGivenUp = errors.New("given up")

func mapKeys(m map[string]query.Kind) iter.Seq[string] { return maps.Keys(m) }
func mapValues(m reference) iter.Seq[vox.Registration] { return maps.Values(m) }
func simple(id int64) vox.Registration                 { return vox.Registration{ID: id, AccountID: 1, Proxy: "p"} }

// is is a filter for one value.
func is[V int64 | string | bool](index string, value V) query.Filter { return in(index, value) }

// in is a filter for any of the values.
func in[V int64 | string | bool](index string, values ...V) query.Filter {
	return query.Filter{Index: index, Ranges: query.Each(values...)}
}

func mustWrite(t testing.TB, s *store.Store, rows ...vox.Registration) {
	t.Helper()
	err := s.Write(noon, func(tx *store.Tx) error {
		for _, row := range rows {
			if err := store.Put(tx, store.Registrations, row); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

func selected(t testing.TB, s *store.Store, where ...query.Filter) []int64 {
	t.Helper()
	ids := []int64{}
	err := s.Read(noon, func(tx *store.Tx) error {
		for _, r := range store.Select(tx, store.Registrations, 1, store.Conditions(store.Registrations, where), query.All()) {
			ids = append(ids, r.ID)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return ids
}

// Sets change their form at 256 members; blocks end at 65,536 ids.
func TestDenseBlocksAnswerLikeSparseOnes(t *testing.T) {
	s := store.New()
	var want []int64
	for id := int64(50_000); id < 70_000; id++ {
		row := simple(id)
		if id%3 == 0 {
			row.Proxy = "third"
			want = append(want, id)
		}
		mustWrite(t, s, row)
	}
	if diff := cmp.Diff(want, selected(t, s, is("proxy", "third"))); diff != "" {
		t.Errorf("dense (-want +got):\n%s", diff)
	}
	for _, id := range want[5:] {
		mustWrite(t, s, simple(id))
	}
	if diff := cmp.Diff(want[:5], selected(t, s, is("proxy", "third"))); diff != "" {
		t.Errorf("sparse again (-want +got):\n%s", diff)
	}
	if got := len(selected(t, s, is("deactivated", false))); got != 20_000 {
		t.Errorf("%d rows with the flag unset, want 20000", got)
	}
}

func TestAPanicLeavesNoChangeAndNoLock(t *testing.T) {
	s := store.New()
	func() {
		defer func() {
			if recover() == nil {
				t.Error("the panic was swallowed")
			}
		}()
		_ = s.Write(noon, func(tx *store.Tx) error { // panics
			if err := store.Put(tx, store.Registrations, simple(1)); err != nil {
				return err
			}
			panic("bug")
		})
	}()
	mustWrite(t, s, simple(2))
	if diff := cmp.Diff([]int64{2}, selected(t, s)); diff != "" {
		t.Errorf("rows (-want +got):\n%s", diff)
	}
}

func TestReplaceIsAllOrNothing(t *testing.T) {
	s := store.New()
	mustWrite(t, s, simple(7))
	fill := func(fail error) error {
		return s.Replace(noon, func(tx *store.Tx) error {
			if n := store.Len(tx, store.Registrations) + int(store.NextID(tx, store.Registrations)) - 1; n != 0 {
				t.Errorf("the new state is not empty: %d", n)
			}
			return errors.Join(store.Put(tx, store.Registrations, simple(3)), fail)
		})
	}
	if err := fill(errGivenUp); !errors.Is(err, errGivenUp) {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]int64{7}, selected(t, s)); diff != "" {
		t.Errorf("after a failed replacement (-want +got):\n%s", diff)
	}
	if err := fill(nil); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]int64{3}, selected(t, s)); diff != "" {
		t.Errorf("after a replacement (-want +got):\n%s", diff)
	}
}

func TestIDsAreNotReused(t *testing.T) {
	s := store.New()
	var next []int64
	step := func(change func(*store.Tx) error) {
		err := s.Write(noon, func(tx *store.Tx) error {
			if err := change(tx); err != nil {
				return err
			}
			next = append(next, store.NextID(tx, store.Registrations))
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	step(func(*store.Tx) error { return nil })
	step(func(tx *store.Tx) error { return store.Put(tx, store.Registrations, simple(41)) })
	step(func(tx *store.Tx) error { store.Delete(tx, store.Registrations, 41); return nil })
	step(func(tx *store.Tx) error { return store.Put(tx, store.Registrations, simple(3)) })
	if diff := cmp.Diff([]int64{1, 42, 42, 42}, next); diff != "" {
		t.Errorf("next ids (-want +got):\n%s", diff)
	}
}

func TestUniqueValuesAreRefusedASecondTime(t *testing.T) {
	err := store.New().Write(noon, func(tx *store.Tx) error {
		first := errors.Join(
			store.Put(tx, store.Accounts, vox.Account{ID: 1, Name: "a"}), store.Put(tx, store.Accounts, vox.Account{ID: 2, Name: "b"}),
			store.Put(tx, store.Accounts, vox.Account{ID: 1, Name: "a", Email: "e"}), // the row itself
			store.Put(tx, store.Applications, vox.Application{ID: 1, AccountID: 1, Name: "x"}),
			store.Put(tx, store.Applications, vox.Application{ID: 2, AccountID: 2, Name: "x"}), // of another account
			store.Put(tx, store.Users, vox.User{ID: 1, AccountID: 1, ApplicationID: 1, Name: "u"}),
			store.Put(tx, store.Users, vox.User{ID: 2, AccountID: 1, ApplicationID: 2, Name: "u"}), // of another application
		)
		for what, second := range map[string]error{
			"account name":     store.Put(tx, store.Accounts, vox.Account{ID: 3, Name: "a"}),
			"email":            store.Put(tx, store.Accounts, vox.Account{ID: 3, Name: "c", Email: "e"}),
			"application name": store.Put(tx, store.Applications, vox.Application{ID: 3, AccountID: 1, Name: "x"}),
			"user name":        store.Put(tx, store.Users, vox.User{ID: 3, AccountID: 1, ApplicationID: 1, Name: "u"}),
			"id 0":             store.Put(tx, store.Accounts, vox.Account{Name: "z"}),
			"negative id":      store.Put(tx, store.Accounts, vox.Account{ID: -1, Name: "z"}),
			"empty id":         store.Put(tx, store.Keys, vox.Key{}),
		} {
			if second == nil {
				t.Errorf("%s was accepted", what)
			}
		}
		return first
	})
	if err != nil {
		t.Error(err)
	}
}

func TestNegativePagesCountAsZero(t *testing.T) {
	s := store.New()
	mustWrite(t, s, simple(1), simple(2))
	err := s.Read(noon, func(tx *store.Tx) error {
		if all := store.Select(tx, store.Registrations, 1, nil, query.Page{Offset: -1, Count: 9}); len(all) != 2 {
			t.Errorf("offset -1: %d rows, want 2", len(all))
		}
		if none := store.Select(tx, store.Registrations, 1, nil, query.Page{Count: -1}); len(none) != 0 {
			t.Errorf("count -1: %d rows, want none", len(none))
		}
		return nil
	})
	if err != nil {
		t.Error(err)
	}
}

// Two rows always change together, so no reader may see one change without the other.
func TestReadersSeeOneSnapshotBesideAWriter(t *testing.T) {
	s := store.New()
	mustWrite(t, s, simple(1), simple(2))
	var readers sync.WaitGroup
	done := make(chan struct{})
	for range 4 {
		readers.Go(func() {
			for {
				select {
				case <-done:
					return
				default:
				}
				if n := len(selected(t, s, is("deactivated", true))); n != 0 && n != 2 {
					t.Errorf("%d of 2 rows changed", n)
				}
			}
		})
	}
	for i := range 500 {
		a, b := simple(1), simple(2)
		a.Deactivated, b.Deactivated = i%2 == 0, i%2 == 0
		mustWrite(t, s, a, b)
	}
	close(done)
	readers.Wait()
}

func TestWritersLoseNoUpdate(t *testing.T) {
	s := store.New()
	var writers sync.WaitGroup
	for range 8 {
		writers.Go(func() {
			for range 50 {
				err := s.Write(noon, func(tx *store.Tx) error {
					return store.Put(tx, store.Registrations, vox.Registration{ID: store.NextID(tx, store.Registrations), AccountID: 1, SIPUsername: fmt.Sprint(store.NextID(tx, store.Registrations))})
				})
				if err != nil {
					t.Error(err)
				}
			}
		})
	}
	writers.Wait()
	if got := len(selected(t, s)); got != 400 {
		t.Errorf("%d rows, want 400", got)
	}
}
