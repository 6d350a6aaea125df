package emulator_test

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/voxemu/voxemu/emulator"
	"github.com/voxemu/voxemu/emulator/clock"
	"github.com/voxemu/voxemu/emulator/vox"
	"github.com/voxemu/voxemu/scenarios"
)

// listener is an account's server. answer handles requests; nil accepts them.
type listener struct {
	*httptest.Server
	mu     sync.Mutex
	bodies []string
}

func newListener(t *testing.T, answer func(n int, w http.ResponseWriter, r *http.Request)) *listener {
	t.Helper()
	l := &listener{}
	l.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		text, err := io.ReadAll(r.Body)
		if err != nil {
			t.Error(err)
		}
		l.mu.Lock()
		l.bodies = append(l.bodies, string(text))
		n := len(l.bodies)
		l.mu.Unlock()
		if answer != nil {
			answer(n, w, r)
		}
	}))
	t.Cleanup(l.Close)
	return l
}

func (l *listener) received() []string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return append([]string(nil), l.bodies...)
}

// notified loads the demo scenario with a callback_url and with queued callbacks.
func notified(t *testing.T, s *emulator.Server, to string, waiting ...vox.Callback) {
	t.Helper()
	loadOnDemo(t, s, scenarios.Scenario{
		Accounts:  []vox.Account{{ID: 1, Name: "demo", APIKey: "demo-key", CallbackURL: to, CallbackSalt: "pepper"}},
		Callbacks: waiting,
	})
}

func settle(t testing.TB, s *emulator.Server) {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	if err := s.Settle(ctx); err != nil {
		t.Fatal(err)
	}
}

// New credentials restart registration 2 of the demo, which has failed.
func recover2(t *testing.T, s *emulator.Server) {
	t.Helper()
	call := apiKey(url.Values{"sip_registration_id": {"2"}, "password": {"better"}})
	if code := codeOf(t, answer(t, s.Handler(), forms()[0].make(t, "UpdateSipRegistration", call))); code != 0 {
		t.Fatalf("code %d", code)
	}
}

func TestARegistrationThatRecoversIsReportedToItsAccount(t *testing.T) {
	l := newListener(t, nil)
	s := newServer(t)
	notified(t, s, l.URL)
	recover2(t, s)
	settle(t, s)
	received := l.received()
	if len(received) != 1 || !strings.Contains(received[0], `"sip_registration_recovered":{"sip_registrations":[{"sip_registration_id":2}]}`) {
		t.Errorf("received %q", received)
	}
	if got := s.Callbacks(0); len(got) != 1 || got[0].State != vox.CallbackDelivered || got[0].LastStatus != 200 {
		t.Errorf("callbacks %+v", got)
	}
}

func TestRetriesBecomeDueByTheClock(t *testing.T) {
	l := newListener(t, func(n int, w http.ResponseWriter, _ *http.Request) {
		if n < 3 {
			w.WriteHeader(http.StatusInternalServerError)
		}
	})
	s := newServer(t, emulator.WithClock(clock.Stopped(start)))
	notified(t, s, l.URL)
	recover2(t, s)
	settle(t, s)
	for step, want := range []int{1, 2, 3} {
		settle(t, s)
		if got := len(l.received()); got != want {
			t.Fatalf("step %d: %d requests, want %d", step, got, want)
		}
		if err := s.Advance([]time.Duration{10 * time.Second, time.Minute, time.Hour}[step]); err != nil {
			t.Fatal(err)
		}
	}
	if got := s.Callbacks(0)[0]; got.State != vox.CallbackDelivered || got.Attempts != 3 {
		t.Errorf("%s after %d attempts", got.State, got.Attempts)
	}
}

