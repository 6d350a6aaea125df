package control_test

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/voxemu/voxemu/emulator/internal/control"
	"github.com/voxemu/voxemu/emulator/internal/lab"
	"github.com/voxemu/voxemu/emulator/vox"
)

var now = time.Date(2026, 1, 31, 10, 0, 0, 0, time.UTC)

// fake is a door with every function set. Id 1 and the name known exist, 2 and
// taken are in conflict, everything else is unknown.
func fake() *control.Door {
	return &control.Door{
		Process: control.Process{
			Health: func() any {
				return map[string]any{"status": "ok", "version": "devel", "scenario": []string{"demo"}, "counts": map[string]int{"users": 1}, "listeners": map[string]string{}}
			},
			Config: func() any {
				return map[string]any{"scenarios": []string{"demo"}, "strict": false, "expose": false, "addr": "", "tls_addr": "", "control_addr": "", "control_token": false, "allow_shutdown": false, "config_dir": ""}
			},
			Coverage: func() control.Coverage {
				return control.Coverage{Emulated: []string{"A"}, Partly: map[string]map[string]string{"B": {"c": "why"}}, NotEmulated: map[string]string{"D": "why"}}
			},
			Metrics: func() http.Handler {
				return http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
					w.Header().Set("Content-Type", "text/plain; version=0.0.4")
					fmt.Fprintln(w, "up 1")
				})
			},
			CA:       func() ([]byte, error) { return []byte("-----BEGIN"), nil },
			Shutdown: func() {},
		},
		State: control.State{
			Reset: func() error { return nil },
			Export: func(secrets, json bool) ([]byte, error) {
				if json {
					return []byte(`{"accounts": []}`), nil
				}
				return []byte("accounts: []\n"), nil
			},
			Import: func(text []byte) error {
				if strings.Contains(string(text), "broken") {
					return fmt.Errorf("%w: state:1:1: broken", vox.ErrInvalid)
				}
				return nil
			},
		},
		Scenarios: control.Scenarios{
			List: func() []control.Scenario { return []control.Scenario{{Name: "demo", Description: "all of it"}} },
			Load: func(name, yaml string) error {
				if yaml == "broken" {
					return fmt.Errorf("%w: yaml:1:1: broken", vox.ErrInvalid)
				}
				return known("scenario", name)
			},
			Schema: func() []byte { return []byte("{}") },
		},
		Snapshots: control.Snapshots{
			List: func() []lab.Snapshot { return []lab.Snapshot{{Name: "known", TakenAt: now}} },
			Take: func(name string) (lab.Snapshot, error) {
				if name == "taken" {
					return lab.Snapshot{}, fmt.Errorf("%w: there is a snapshot %q", vox.ErrConflict, name)
				}
				return lab.Snapshot{Name: name, TakenAt: now}, nil
			},
			Restore: func(name string) error { return known("snapshot", name) },
			Delete:  func(name string) error { return known("snapshot", name) },
		},
		Clock: control.Clock{
			Now: func() time.Time { return now }, Mode: func() string { return "frozen" },
			Advance: func(time.Duration) error { return nil }, Set: func(time.Time) error { return nil },
			Freeze: func() error { return nil }, Resume: func() error { return nil },
		},
		Accounts: control.Accounts{
			List: func() []vox.AccountSummary { return []vox.AccountSummary{account} },
			Create: func(n vox.AccountRequest) (vox.CreatedAccount, error) {
				switch n.Name {
				case "taken":
					return vox.CreatedAccount{}, fmt.Errorf("%w: there is an account %q", vox.ErrConflict, n.Name)
				case "nonsense":
					return vox.CreatedAccount{}, fmt.Errorf("%w: nonsense", vox.ErrInvalid)
				}
				return vox.CreatedAccount{
					AccountSummary: account, APIKey: "k", KeyID: "known", Credentials: &credentials,
					Applications: []vox.CreatedApplication{{ID: 1, Name: "a.demo.voximplant.com", Rules: []vox.Named{{ID: 1, Name: "r"}}, Users: []vox.Named{}}},
				}, nil
			},
			Delete:      func(id int64) error { return one("account", id) },
			TopUp:       func(id int64, _ vox.Money) error { return one("account", id) },
			Credentials: func(id string) (vox.Credentials, error) { return credentials, known("key", id) },
		},
		Registrations: control.Registrations{
			List:   func(int64) ([]lab.Registration, error) { return []lab.Registration{registration}, nil },
			Answer: func(id, _ int64, _ string) error { return one("registration", id) },
			Users:  func(int64) []lab.User { return []lab.User{{ID: 1, AccountID: 1, Name: "u"}} },
			LogIn:  func(id int64) error { return one("user", id) },
			LogOut: func(id int64) error { return one("user", id) },
		},
		Callbacks: control.Callbacks{
			List: func(int64) (any, error) {
				return []map[string]any{{"id": 1, "account_id": 1, "type": "min_balance", "detail": map[string]any{}, "state": "queued", "attempts": 0, "created_at": now}}, nil
			},
			Redeliver: func(id int64) error { return one("callback", id) },
		},
		Requests: control.Requests{
			Find: func(control.Filter) (any, int64, error) {
				return []map[string]any{{"number": 1, "kind": "call", "at": now, "latency_ns": 0, "request_bytes": 0, "reply_bytes": 0}}, 0, nil
			},
			Count: func(control.Filter) (int, error) { return 1, nil },
			Clear: func(int64) {},
			Wait: func(ctx context.Context, _ control.Filter, n int) error {
				if n == 1 {
					return nil
				}
				<-ctx.Done()
				return control.Unmet(fmt.Sprintf("waited in vain for %d entries: 1 came", n), nil)
			},
			Lines: func(control.Filter) ([]byte, error) { return []byte("{}\n"), nil },
			HAR:   func(control.Filter) ([]byte, error) { return []byte(`{"log": {}}`), nil },
			Verify: func(b control.Body) error {
				var expectation struct {
					Filter struct {
						Method string `json:"method"`
					} `json:"filter"`
					Times struct {
						Min int `json:"min"`
					} `json:"times"`
				}
				if err := b.Decode(&expectation); err != nil {
					return err
				}
				if expectation.Filter.Method == "B" {
					return control.Unmet("want at least 1 call of B; 1 entry came close", map[string]any{"seen": 1})
				}
				if expectation.Times.Min > 9 {
					return fmt.Errorf("%w: times: nonsense", vox.ErrInvalid)
				}
				return nil
			},
		},
		Faults: control.Faults{
			List: func(int64) []control.Fault {
				return []control.Fault{{Name: "known", Hits: 1, Remaining: new(int64(2)), Rule: map[string]any{"name": "known", "then": map[string]any{}}}}
			},
			Add: func(b control.Body) (string, error) { return fakeRule(b) },
			Put: func(_ string, b control.Body) error { _, err := fakeRule(b); return err },
			Replace: func(b control.Body) error {
				var rules struct {
					Faults []map[string]string `json:"faults"`
				}
				if err := b.Decode(&rules); err != nil {
					return err
				}
				if len(rules.Faults) > 0 {
					return fmt.Errorf("%w: then: required", vox.ErrInvalid)
				}
				return nil
			},
			Delete: func(name string) error { return known("fault", name) },
			Clear:  func(int64) {},
		},
		Events: control.Events{Subscribe: func(int64) (<-chan lab.Event, func()) {
			events := make(chan lab.Event, 1)
			events <- lab.Event{Type: "clock", Data: map[string]any{"now": now}}
			close(events)
			return events, func() {}
		}},
		Specification: control.Specification{Text: []byte("servers:\n  - url: http://127.0.0.1:15060\n"), URL: "http://127.0.0.1:15060"},
	}
}

