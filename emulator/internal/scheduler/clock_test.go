package scheduler_test

import (
	"errors"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/voxemu/voxemu/emulator/clock"
	"github.com/voxemu/voxemu/emulator/internal/scheduler"
)

var noon = time.Date(2026, 1, 31, 12, 0, 0, 0, time.UTC)

// at returns a clock stopped at a time.
func at(t *testing.T, moment time.Time) *scheduler.Clock {
	t.Helper()
	return set(t, clock.Stopped(moment))
}

// live returns a clock that follows the machine's.
func live(t *testing.T) *scheduler.Clock {
	t.Helper()
	return set(t, clock.Live())
}

func set(t *testing.T, to clock.Setting) *scheduler.Clock {
	t.Helper()
	c, err := scheduler.New(to)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// diary is an agenda of given times that records the events run. If then is not nil, it
// is called for each event.
type diary struct {
	due  []time.Time
	ran  []time.Time
	then func(at time.Time) error
}

// add makes an event due at each time.
func (d *diary) add(at ...time.Time) {
	d.due = append(d.due, at...)
	slices.SortStableFunc(d.due, time.Time.Compare)
}

func (d *diary) agenda() scheduler.Agenda {
	return scheduler.Agenda{
		Next: func() (time.Time, bool) {
			if len(d.due) == 0 {
				return time.Time{}, false
			}
			return d.due[0], true
		},
		Run: func(at time.Time) error {
			d.ran, d.due = append(d.ran, at), d.due[1:]
			if d.then != nil {
				return d.then(at)
			}
			return nil
		},
	}
}

// An interrupted move ends between two events: everything up to the clock's time has
// happened, and nothing after it.
func TestAnInterruptedMoveEndsBetweenTwoEvents(t *testing.T) {
	c, err := scheduler.New(clock.Stopped(noon))
	if err != nil {
		t.Fatal(err)
	}
	gone := make(chan struct{})
	ran, seen := 0, 0
	next := noon.Add(time.Hour)
	c.Follow(scheduler.Agenda{
		Next: func() (time.Time, bool) { return next, true },
		Run: func(at time.Time) error {
			ran++
			next = at.Add(time.Hour)
			return nil
		},
	})
	move := scheduler.Move{Interrupt: gone, Progress: func(time.Time) {
		if seen++; seen == 3 {
			close(gone)
		}
	}}
	err = c.Advance(100*365*24*time.Hour, move)
	if !errors.Is(err, scheduler.ErrInterrupted) || ran != 3 || !c.Now().Equal(noon.Add(3*time.Hour)) {
		t.Errorf("%v; %d events, now %s", err, ran, c.Now())
	}
	if err := c.Advance(time.Hour, move); !errors.Is(err, scheduler.ErrInterrupted) || ran != 3 {
		t.Errorf("an interrupted caller moves the clock: %v, %d events", err, ran)
	}
	if err := c.Advance(time.Hour, scheduler.Move{}); err != nil || ran != 4 {
		t.Errorf("%v, %d events", err, ran)
	}
}

func TestAStoppedClockMovesOnlyOnRequest(t *testing.T) {
	c := at(t, noon)
	if got := c.Now(); !got.Equal(noon) {
		t.Errorf("now = %v, want %v", got, noon)
	}
	if err := c.Advance(time.Hour, scheduler.Move{}); err != nil {
		t.Fatal(err)
	}
	if got := c.Now(); !got.Equal(noon.Add(time.Hour)) {
		t.Errorf("now = %v, want one hour later", got)
	}
}

func TestCatchUpRunsOnlyWhatIsDueByNow(t *testing.T) {
	d := &diary{due: []time.Time{noon.Add(-time.Second), noon, noon.Add(time.Second)}}
	c := at(t, noon)
	c.Follow(d.agenda())
	if err := c.CatchUp(); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]time.Time{noon.Add(-time.Second), noon}, d.ran); diff != "" {
		t.Errorf("ran (-want +got):\n%s", diff)
	}
}

func TestAdvanceRunsEventsAtTheirOwnMoments(t *testing.T) {
	d := &diary{due: []time.Time{noon.Add(time.Minute), noon.Add(time.Hour)}}
	c := at(t, noon)
	c.Follow(d.agenda())
	if err := c.Advance(2*time.Hour, scheduler.Move{}); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]time.Time{noon.Add(time.Minute), noon.Add(time.Hour)}, d.ran); diff != "" {
		t.Errorf("ran (-want +got):\n%s", diff)
	}
}

func TestTimeDoesNotGoBack(t *testing.T) {
	c := at(t, noon)
	if err := c.Advance(-time.Second, scheduler.Move{}); !errors.Is(err, clock.ErrBack) {
		t.Errorf("Advance(-1s): %v, want %v", err, clock.ErrBack)
	}
	if err := c.Set(noon.Add(-1), scheduler.Move{}); !errors.Is(err, clock.ErrBack) {
		t.Errorf("setting it back: %v, want %v", err, clock.ErrBack)
	}
	if got := c.Now(); !got.Equal(noon) {
		t.Errorf("now = %v, want %v", got, noon)
	}
}