func TestCallsAreAnsweredWhileAReceiverHangs(t *testing.T) {
	asked, free := make(chan struct{}), make(chan struct{})
	l := newListener(t, func(n int, _ http.ResponseWriter, _ *http.Request) {
		if n == 1 {
			close(asked)
			<-free
		}
	})
	s := newServer(t)
	notified(t, s, l.URL)
	recover2(t, s)
	answer(t, s.Handler(), forms()[0].make(t, "GetSipRegistrations", apiKey(nil))) // runs what is due
	<-asked
	for _, method := range specification(t).Methods() {
		answer(t, s.Handler(), forms()[0].make(t, method.Name, apiKey(exampleOf(t, method.Name))))
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if err := s.Settle(ctx); err == nil {
		t.Error("settled while a receiver hangs")
	}
	close(free)
	settle(t, s)
}

func TestARedeliveryNamesACallbackThatExists(t *testing.T) {
	l := newListener(t, nil)
	s := newServer(t)
	notified(t, s, l.URL, vox.Callback{ID: 7, Type: vox.AccountFrozen})
	settle(t, s)
	if err := s.Redeliver(7); err != nil {
		t.Fatal(err)
	}
	settle(t, s)
	if got := s.Callbacks(0)[0]; got.Attempts != 2 || len(l.received()) != 2 {
		t.Errorf("%d attempts, %d requests; want 2", got.Attempts, len(l.received()))
	}
	if err := s.Redeliver(8); err == nil {
		t.Error("redelivered what does not exist")
	}
}

func TestResetForgetsCallbacksAndCutsOffWhatIsUnderWay(t *testing.T) {
	asked := make(chan struct{})
	l := newListener(t, func(n int, _ http.ResponseWriter, r *http.Request) {
		if n == 1 {
			close(asked)
			<-r.Context().Done()
		}
	})
	s := newServer(t)
	notified(t, s, l.URL)
	recover2(t, s)
	answer(t, s.Handler(), forms()[0].make(t, "GetSipRegistrations", apiKey(nil)))
	<-asked
	reset(t, s)
	if got := s.Callbacks(0); len(got) != 0 {
		t.Errorf("callbacks %+v", got)
	}
}

func TestAClosedServerSendsNothingUntilItStartsAgain(t *testing.T) {
	l := newListener(t, nil)
	s := newServer(t)
	for range 2 {
		if err := s.Close(context.Background()); err != nil {
			t.Fatal(err)
		}
	}
	notified(t, s, l.URL, vox.Callback{ID: 1, Type: vox.AccountFrozen})
	settle(t, s)
	if got := len(l.received()); got != 0 {
		t.Errorf("%d requests of a closed server", got)
	}
	if err := s.Start(); err != nil {
		t.Fatal(err)
	}
	defer s.Close(context.Background())
	settle(t, s)
	if got := len(l.received()); got != 1 {
		t.Errorf("%d requests, want the one that waited", got)
	}
}

func TestExportAndLoadKeepCallbacks(t *testing.T) {
	s := newServer(t)
	if err := s.Close(context.Background()); err != nil { // so that the callbacks stay unchanged
		t.Fatal(err)
	}
	notified(t, s, "http://127.0.0.1:1/",
		vox.Callback{ID: 3, Batch: 2, Type: vox.RegistrationFailed, Detail: `{"sip_registrations":[]}`, State: vox.CallbackRetrying, Attempts: 2, NextAttempt: start.Add(time.Hour), LastStatus: 500, LastFailure: "answered 500"},
		vox.Callback{ID: 4, Type: vox.AccountFrozen, State: vox.CallbackDelivered, Attempts: 1, LastStatus: 204},
	)
	before := export(t, s)
	if !strings.Contains(before, "answered 500") {
		t.Fatalf("the export lacks the callbacks:\n%s", before)
	}
	if err := s.LoadSources(scenarios.Source{Name: "export", Text: []byte(before)}); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(before, export(t, s)); diff != "" {
		t.Errorf("export (-before +after):\n%s", diff)
	}
}

func TestCallbacksLeakNoSecretIntoTheLog(t *testing.T) {
	var log bytes.Buffer
	l := newListener(t, func(_ int, w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusTeapot) })
	s := newServer(t, emulator.WithLogger(slog.New(slog.NewTextHandler(&log, &slog.HandlerOptions{Level: slog.LevelDebug}))))
	notified(t, s, fmt.Sprintf("%s/?token=secret-token", l.URL), vox.Callback{ID: 1, Type: vox.AccountFrozen})
	settle(t, s)
	for _, secret := range []string{"demo-key", "pepper", "secret-token"} {
		if strings.Contains(log.String(), secret) {
			t.Errorf("the log holds %s:\n%s", secret, log.String())
		}
	}
	if !strings.Contains(log.String(), "answered 418") {
		t.Errorf("the log does not tell of the attempt:\n%s", log.String())
	}
}
