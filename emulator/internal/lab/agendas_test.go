package lab

import (
	"bytes"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/voxemu/voxemu/emulator/clock"
	"github.com/voxemu/voxemu/emulator/fault"
	"github.com/voxemu/voxemu/emulator/internal/inject"
	"github.com/voxemu/voxemu/emulator/internal/listen"
	"github.com/voxemu/voxemu/emulator/internal/requestlog"
	"github.com/voxemu/voxemu/emulator/internal/scheduler"
	"github.com/voxemu/voxemu/emulator/internal/sipreg"
	"github.com/voxemu/voxemu/emulator/internal/store"
	"github.com/voxemu/voxemu/emulator/vox"
	"github.com/voxemu/voxemu/scenarios"
)

var noon = time.Date(2026, 1, 31, 12, 0, 0, 0, time.UTC)

// newLab returns a lab with loaded scenarios; default: demo.
func newLab(t testing.TB, begins clock.Setting, log slog.Handler, scenario ...string) *Lab {
	t.Helper()
	if len(scenario) == 0 {
		scenario = []string{"demo"}
	}
	moment, err := scheduler.New(begins)
	if err != nil {
		t.Fatal(err)
	}
	l, err := New(Config{
		Store: store.New(), Clock: moment, Faults: inject.New(0, moment.Now, fault.Known{}), Journal: requestlog.New(10),
		Keys: listen.NewKeyring(""), Logger: slog.New(log),
	})
	if err != nil {
		t.Fatal(err)
	}
	if err := l.Load(scenario...); err != nil {
		t.Fatal(err)
	}
	return l
}

// addSlow adds a registration whose registrar answers after five seconds.
func addSlow(t testing.TB, l *Lab) (id int64) {
	t.Helper()
	added, err := l.Add(scenarios.Scenario{Registrations: []vox.Registration{{AccountID: 1, Proxy: "sip-slow-5s.test"}}})
	if err != nil {
		t.Fatal(err)
	}
	return added.Registrations[0].ID
}

// stateOf returns a registration's state without running due events first.
func stateOf(t *testing.T, l *Lab, id int64) vox.State {
	t.Helper()
	var state vox.State
	err := l.store.Read(time.Time{}, func(tx *store.Tx) error {
		r, ok := store.Get(tx, store.Registrations, id)
		if !ok {
			return fmt.Errorf("registration %d is gone", id)
		}
		state = r.State
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return state
}

func TestALiveClockIsPunctualThoughNobodyAsks(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := newLab(t, clock.Live(), slog.DiscardHandler)
		stop := l.RunClock()
		id := addSlow(t, l)
		const punctual = 50 * time.Millisecond
		time.Sleep(5*time.Second - punctual)
		synctest.Wait()
		if got := stateOf(t, l, id); got != vox.InProgress {
			t.Errorf("before its moment %s, want in progress", got)
		}
		time.Sleep(2 * punctual)
		synctest.Wait()
		if got := stateOf(t, l, id); got != vox.Successful {
			t.Errorf("after its moment %s, want successful", got)
		}
		stop() // synctest reports goroutines that are left
	})
}

func TestAnEventThatFailsIsLoggedAndPutOff(t *testing.T) {
	errBroken := errors.New("broken")
	for why, run := range map[string]func(*store.Tx) error{
		"error": func(*store.Tx) error { return errBroken },
		"panic": func(*store.Tx) error { panic(errBroken) },
	} {
		var log bytes.Buffer
		l := newLab(t, clock.Stopped(noon), slog.NewTextHandler(&log, nil))
		tries := 0
		l.clock.Follow(l.agenda(answers, "registration", func(tx *store.Tx) error {
			if tries++; tries == 1 {
				return run(tx)
			}
			return sipreg.RunNext(tx)
		}, sipreg.PostponeNext))
		id := addSlow(t, l)
		if err := l.Advance(time.Minute, nil); err == nil || !strings.Contains(err.Error(), "broken") {
			t.Errorf("%s: Advance says %v", why, err)
		}
		if text := log.String(); !strings.Contains(text, "broken") || !strings.Contains(text, "agenda=registration") {
			t.Errorf("%s: log %s", why, text)
		}
		if err := l.Advance(time.Hour, nil); err != nil {
			t.Errorf("%s: %v", why, err)
		}
		if got := stateOf(t, l, id); got != vox.Successful {
			t.Errorf("%s: an hour later %s, want successful", why, got)
		}
	}
}

// crowd returns a scenario of n registrations at the same proxy.
func crowd(n int, proxy string) scenarios.Source {
	var text strings.Builder
	text.WriteString("accounts: [{id: 1, name: demo, api_key: demo-key}]\nregistrations:\n")
	for id := range n {
		fmt.Fprintf(&text, "  - {id: %d, sip_username: user%d, proxy: %s}\n", id+1, id, proxy)
	}
	return scenarios.Source{Name: "crowd", Text: []byte(text.String())}
}

// One event is one transaction; the benchmark measures a long Advance.
func BenchmarkHundredThousandEvents(b *testing.B) {
	proxy := "sip-503-then-404-then-503-then-404-then-503-then-404-then-503-then-404-then-503-then-200.test"
	benchmarkAdvance(b, 10_000, proxy, 24*time.Hour)
}

// A year of 10,000 registrations whose registrar always gives the same answer.
func BenchmarkQuietYear(b *testing.B) { benchmarkAdvance(b, 10_000, "sip-503.test", 365*24*time.Hour) }

func benchmarkAdvance(b *testing.B, registrations int, proxy string, d time.Duration) {
	b.ReportAllocs()
	for b.Loop() {
		b.StopTimer()
		l := newLab(b, clock.Stopped(noon), slog.DiscardHandler, "empty")
		if err := l.LoadSources(crowd(registrations, proxy)); err != nil {
			b.Fatal(err)
		}
		b.StartTimer()
		if err := l.Advance(d, nil); err != nil {
			b.Fatal(err)
		}
	}
}

// Each request holds the clock.
func BenchmarkHold(b *testing.B) {
	l := newLab(b, clock.Live(), slog.DiscardHandler)
	for b.Loop() {
		_, release := l.clock.Hold()
		release()
	}
}