var (
	account      = vox.AccountSummary{ID: 1, Name: "demo", Currency: "USD"}
	registration = lab.Registration{ID: 1, AccountID: 1, SIPUsername: "a", Proxy: "b", State: vox.Failed, StatusCode: 403}
	credentials  = vox.Credentials{AccountID: 1, KeyID: "known", PrivateKey: "x"}
)

func fakeRule(b control.Body) (string, error) {
	var rule struct {
		Name string         `json:"name"`
		When map[string]any `json:"when"`
		Then map[string]any `json:"then"`
	}
	if err := b.Decode(&rule); err != nil {
		return "", err
	}
	switch {
	case rule.Name == "taken":
		return "", fmt.Errorf("%w: there is a fault %q", vox.ErrConflict, rule.Name)
	case len(rule.Then) == 0:
		return "", fmt.Errorf("%w: then: required", vox.ErrInvalid)
	}
	return "known", nil
}

func known(what, name string) error {
	if name == "known" {
		return nil
	}
	return fmt.Errorf("%s %q: %w", what, name, vox.ErrNotFound)
}

func one(what string, id int64) error {
	switch id {
	case 1:
		return nil
	case 2:
		return fmt.Errorf("%s %d: %w", what, id, vox.ErrConflict)
	}
	return fmt.Errorf("%s %d: %w", what, id, vox.ErrNotFound)
}

// serve makes a door's handler, guarded as the emulator guards it.
func serve(t *testing.T, door *control.Door, exposed bool) http.Handler {
	t.Helper()
	handler, err := door.Handler()
	if err != nil {
		t.Fatal(err)
	}
	return control.Guard(handler, exposed)
}

// request sends "VERB /path" to a handler.
func request(handler http.Handler, target, body string, header ...string) *httptest.ResponseRecorder {
	verb, path, _ := strings.Cut(target, " ")
	r := httptest.NewRequest(verb, path, strings.NewReader(body))
	r.Host = "localhost"
	for i := 0; i < len(header); i += 2 {
		if header[i] == "Host" {
			r.Host = header[i+1]
			continue
		}
		r.Header.Set(header[i], header[i+1])
	}
	w := httptest.NewRecorder()
	handler.ServeHTTP(w, r)
	return w
}
