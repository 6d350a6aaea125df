package emulator

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/voxemu/voxemu/emulator/clock"
	"github.com/voxemu/voxemu/emulator/internal/sipreg"
	"github.com/voxemu/voxemu/emulator/internal/store"
	"github.com/voxemu/voxemu/emulator/vox"
	"github.com/voxemu/voxemu/scenarios"
)

// stateOf looks at a registration without letting anything happen first, as
// whoever uses the API would.
func stateOf(t *testing.T, s *Server, id int64) vox.State {
	t.Helper()
	var state vox.State
	err := s.store.Read(time.Time{}, func(tx *store.Tx) error {
		r, ok := store.Registrations(tx).Get(id)
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

const createSlow = "/platform_api/CreateSipRegistration?account_id=1&api_key=demo-key&sip_username=a&proxy=sip-slow-5s.test"

func TestALiveServerIsPunctualThoughNobodyAsks(t *testing.T) {
	if _, err := compiled(); err != nil { // outside of the bubble: it is shared
		t.Fatal(err)
	}
	synctest.Test(t, func(t *testing.T) {
		s, err := New(WithClock(clock.Live()))
		if err != nil {
			t.Fatal(err)
		}
		stop := s.runClock()
		s.Handler().ServeHTTP(httptest.NewRecorder(), httptest.NewRequest("GET", createSlow, nil))
		const punctual = 50 * time.Millisecond
		time.Sleep(5*time.Second - punctual)
		synctest.Wait()
		if got := stateOf(t, s, 5); got != vox.InProgress {
			t.Errorf("before its moment %s, want in progress", got)
		}
		time.Sleep(2 * punctual)
		synctest.Wait()
		if got := stateOf(t, s, 5); got != vox.Successful {
			t.Errorf("after its moment %s, want successful", got)
		}
		stop() // or synctest complains about a leak
	})
}

func TestCloseStopsTheClock(t *testing.T) {
	s, err := New(WithListen("", ""))
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Start(); err != nil {
		t.Fatal(err)
	}
	stopped := false
	stop := s.stopClock
	s.stopClock = func() {
		stop()
		stopped = true
	}
	if err := s.Close(context.Background()); err != nil || !stopped {
		t.Errorf("%v, stopped %v", err, stopped)
	}
}

func TestAnEventThatFailsIsLoggedAndPutOff(t *testing.T) {
	errBroken := errors.New("broken")
	for why, run := range map[string]func(*store.Tx) error{
		"error": func(*store.Tx) error { return errBroken },
		"panic": func(*store.Tx) error { panic(errBroken) },
	} {
		var log bytes.Buffer
		noon := time.Date(2026, 1, 31, 12, 0, 0, 0, time.UTC)
		s, err := New(WithClock(clock.Stopped(noon)), WithLogger(slog.New(slog.NewTextHandler(&log, nil))))
		if err != nil {
			t.Fatal(err)
		}
		tries := 0
		s.clock.Follow(s.agenda("registration", sipreg.NextDue, func(tx *store.Tx) error {
			if tries++; tries == 1 {
				return run(tx)
			}
			return sipreg.RunNext(tx)
		}, sipreg.PostponeNext))
		s.Handler().ServeHTTP(httptest.NewRecorder(), httptest.NewRequest("GET", createSlow, nil))
		if err := s.Advance(time.Minute); err == nil || !strings.Contains(err.Error(), "broken") {
			t.Errorf("%s: Advance says %v", why, err)
		}
		if text := log.String(); !strings.Contains(text, "broken") || !strings.Contains(text, "agenda=registration") {
			t.Errorf("%s: log %s", why, text)
		}
		if err := s.Advance(time.Hour); err != nil {
			t.Errorf("%s: %v", why, err)
		}
		if got := stateOf(t, s, 5); got != vox.Successful {
			t.Errorf("%s: an hour later %s, want successful", why, got)
		}
	}
}

// crowd is a scenario of n registrations with the same proxy.
func crowd(n int, proxy string) scenarios.Source {
	var text strings.Builder
	text.WriteString("accounts: [{id: 1, name: demo, api_key: demo-key}]\nregistrations:\n")
	for id := range n {
		fmt.Fprintf(&text, "  - {id: %d, sip_username: user%d, proxy: %s}\n", id+1, id, proxy)
	}
	return scenarios.Source{Name: "crowd", Text: []byte(text.String())}
}

// One event is one transaction; 100,000 of them stand for a long Advance.
func BenchmarkHundredThousandEvents(b *testing.B) {
	proxy := "sip-503-then-404-then-503-then-404-then-503-then-404-then-503-then-404-then-503-then-200.test"
	benchmarkAdvance(b, 10_000, proxy, 24*time.Hour)
}

// A year of 10,000 registrations whose registrar says the same for ever.
func BenchmarkQuietYear(b *testing.B) { benchmarkAdvance(b, 10_000, "sip-503.test", 365*24*time.Hour) }

func benchmarkAdvance(b *testing.B, registrations int, proxy string, d time.Duration) {
	b.ReportAllocs()
	for b.Loop() {
		b.StopTimer()
		s, err := New(WithScenario("empty"), WithClock(clock.Stopped(time.Date(2026, 1, 31, 12, 0, 0, 0, time.UTC))))
		if err != nil {
			b.Fatal(err)
		}
		if err := s.LoadSources(crowd(registrations, proxy)); err != nil {
			b.Fatal(err)
		}
		b.StartTimer()
		if err := s.Advance(d); err != nil {
			b.Fatal(err)
		}
	}
}

// Holding the clock is part of every call.
func BenchmarkHold(b *testing.B) {
	s, err := New()
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		_, release := s.clock.Hold()
		release()
	}
}
