package store_test

import (
	"errors"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/voxemu/voxemu/emulator/internal/store"
	"github.com/voxemu/voxemu/emulator/vox"
)

// answering is a store in which registrations succeed in a transaction that follows the
// one that writes them, except the broken ones. It records the ids and times of all
// attempts, and the states that the observer saw in each transaction.
type answering struct {
	*testing.T
	store  *store.Store
	broken []int64
	tried  []int64
	at     []time.Time
	seen   [][]vox.State
}

func newAnswering(t *testing.T, broken ...int64) *answering {
	a := &answering{T: t, store: store.New(), broken: broken}
	a.store.Observe(func(tx *store.Tx) error {
		var states []vox.State
		for _, after := range store.Changes(tx, store.Registrations) {
			states = append(states, after.State)
		}
		a.seen = append(a.seen, states)
		return nil
	})
	return a
}

// put writes registrations that are answered at once.
func (a *answering) put(ids ...int64) func(*store.Tx) error {
	return func(tx *store.Tx) error {
		for _, id := range ids {
			r := simple(id)
			r.State = vox.InProgress
			if err := store.Put(tx, store.Registrations, r); err != nil {
				return err
			}
			tx.Then(func(tx *store.Tx) error { return a.answer(tx, id) })
		}
		return nil
	}
}

func (a *answering) answer(tx *store.Tx, id int64) error {
	a.tried, a.at = append(a.tried, id), append(a.at, tx.Now())
	r, _ := store.Get(tx, store.Registrations, id)
	r.State = vox.Successful
	if err := store.Put(tx, store.Registrations, r); err != nil || !slices.Contains(a.broken, id) {
		return err
	}
	if id%2 == 1 {
		panic("a bug")
	}
	return errGivenUp
}

func (a *answering) states() (states []vox.State) {
	a.Helper()
	err := a.store.Read(noon, func(tx *store.Tx) error {
		for r := range store.All(tx, store.Registrations) {
			states = append(states, r.State)
		}
		return nil
	})
	if err != nil {
		a.Fatal(err)
	}
	return states
}

func TestWhatFollowsAWriteIsATransactionOfItsOwnInTheSameCommit(t *testing.T) {
	a := newAnswering(t)
	if err := a.store.Write(noon, a.put(1, 2)); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]time.Time{noon, noon}, a.at); diff != "" {
		t.Errorf("moments (-want +got):\n%s", diff)
	}
	want := [][]vox.State{{vox.InProgress, vox.InProgress}, {vox.Successful}, {vox.Successful}}
	if diff := cmp.Diff(want, a.seen); diff != "" {
		t.Errorf("the observer saw (-want +got):\n%s", diff)
	}
	if got := a.store.Commits(); got != 1 {
		t.Errorf("%d commits, want 1", got)
	}
	if diff := cmp.Diff([]vox.State{vox.Successful, vox.Successful}, a.states()); diff != "" {
		t.Errorf("states (-want +got):\n%s", diff)
	}
}

func TestWhatFailsAfterAWriteChangesNothingAndEndsWhatFollows(t *testing.T) {
	for _, broken := range []int64{2, 3} { // 3 panics
		a := newAnswering(t, broken)
		if err := a.store.Write(noon, a.put(1, broken, 4)); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff([]vox.State{vox.Successful, vox.InProgress, vox.InProgress}, a.states()); diff != "" {
			t.Errorf("states (-want +got):\n%s", diff)
		}
		if diff := cmp.Diff([]int64{1, broken}, a.tried); diff != "" {
			t.Errorf("tried (-want +got):\n%s", diff)
		}
	}
}

func TestNothingFollowsAWriteThatFailsOrAReplacedState(t *testing.T) {
	a := newAnswering(t)
	refused := func(tx *store.Tx) error { return errors.Join(a.put(1)(tx), errGivenUp) }
	if err := a.store.Write(noon, refused); !errors.Is(err, errGivenUp) {
		t.Error(err)
	}
	if err := a.store.Replace(noon, a.put(2)); err != nil {
		t.Error(err)
	}
	if len(a.tried) > 0 {
		t.Errorf("tried %v", a.tried)
	}
}

func TestWhatFollowsAWriteMayHaveSomethingFollowUpToABound(t *testing.T) {
	s, ran := store.New(), 0
	var again func(tx *store.Tx) error
	again = func(tx *store.Tx) error {
		ran++
		tx.Then(again)
		return nil
	}
	if err := s.Write(noon, again); err != nil {
		t.Fatal(err)
	}
	if ran != 33 {
		t.Errorf("%d transactions, want the first and 32", ran)
	}
}
