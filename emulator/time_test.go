package emulator_test

import (
	"errors"
	"fmt"
	"net/url"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/voxemu/voxemu/emulator"
	"github.com/voxemu/voxemu/emulator/clock"
	"github.com/voxemu/voxemu/emulator/vox"
	"github.com/voxemu/voxemu/scenarios"
)

// seeded returns a server with the state of a text merged over a small account.
func seeded(t testing.TB, text string, opts ...emulator.Option) *emulator.Server {
	t.Helper()
	s := newServer(t, append(opts, emulator.WithScenario("empty"))...)
	load(t, s, text)
	return s
}

const small = `
accounts: [{id: 1, name: demo, api_key: demo-key, balance: 100000.00}]
applications: [{id: 10, name: myapp}]
users: [{id: 12, application_id: 10, name: alice}, {id: 13, application_id: 10, name: bob}]
`

func load(t testing.TB, s *emulator.Server, text string) {
	t.Helper()
	if err := s.LoadSources(scenarios.Source{Name: "test", Text: []byte(small + text)}); err != nil {
		t.Fatal(err)
	}
}

func advance(t testing.TB, s *emulator.Server, d time.Duration) {
	t.Helper()
	if err := s.Advance(d); err != nil {
		t.Fatal(err)
	}
}

func call(t testing.TB, s *emulator.Server, method string, p url.Values) string {
	t.Helper()
	return answer(t, s.Handler(), get(method, apiKey(p)))
}

// shows requires that the list of one registration contains each text.
func shows(t *testing.T, s *emulator.Server, id int, texts ...string) {
	t.Helper()
	reply := call(t, s, "GetSipRegistrations", url.Values{"sip_registration_id": {fmt.Sprint(id)}})
	for _, text := range texts {
		if !strings.Contains(reply, text) {
			t.Errorf("want %s in %s", text, reply)
		}
	}
}

func TestARegistrationLivesThroughTheAPI(t *testing.T) {
	s := seeded(t, "registrar: {delay: 5s}")
	call(t, s, "CreateSipRegistration", url.Values{"sip_username": {"sales"}, "proxy": {"sip-503-then-200.test"}})
	if reply := call(t, s, "GetSipRegistrations", nil); strings.Contains(reply, "successful") {
		t.Errorf("in progress already has a status: %s", reply)
	}
	advance(t, s, 5*time.Second)
	shows(t, s, 1, `"successful":false`, `"status_code":503`, `"error_message":"Service Unavailable"`)
	advance(t, s, 65*time.Second)
	shows(t, s, 1, `"successful":true`, `"status_code":200`, fmt.Sprintf(`"last_updated":%d`, start.Unix()+70))
	advance(t, s, 365*24*time.Hour)
	shows(t, s, 1, `"successful":true`, fmt.Sprintf(`"last_updated":%d`, start.Unix()+70))
}

func TestRowsOfAScenarioWithoutAStateStartWhenTheyAreLoaded(t *testing.T) {
	s := seeded(t, `
registrar:
  rules: [{sip_username: flaky, answers: [503, 200]}]
registrations:
  - {id: 1, sip_username: flaky, proxy: pbx.example.com}
  - {id: 2, sip_username: flaky, proxy: pbx.example.com, state: in_progress}
  - {id: 3, sip_username: flaky, proxy: pbx.example.com, state: failed, status_code: 486, due: 2026-01-31T12:30:00Z, answers: 1}
  - {id: 4, sip_username: a, proxy: pbx.example.com, deactivated: true}
  - {id: 5, sip_username: a, proxy: pbx.example.com, non_persistent: true}
`)
	shows(t, s, 1, `"status_code":503`)
	advance(t, s, time.Hour)
	shows(t, s, 1, `"status_code":200`)
	shows(t, s, 3, `"status_code":200`, fmt.Sprintf(`"last_updated":%d`, start.Add(30*time.Minute).Unix()))
	for _, id := range []int{2, 4, 5} {
		if reply := call(t, s, "GetSipRegistrations", url.Values{"sip_registration_id": {fmt.Sprint(id)}}); strings.Contains(reply, "status_code") {
			t.Errorf("registration %d has a status: %s", id, reply)
		}
	}
}

func TestAnswerLoginAndLogoutReachTheRegistration(t *testing.T) {
	s := seeded(t, `
registrations:
  - {id: 1, sip_username: a, proxy: pbx.example.com, non_persistent: true, application_id: 10, user_id: 12}
`)
	if err := s.Answer(1, 403, ""); !errors.Is(err, vox.ErrNotRegistering) {
		t.Errorf("offline: %v, want %v", err, vox.ErrNotRegistering)
	}
	if err := s.Login(12); err != nil {
		t.Fatal(err)
	}
	shows(t, s, 1, `"status_code":200`)
	if err := s.Answer(1, 486, "Lunch"); err != nil {
		t.Fatal(err)
	}
	shows(t, s, 1, `"status_code":486`, `"error_message":"Lunch"`)
	if err := s.Logout(12); err != nil {
		t.Fatal(err)
	}
	if reply := call(t, s, "GetSipRegistrations", nil); strings.Contains(reply, "status_code") {
		t.Errorf("still has a status: %s", reply)
	}
	for _, err := range []error{s.Login(99), s.Logout(99)} {
		if !errors.Is(err, vox.ErrInvalidUserID) {
			t.Errorf("%v, want %v", err, vox.ErrInvalidUserID)
		}
	}
	if err := s.Answer(99, 403, ""); !errors.Is(err, vox.ErrInvalidRegistrationID) {
		t.Errorf("%v, want %v", err, vox.ErrInvalidRegistrationID)
	}
}

