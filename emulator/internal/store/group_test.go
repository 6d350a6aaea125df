package store_test

import (
	"errors"
	"fmt"
	"runtime"
	"slices"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/voxemu/voxemu/emulator/internal/store"
	"github.com/voxemu/voxemu/emulator/vox"
)

// together runs the functions as writers of one group: the first one starts when all
// others wait.
func together(s *store.Store, writers ...func(*store.Tx) error) []error {
	errs := make([]error, len(writers))
	var running sync.WaitGroup
	entered := make(chan struct{})
	write := func(i int, fn func(*store.Tx) error) {
		running.Go(func() {
			defer func() {
				if bug := recover(); bug != nil {
					errs[i] = fmt.Errorf("panic: %v", bug)
				}
			}()
			errs[i] = s.Write(noon, fn)
		})
	}
	write(0, func(tx *store.Tx) error {
		close(entered)
		for s.Coming() < int64(len(writers)) {
			runtime.Gosched()
		}
		return writers[0](tx)
	})
	<-entered
	for i, fn := range writers[1:] {
		write(i+1, fn)
	}
	running.Wait()
	return errs
}

func put(rows ...vox.Registration) func(*store.Tx) error {
	return func(tx *store.Tx) error {
		for _, row := range rows {
			if err := store.Put(tx, store.Registrations, row); err != nil {
				return err
			}
		}
		return nil
	}
}

func TestAWriterThatFailsTakesBackItsOwnChangesOnly(t *testing.T) {
	s := store.New()
	mustWrite(t, s, simple(1), simple(2))
	errs := together(s,
		put(simple(3)),
		func(tx *store.Tx) error {
			store.Delete(tx, store.Registrations, 1)
			tx.SetSettings(vox.Settings{Behaviour: vox.Behaviour{UnknownFilter: vox.UnknownFilterError}})
			return errors.Join(put(simple(90))(tx), errGivenUp)
		},
		func(tx *store.Tx) error {
			store.Delete(tx, store.Registrations, 2)
			_ = put(simple(91))(tx)
			panic("bug")
		},
		put(simple(4)),
	)
	if errs[0] != nil || !errors.Is(errs[1], errGivenUp) || errs[2] == nil || errs[2].Error() != "panic: bug" || errs[3] != nil {
		t.Errorf("errors %v", errs)
	}
	if diff := cmp.Diff([]int64{1, 2, 3, 4}, selected(t, s)); diff != "" {
		t.Errorf("rows (-want +got):\n%s", diff)
	}
	err := s.Read(noon, func(tx *store.Tx) error {
		if next, settings := store.NextID(tx, store.Registrations), tx.Settings(); next != 5 || settings.Behaviour.UnknownFilter != "" {
			t.Errorf("next id %d, want 5; settings %+v, want none", next, settings)
		}
		return nil
	})
	if err != nil {
		t.Error(err)
	}
}

func TestAWriterSeesWhatEarlierWritersOfItsGroupChanged(t *testing.T) {
	s := store.New()
	claim := func(tx *store.Tx) error {
		r := simple(store.NextID(tx, store.Registrations))
		r.UserID = r.ID
		if n := store.Count(tx, store.Registrations, 1, store.RegistrationUser.Is(r.ID-1)); n != int(min(r.ID-1, 1)) {
			return fmt.Errorf("row %d sees %d rows of the user before it", r.ID, n)
		}
		return put(r)(tx)
	}
	for i, err := range together(s, claim, claim, claim, claim, claim) {
		if err != nil {
			t.Errorf("writer %d: %v", i, err)
		}
	}
	if diff := cmp.Diff([]int64{1, 2, 3, 4, 5}, selected(t, s)); diff != "" {
		t.Errorf("rows (-want +got):\n%s", diff)
	}
}

func TestOfWritersThatClaimOneValueOneWins(t *testing.T) {
	s := store.New()
	claim := func(id int64) func(*store.Tx) error {
		row := simple(id)
		row.UserID = 5
		return put(row)
	}
	refused := 0
	for _, err := range together(s, claim(1), claim(2), claim(3), claim(4)) {
		if err != nil {
			refused++
		}
	}
	if got := selected(t, s, is("user_id", int64(5))); refused != 3 || len(got) != 1 {
		t.Errorf("%d refused, rows %v hold the user; want 3 and one", refused, got)
	}
}

// A reader that waits for the writer would wait forever here.
func TestReadersNeverWaitForAWriter(t *testing.T) {
	s := store.New()
	mustWrite(t, s, simple(1))
	err := s.Write(noon, func(tx *store.Tx) error {
		if err := put(simple(2))(tx); err != nil {
			return err
		}
		if diff := cmp.Diff([]int64{1}, selected(t, s)); diff != "" {
			t.Errorf("beside a writer (-want +got):\n%s", diff)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]int64{1, 2}, selected(t, s)); diff != "" {
		t.Errorf("after the write (-want +got):\n%s", diff)
	}
}

// A replacement between the writers of a group removes earlier changes and no later ones.
func TestAReplacementAmongWritersKeepsTheOrder(t *testing.T) {
	for range 50 {
		s := store.New()
		var order []int64 // in the order of the lock
		writer := func(id int64) func(*store.Tx) error {
			return func(tx *store.Tx) error { order = append(order, id); return put(simple(id))(tx) }
		}
		var replacing sync.WaitGroup
		replacement := func(tx *store.Tx) error { order = []int64{9}; return put(simple(9))(tx) }
		errs := together(s, func(tx *store.Tx) error {
			replacing.Go(func() {
				if err := s.Replace(noon, replacement); err != nil {
					t.Error(err)
				}
			})
			return writer(1)(tx)
		}, writer(2), writer(3), writer(4))
		replacing.Wait()
		if err := errors.Join(errs...); err != nil {
			t.Fatal(err)
		}
		slices.Sort(order)
		if diff := cmp.Diff(order, selected(t, s)); diff != "" {
			t.Fatalf("rows (-want +got):\n%s", diff)
		}
	}
}

// The writers of a group run in any order, so each compares with the reference as the
// previous one left it.
func TestGroupsAnswerLikeTheReference(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s, ref := store.New(), reference{}
		write(t, s, ref)
		var writers []func(*store.Tx) error
		for range rapid.IntRange(2, 5).Draw(t, "writers") {
			changes := rapid.SliceOfN(rows(), 1, 6).Draw(t, "rows")
			deletes := rapid.SliceOfN(ids(), 0, 3).Draw(t, "deletes")
			fail := rapid.IntRange(0, 2).Draw(t, "fail") == 0
			question, page := questions().Draw(t, "where"), pages().Draw(t, "page")
			writers = append(writers, func(tx *store.Tx) error {
				next := ref.clone()
				for _, row := range changes {
					next[row.ID] = row
				}
				for _, id := range deletes {
					delete(next, id)
				}
				if err := put(changes...)(tx); err != nil {
					return err
				}
				for _, id := range deletes {
					store.Delete(tx, store.Registrations, id)
				}
				got := store.Select(tx, store.Registrations, 1, store.Conditions(store.Registrations, question), page)
				if diff := cmp.Diff(next.find(1, question, page), got); diff != "" {
					return fmt.Errorf("%v, %+v (-want +got):\n%s", question, page, diff)
				}
				if fail {
					return errGivenUp
				}
				ref.become(next)
				return nil
			})
		}
		for _, err := range together(s, writers...) {
			if err != nil && !errors.Is(err, errGivenUp) {
				t.Fatal(err)
			}
		}
		read(t, s, func(tx *store.Tx) { compare(t, tx, ref); ask(t, tx, ref) })
	})
}
