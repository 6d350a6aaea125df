package scheduler_test

import (
	"context"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/voxemu/voxemu/emulator/internal/scheduler"
)

// calendar is a diary for concurrent use that records the machine's time of each event.
type calendar struct {
	mu    sync.Mutex
	diary diary
	ran   []time.Duration
}

// running runs a live clock with a calendar; began is the start of both.
func running(t *testing.T, c *scheduler.Clock) (book *calendar, began time.Time) {
	book, began = &calendar{}, time.Now()
	inner := book.diary.agenda()
	c.Follow(scheduler.Agenda{
		Next: func() (time.Time, bool) {
			book.mu.Lock()
			defer book.mu.Unlock()
			return inner.Next()
		},
		Run: func(at time.Time) error {
			book.mu.Lock()
			defer book.mu.Unlock()
			book.ran = append(book.ran, time.Since(began))
			return inner.Run(at)
		},
	})
	ctx, stop := context.WithCancel(t.Context())
	var loop sync.WaitGroup
	loop.Go(func() { c.Run(ctx) })
	t.Cleanup(func() {
		stop()
		loop.Wait() // synctest reports goroutines that are left
	})
	return book, began
}

func (b *calendar) add(c *scheduler.Clock, in time.Duration) {
	b.mu.Lock()
	b.diary.add(c.Now().Add(in))
	b.mu.Unlock()
	c.Wake()
}

func (b *calendar) check(t *testing.T, want ...time.Duration) {
	t.Helper()
	synctest.Wait()
	b.mu.Lock()
	defer b.mu.Unlock()
	if diff := cmp.Diff(want, b.ran); diff != "" {
		t.Errorf("ran after (-want +got):\n%s", diff)
	}
}

func TestALiveClockIsPunctualWithoutPolling(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := live(t)
		book, _ := running(t, c)
		book.add(c, time.Hour)
		book.add(c, time.Minute) // before the event that Run sleeps for
		time.Sleep(30 * time.Minute)
		book.check(t, time.Minute)
		time.Sleep(30 * time.Minute)
		book.check(t, time.Minute, time.Hour)
	})
}

func TestWhatIsDueAtOnceHappensOnAStoppedClockToo(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := at(t, noon)
		book, _ := running(t, c)
		book.add(c, 0)
		book.add(c, time.Second)
		time.Sleep(time.Hour)
		book.check(t, 0)
	})
}

func TestEventsWaitWhileTheClockIsStoppedAndComeWhenItResumes(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := live(t)
		book, _ := running(t, c)
		book.add(c, time.Minute)
		time.Sleep(30 * time.Second)
		c.Stop()
		time.Sleep(time.Hour)
		book.check(t)
		c.Resume()
		time.Sleep(time.Hour)
		book.check(t, time.Hour+time.Minute)
	})
}

func TestAnAdvanceBringsTheNextEventCloser(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := live(t)
		book, _ := running(t, c)
		book.add(c, time.Hour)
		book.add(c, 2*time.Hour)
		synctest.Wait()
		if err := c.Advance(119*time.Minute, scheduler.Move{}); err != nil {
			t.Fatal(err)
		}
		book.check(t, 0)
		time.Sleep(time.Minute)
		book.check(t, 0, time.Minute)
	})
}