// SDKs use the machine's clock for the expiry of tokens.
func TestTokensDoNotExpireWhenTheTimeIsAdvanced(t *testing.T) {
	s := newServer(t)
	loadRole(t, s, vox.Developer)
	request := post("/platform_api/GetSipRegistrations", "application/x-www-form-urlencoded", newReader(""))
	request.Header.Set("Authorization", "Bearer "+sign(t, validClaims(), "role-key"))
	for _, years := range []time.Duration{0, 50} {
		advance(t, s, years*365*24*time.Hour)
		if reply := answer(t, s.Handler(), request); codeOf(t, reply) != 0 {
			t.Errorf("after %d years: %s", years, reply)
		}
	}
}

func TestANewEmulatorBeginsWhereItsScenarioSays(t *testing.T) {
	file := t.TempDir() + "/then.yaml"
	text := "clock: {start: 2020-02-29T08:00:00Z, stopped: true}\n" + small
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	s, err := emulator.New(emulator.WithScenario(file), emulator.WithClock(clock.Live()))
	if err != nil {
		t.Fatal(err)
	}
	want := time.Date(2020, 2, 29, 8, 0, 0, 0, time.UTC)
	if !s.Now().Equal(want) || !s.IsClockStopped() {
		t.Errorf("now %v, stopped %v; want %v, stopped", s.Now(), s.IsClockStopped(), want)
	}
	advance(t, s, time.Hour)
	reset(t, s)
	if !s.Now().Equal(want.Add(time.Hour)) {
		t.Errorf("after a reset %v: time does not go back", s.Now())
	}
}

func TestARunningEmulatorGoesForwardToAScenariosTimeAndNeverBack(t *testing.T) {
	s := seeded(t, "")
	load(t, s, "clock: {start: 2026-02-01T00:00:00Z}\nregistrations: [{id: 1, sip_username: a, proxy: b}]")
	tomorrow := time.Date(2026, 2, 1, 0, 0, 0, 0, time.UTC)
	if !s.Now().Equal(tomorrow) {
		t.Errorf("now %v, want %v", s.Now(), tomorrow)
	}
	shows(t, s, 1, `"purchase_date":"2026-02-01 00:00:00"`, `"status_code":200`)
	before := export(t, s)
	err := s.LoadSources(scenarios.Source{Name: "test", Text: []byte(small + "clock: {start: 2026-01-31}")})
	if !errors.Is(err, clock.ErrBack) || export(t, s) != before || !s.Now().Equal(tomorrow) {
		t.Errorf("%v at %v, want %v and no change", err, s.Now(), clock.ErrBack)
	}
}

func TestTheClockIsStoppedAndRunsOn(t *testing.T) {
	s := newServer(t)
	if !s.IsClockStopped() || !s.Now().Equal(start) {
		t.Fatalf("now %v, stopped %v", s.Now(), s.IsClockStopped())
	}
	s.ResumeClock()
	if s.IsClockStopped() {
		t.Error("still frozen")
	}
	s.StopClock()
	stopped := s.Now()
	if err := s.SetTime(stopped.Add(-1)); !errors.Is(err, clock.ErrBack) {
		t.Errorf("%v, want %v", err, clock.ErrBack)
	}
	if err := s.SetTime(stopped.Add(time.Hour)); err != nil || !s.Now().Equal(stopped.Add(time.Hour)) {
		t.Errorf("now %v, %v", s.Now(), err)
	}
}

func TestTheControlAPIShowsHowTheClockRuns(t *testing.T) {
	s := newServer(t, emulator.WithClock(clock.Live()))
	for _, c := range []struct {
		do   func()
		want string
	}{
		{func() {}, "live"},
		{func() { advance(t, s, time.Hour) }, "offset"},
		{s.StopClock, "stopped"},
		{s.ResumeClock, "offset"},
	} {
		c.do()
		if got := asked(s, "GET /_voxemu/clock", "").Body.String(); !strings.Contains(got, fmt.Sprintf(`"mode": %q`, c.want)) {
			t.Errorf("%s, want mode %s", got, c.want)
		}
	}
}

// At the time that a request sees, everything that is due has run, and its effects are
// not before those of earlier events.
func TestCallsDuringAnAdvanceSeeTheMomentUnderWay(t *testing.T) {
	s := seeded(t, "registrar: {rules: [{answers: ["+strings.Repeat("403, 503, ", 40)+"200]}]}")
	for range 12 {
		call(t, s, "CreateSipRegistration", url.Values{"sip_username": {"a"}, "proxy": {"b"}})
	}
	var calls sync.WaitGroup
	for range 4 {
		calls.Go(func() {
			for range 10 {
				reply := call(t, s, "CreateSipRegistration", url.Values{"sip_username": {"late"}, "proxy": {"b"}})
				if code := codeOf(t, reply); code != 0 {
					t.Errorf("refused: %s", reply)
				}
			}
		})
	}
	advance(t, s, 48*time.Hour)
	calls.Wait()
	advance(t, s, 365*24*time.Hour)
	if reply := call(t, s, "GetSipRegistrations", url.Values{"successful": {"false"}}); !strings.Contains(reply, `"count":0`) {
		t.Errorf("not all have recovered: %s", reply)
	}
}
