package clock_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/voxemu/voxemu/emulator/clock"
)

var noon = time.Date(2026, 1, 31, 12, 0, 0, 0, time.UTC)

// diary is an agenda of given moments that notes what it ran.
type diary struct {
	due []time.Time
	ran []time.Time
}

func (d *diary) agenda() clock.Agenda {
	return clock.Agenda{
		Next: func() (time.Time, bool) {
			if len(d.due) == 0 {
				return time.Time{}, false
			}
			return d.due[0], true
		},
		Run: func(at time.Time) error {
			d.ran, d.due = append(d.ran, at), d.due[1:]
			return nil
		},
	}
}

func TestAFrozenClockMovesOnlyWhenTold(t *testing.T) {
	c := clock.Frozen(noon)
	if got := c.Now(); !got.Equal(noon) {
		t.Errorf("now = %v, want %v", got, noon)
	}
	if err := c.Advance(time.Hour); err != nil {
		t.Fatal(err)
	}
	if got := c.Now(); !got.Equal(noon.Add(time.Hour)) {
		t.Errorf("now = %v, want one hour later", got)
	}
}

func TestCatchUpRunsOnlyWhatIsDueByNow(t *testing.T) {
	d := &diary{due: []time.Time{noon.Add(-time.Second), noon, noon.Add(time.Second)}}
	c := clock.Frozen(noon)
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
	c := clock.Frozen(noon)
	c.Follow(d.agenda())
	if err := c.Advance(2 * time.Hour); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]time.Time{noon.Add(time.Minute), noon.Add(time.Hour)}, d.ran); diff != "" {
		t.Errorf("ran (-want +got):\n%s", diff)
	}
}

func TestTimeDoesNotGoBack(t *testing.T) {
	if err := clock.Frozen(noon).Advance(-time.Second); err == nil {
		t.Error("Advance(-1s) was accepted")
	}
}

func TestALiveClockCanBeAdvanced(t *testing.T) {
	c := clock.Live()
	before := c.Now()
	if err := c.Advance(24 * time.Hour); err != nil {
		t.Fatal(err)
	}
	if got := c.Now().Sub(before); got < 24*time.Hour {
		t.Errorf("moved by %v, want at least a day", got)
	}
}