func TestTimeEndsWhereTheStoreCannotKeepIt(t *testing.T) {
	c := at(t, noon)
	for why, err := range map[string]error{
		"advance": c.Advance(1<<63-1, scheduler.Move{}), "set": c.Set(time.Date(2200, 1, 1, 0, 0, 0, 0, time.UTC), scheduler.Move{}),
		"begin": c.Begin(time.Time{}),
	} {
		if err == nil {
			t.Errorf("%s: accepted", why)
		}
	}
	if got := c.Now(); !got.Equal(noon) {
		t.Errorf("now = %v, want %v", got, noon)
	}
}

func TestSetGoesForwardToTheMomentAndRunsWhatIsDueOnTheWay(t *testing.T) {
	d := &diary{due: []time.Time{noon.Add(time.Minute), noon.Add(time.Hour)}}
	c := at(t, noon)
	c.Follow(d.agenda())
	target := noon.Add(time.Minute)
	if err := c.Set(target.In(time.FixedZone("CET", 3600)), scheduler.Move{}); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]time.Time{target}, d.ran); diff != "" || c.Now() != target {
		t.Errorf("now %v, ran (-want +got):\n%s", c.Now(), diff)
	}
}

func TestWhatEventsMakeDueHappensInTheSameAdvance(t *testing.T) {
	d := &diary{due: []time.Time{noon}}
	d.then = func(at time.Time) error {
		d.add(at.Add(time.Minute))
		return nil
	}
	c := at(t, noon)
	c.Follow(d.agenda())
	if err := c.Advance(3*time.Minute, scheduler.Move{}); err != nil {
		t.Fatal(err)
	}
	want := []time.Time{noon, noon.Add(time.Minute), noon.Add(2 * time.Minute), noon.Add(3 * time.Minute)}
	if diff := cmp.Diff(want, d.ran); diff != "" {
		t.Errorf("ran (-want +got):\n%s", diff)
	}
}

func TestOfEventsAtTheSameMomentThoseOfTheFirstAgendaComeFirst(t *testing.T) {
	var order []string
	note := func(name string) *diary {
		return &diary{due: []time.Time{noon, noon.Add(time.Minute)}, then: func(time.Time) error {
			order = append(order, name)
			return nil
		}}
	}
	first, second := note("first"), note("second")
	second.due[0] = noon.Add(-1)
	c := at(t, noon.Add(-time.Hour))
	c.Follow(first.agenda(), second.agenda())
	if err := c.Advance(2*time.Hour, scheduler.Move{}); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"second", "first", "first", "second"}, order); diff != "" {
		t.Errorf("order (-want +got):\n%s", diff)
	}
}

func TestTheClockStandsAtEachEventsMoment(t *testing.T) {
	c := at(t, noon)
	var seen []time.Time
	d := &diary{due: []time.Time{noon.Add(time.Minute), noon.Add(time.Hour)}}
	agenda := d.agenda()
	agenda.Settle = func() { seen = append(seen, c.Now()) }
	c.Follow(agenda)
	if err := c.Advance(2*time.Hour, scheduler.Move{}); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]time.Time{noon, noon.Add(time.Minute), noon.Add(time.Hour), noon.Add(2 * time.Hour)}, seen); diff != "" {
		t.Errorf("settled at (-want +got):\n%s", diff)
	}
}

func TestALiveClockRunsOnFromWhereItWasPut(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := live(t)
		check := func(why string, want time.Time) {
			t.Helper()
			if got := c.Now(); !got.Equal(want) {
				t.Errorf("%s: %v, want %v", why, got, want)
			}
			if got, want := c.Ahead(), time.Until(want); got != want {
				t.Errorf("%s: %v ahead, want %v", why, got, want)
			}
		}
		if err := c.Begin(noon); err != nil {
			t.Fatal(err)
		}
		time.Sleep(time.Second)
		check("put at noon", noon.Add(time.Second))
		if err := c.Advance(24*time.Hour, scheduler.Move{}); err != nil {
			t.Fatal(err)
		}
		time.Sleep(time.Second)
		check("advanced by a day", noon.Add(24*time.Hour+2*time.Second))
		c.Stop()
		time.Sleep(time.Hour)
		check("stopped", noon.Add(24*time.Hour+2*time.Second))
		if err := c.Set(noon.Add(48*time.Hour), scheduler.Move{}); err != nil || !c.IsStopped() {
			t.Fatal(err)
		}
		c.Resume()
		time.Sleep(time.Second)
		c.Resume() // has no effect on a running clock
		check("resumed", noon.Add(48*time.Hour+time.Second))
	})
}
