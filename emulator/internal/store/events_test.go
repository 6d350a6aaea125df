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

// following is a store whose due registrations succeed, but for the broken ones.
// It notes which ids were tried, at which moments, and what the observer saw.
func following(broken ...int64) (s *store.Store, tried map[int64]time.Time, seen *[]vox.State) {
	s, tried, seen = store.New(), map[int64]time.Time{}, new([]vox.State)
	s.Observe(func(tx *store.Tx) error {
		for _, after := range store.Registrations(tx).Changes() {
			*seen = append(*seen, after.State)
		}
		return nil
	})
	next := func(tx *store.Tx) (time.Time, bool) {
		_, at, ok := store.Registrations(tx).Earliest("due")
		return at, ok
	}
	s.Follow(next, func(tx *store.Tx) error {
		r, _, _ := store.Registrations(tx).Earliest("due")
		tried[r.ID] = tx.Now()
		r.State, r.Due = vox.Successful, time.Time{}
		if err := store.Registrations(tx).Put(r); err != nil || !slices.Contains(broken, r.ID) {
			return err
		}
		return errGivenUp
	})
	return s, tried, seen
}

func waiting(id int64, due time.Time) vox.Registration {
	r := simple(id)
	r.State, r.Due = vox.InProgress, due
	return r
}

func states(t *testing.T, s *store.Store) (states []vox.State) {
	t.Helper()
	err := s.Read(noon, func(tx *store.Tx) error {
		for r := range store.Registrations(tx).All() {
			states = append(states, r.State)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return states
}

func TestAWriteIsCommittedTogetherWithTheEventsThatItMakesDue(t *testing.T) {
	s, tried, seen := following()
	before, soon := noon.Add(-time.Minute), noon.Add(time.Nanosecond)
	mustWrite(t, s, waiting(1, noon), waiting(2, before), waiting(3, soon))
	if diff := cmp.Diff([]vox.State{vox.Successful, vox.Successful, vox.InProgress}, states(t, s)); diff != "" {
		t.Errorf("states (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(map[int64]time.Time{1: noon, 2: before}, tried); diff != "" {
		t.Errorf("moments of the events (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]vox.State{vox.InProgress, vox.InProgress, vox.InProgress, vox.Successful, vox.Successful}, *seen); diff != "" {
		t.Errorf("the observer saw (-want +got):\n%s", diff)
	}
	if got := s.Commits(); got != 1 {
		t.Errorf("%d commits, want 1", got)
	}
}

func TestAnEventThatFailsIsLeftAndItsWriteSucceeds(t *testing.T) {
	s, tried, _ := following(2)
	mustWrite(t, s, waiting(1, noon), waiting(2, noon), waiting(3, noon))
	if diff := cmp.Diff([]vox.State{vox.Successful, vox.InProgress, vox.InProgress}, states(t, s)); diff != "" {
		t.Errorf("states (-want +got):\n%s", diff)
	}
	if _, ok := tried[3]; ok {
		t.Error("the event after the broken one has come before it")
	}
}

func TestAWriteThatFailsBringsNothingAbout(t *testing.T) {
	s, tried, _ := following()
	err := s.Write(noon, func(tx *store.Tx) error {
		return errors.Join(store.Registrations(tx).Put(waiting(1, noon)), errGivenUp)
	})
	if !errors.Is(err, errGivenUp) || len(tried) > 0 || len(states(t, s)) > 0 {
		t.Errorf("error %v, tried %v, rows %v", err, tried, states(t, s))
	}
}
