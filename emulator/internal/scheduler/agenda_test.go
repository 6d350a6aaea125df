package scheduler_test

import (
	"errors"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/voxemu/voxemu/emulator/internal/scheduler"
)

var errBroken = errors.New("broken")

func TestAnEventThatFailsIsPostponedAndTheOthersGoOn(t *testing.T) {
	broken := &diary{due: []time.Time{noon, noon.Add(time.Second)}}
	broken.then = func(at time.Time) error {
		if at.Equal(noon) {
			return errBroken
		}
		return nil
	}
	other := &diary{due: []time.Time{noon.Add(time.Minute)}}
	agenda := broken.agenda()
	agenda.Postpone = func(at time.Time, cause error) error {
		if !errors.Is(cause, errBroken) {
			t.Errorf("cause %v", cause)
		}
		broken.add(at.Add(time.Hour))
		return nil
	}
	c := at(t, noon)
	c.Follow(agenda, other.agenda())
	if err := c.Advance(2*time.Hour, scheduler.Move{}); !errors.Is(err, errBroken) {
		t.Errorf("error %v, want one that names the cause", err)
	}
	if got := c.Now(); !got.Equal(noon.Add(2 * time.Hour)) {
		t.Errorf("now %v: the clock has not arrived", got)
	}
	if diff := cmp.Diff([]time.Time{noon, noon.Add(time.Second), noon.Add(time.Hour)}, broken.ran); diff != "" {
		t.Errorf("the agenda with the broken event ran (-want +got):\n%s", diff)
	}
	if len(other.ran) != 1 {
		t.Errorf("the other agenda ran %v", other.ran)
	}
}

// stuck returns an agenda with one event, which is always due and always fails.
func stuck(tries *[]time.Time) scheduler.Agenda {
	return scheduler.Agenda{
		Next: func() (time.Time, bool) { return noon, true },
		Run: func(at time.Time) error {
			*tries = append(*tries, at)
			return errBroken
		},
	}
}

func TestAnAgendaThatCannotPostponeRestsForAnHour(t *testing.T) {
	var tries []time.Time
	other := &diary{due: []time.Time{noon.Add(time.Minute)}}
	agenda := stuck(&tries)
	c := at(t, noon)
	c.Follow(agenda, other.agenda())
	err := c.Advance(2*time.Hour+time.Minute, scheduler.Move{})
	if err == nil || !strings.HasPrefix(err.Error(), "3 events failed") {
		t.Errorf("error %v, want 3 failures", err)
	}
	if diff := cmp.Diff([]time.Time{noon, noon.Add(time.Hour), noon.Add(2 * time.Hour)}, tries); diff != "" {
		t.Errorf("tried at (-want +got):\n%s", diff)
	}
	if len(other.ran) != 1 {
		t.Errorf("the other agenda ran %v", other.ran)
	}
	_, release := c.Hold() // must not wait for the event
	release()
}

func TestHoldRunsWhatIsDueFirst(t *testing.T) {
	d := &diary{due: []time.Time{noon}}
	d.then = func(at time.Time) error {
		if len(d.ran) < 3 {
			d.add(at)
		}
		return nil
	}
	c := at(t, noon)
	c.Follow(d.agenda())
	now, release := c.Hold()
	defer release()
	if len(d.ran) != 3 || !now.Equal(noon) {
		t.Errorf("ran %v by %v", d.ran, now)
	}
}

func TestTheClockDoesNotMoveWhileItIsHeld(t *testing.T) {
	d := &diary{due: []time.Time{noon.Add(time.Minute)}}
	c := at(t, noon)
	c.Follow(d.agenda())
	now, release := c.Hold()
	_, releaseToo := c.Hold() // two at once, as concurrent requests do
	var advancing sync.WaitGroup
	advancing.Go(func() {
		if err := c.Advance(time.Hour, scheduler.Move{}); err != nil {
			t.Error(err)
		}
	})
	for range 1000 {
		if got := c.Now(); !got.Equal(now) {
			t.Fatalf("now %v while held at %v", got, now)
		}
	}
	releaseToo()
	release()
	advancing.Wait()
	if len(d.ran) != 1 || !c.Now().Equal(noon.Add(time.Hour)) {
		t.Errorf("ran %v by %v", d.ran, c.Now())
	}
}

// A receiver of callbacks calls the API. If the request waited for the Advance, both
// would wait for each other.
func TestACallMadeByWhatAnAdvanceWaitsForSeesTheMomentUnderWay(t *testing.T) {
	d := &diary{due: []time.Time{noon.Add(time.Minute), noon.Add(time.Hour)}}
	agenda := d.agenda()
	c := at(t, noon)
	var seen []time.Time
	agenda.Settle = func() {
		var receiver sync.WaitGroup
		receiver.Go(func() {
			now, release := c.Hold()
			defer release()
			if !slices.ContainsFunc(d.due, func(at time.Time) bool { return !at.After(now) }) {
				seen = append(seen, now)
			}
		})
		receiver.Wait()
	}
	c.Follow(agenda)
	if err := c.Advance(2*time.Hour, scheduler.Move{}); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]time.Time{noon, noon.Add(time.Minute), noon.Add(time.Hour), noon.Add(2 * time.Hour)}, seen); diff != "" {
		t.Errorf("calls happened at (-want +got):\n%s", diff)
	}
}

func TestConcurrentAdvancesFollowEachOther(t *testing.T) {
	c := at(t, noon)
	c.Follow((&diary{}).agenda())
	var all sync.WaitGroup
	for range 10 {
		all.Go(func() {
			if err := c.Advance(time.Minute, scheduler.Move{}); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	if got := c.Now(); !got.Equal(noon.Add(10 * time.Minute)) {
		t.Errorf("now %v, want ten minutes later", got)
	}
}

// An endless sequence of requests can make an endless sequence of events due.
func TestCallsThatKeepMakingThingsDueNowDoNotStopAnAdvance(t *testing.T) {
	d := &diary{}
	agenda := d.agenda()
	c := at(t, noon)
	agenda.Settle = func() { // sends a request whenever the clock releases its lock
		now, release := c.Hold()
		defer release()
		d.add(now)
	}
	c.Follow(agenda)
	d.add(noon.Add(time.Minute), noon.Add(time.Hour))
	if err := c.Advance(2*time.Hour, scheduler.Move{}); err != nil {
		t.Fatal(err)
	}
	want := []time.Time{noon, noon.Add(time.Minute), noon.Add(time.Minute), noon.Add(time.Hour), noon.Add(time.Hour)}
	if diff := cmp.Diff(want, d.ran); diff != "" || !c.Now().Equal(noon.Add(2*time.Hour)) {
		t.Errorf("now %v, ran (-want +got):\n%s", c.Now(), diff)
	}
}
