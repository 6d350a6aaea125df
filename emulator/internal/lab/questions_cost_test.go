package lab

import (
	"fmt"
	"log/slog"
	"testing"
	"time"

	"github.com/voxemu/voxemu/emulator/clock"
	"github.com/voxemu/voxemu/emulator/fault"
	"github.com/voxemu/voxemu/emulator/internal/store"
	"github.com/voxemu/voxemu/emulator/vox"
)

// Questions must not cost for rows that their answers do not contain: with 1,000 times
// the rows, they may allocate half as much again.
func TestQuestionsAllocateForWhatTheyReturnOnly(t *testing.T) {
	few, many := beside(t, 10), beside(t, 10_000)
	for name, ask := range map[string]func(*Lab){
		"the next event": func(l *Lab) {
			if due := l.DueUntil(time.Time{}); len(due.Events) != 1 || due.Events[0].CallbackID != 1 {
				t.Errorf("%+v", due)
			}
		},
		"the events of a day": func(l *Lab) {
			if due := l.DueUntil(noon.AddDate(0, 0, 1)); len(due.Events) != 2 || due.More != 0 {
				t.Errorf("%+v", due)
			}
		},
		"the fault rules of an account": func(l *Lab) {
			about := l.RulesAbout(2)
			for key, want := range map[string]bool{"key-1": true, "key-2": false, "none": false} {
				if got := about(fault.Rule{When: fault.When{Key: key}}); got != want {
					t.Errorf("a rule on %s is about account 2: %v", key, got)
				}
			}
		},
	} {
		a := testing.AllocsPerRun(5, func() { ask(few) })
		b := testing.AllocsPerRun(5, func() { ask(many) })
		if b > a*1.5+20 {
			t.Errorf("%s: %.0f allocations beside 10 rows, %.0f beside 10,000", name, a, b)
		}
	}
}

// beside returns a lab with a number of rows of each kind that a question concerns; the
// first one of each is due soon, or belongs to account 2.
func beside(t *testing.T, rows int) *Lab {
	l := newLab(t, clock.Stopped(noon), slog.DiscardHandler, "empty")
	err := l.store.Write(noon, func(tx *store.Tx) error {
		for id := range int64(rows) {
			at, owner := noon.AddDate(0, 0, 20), int64(1)
			if id == 0 {
				at, owner = noon.Add(time.Hour), 2
			}
			r := vox.Registration{ID: id + 1, AccountID: owner, NextRenewal: at.Add(time.Minute), RenewalDay: int64(at.Day())}
			c := vox.Callback{ID: id + 1, AccountID: owner, State: vox.CallbackQueued, NextAttempt: at}
			if err := store.Put(tx, store.Registrations, r); err != nil {
				return err
			}
			if err := store.Put(tx, store.Callbacks, c); err != nil {
				return err
			}
			if err := store.Put(tx, store.Keys, vox.Key{ID: fmt.Sprintf("key-%d", id+1), AccountID: owner}); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return l
}
