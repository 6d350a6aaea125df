package store_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/voxemu/voxemu/emulator/internal/query"
	"github.com/voxemu/voxemu/emulator/internal/store"
	"github.com/voxemu/voxemu/emulator/vox"
)

// The filters of GetTransactionHistory are compared with a scan of all rows.
func TestTransactionsAreFoundByTypeAndMoment(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		all := rapid.SliceOfN(lines(), 0, 40).Draw(t, "lines")
		s := store.New()
		err := s.Write(noon, func(tx *store.Tx) error {
			for i := range all {
				all[i].ID = int64(i) + 1
				if err := store.Put(tx, store.Transactions, all[i]); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		from := noon.Unix() + rapid.Int64Range(-1, 5).Draw(t, "from")
		to := from + rapid.Int64Range(-1, 5).Draw(t, "length")
		kinds := rapid.SliceOfDistinct(rapid.SampledFrom(vox.TransactionTypes()), rapid.ID).Draw(t, "types")
		want := []vox.Transaction{}
		for _, line := range all {
			moment := line.PerformedAt.Unix()
			of := false
			for _, kind := range kinds {
				of = of || line.Type == kind
			}
			if line.AccountID == 1 && of && from <= moment && moment <= to {
				want = append(want, line)
			}
		}
		where := append(store.TransactionType.In(texts(kinds)...), store.TransactionTime.Between(from, to)...)
		read(t, s, func(tx *store.Tx) {
			got := store.Select(tx, store.Transactions, 1, where, query.All())
			if diff := cmp.Diff(want, got); diff != "" {
				t.Fatalf("transactions (-want +got):\n%s", diff)
			}
		})
	})
}

func lines() *rapid.Generator[vox.Transaction] {
	return rapid.Custom(func(t *rapid.T) vox.Transaction {
		return vox.Transaction{
			AccountID:   rapid.Int64Range(1, 2).Draw(t, "account"),
			Type:        rapid.SampledFrom(vox.TransactionTypes()).Draw(t, "type"),
			PerformedAt: noon.Add(time.Duration(rapid.IntRange(0, 5000).Draw(t, "moment")) * time.Millisecond),
		}
	})
}

func texts(kinds []vox.TransactionType) []string {
	list := make([]string, len(kinds))
	for i, kind := range kinds {
		list[i] = string(kind)
	}
	return list
}

func TestMoneyDecidesNextAtTheRenewalOrAtTheRemovalOfWhatIsFrozen(t *testing.T) {
	active, frozen, paused := simple(1), simple(2), simple(3)
	active.NextRenewal = noon.Add(3 * time.Hour)
	frozen.Deactivated, frozen.NextRenewal, frozen.DetachDate = true, noon.Add(time.Hour), noon.Add(2*time.Hour)
	paused.Deactivated, paused.NextRenewal = true, noon.Add(time.Hour)
	s := store.New()
	mustWrite(t, s, active, frozen, paused)
	for _, want := range []struct {
		id int64
		at time.Time
	}{{2, frozen.DetachDate}, {1, active.NextRenewal}} {
		err := s.Write(noon, func(tx *store.Tx) error {
			r, at, ok := store.Earliest(tx, store.Registrations, store.RegistrationRenewal)
			if !ok || r.ID != want.id || !at.Equal(want.at) {
				t.Errorf("row %d at %v, want %d at %v", r.ID, at, want.id, want.at)
			}
			store.Delete(tx, store.Registrations, r.ID)
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	err := s.Read(noon, func(tx *store.Tx) error {
		if r, _, ok := store.Earliest(tx, store.Registrations, store.RegistrationRenewal); ok {
			t.Errorf("row %d, which waits for ever", r.ID)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}
