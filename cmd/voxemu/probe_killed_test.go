package main

import (
	"bytes"
	"encoding/json"
	"flag"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/voxemu/voxemu/emulator"
	"github.com/voxemu/voxemu/emulator/evidence"
)

var everyCall = flag.Bool("every-call", false, "kill voxemu probe before and after each call of each experiment; default: some")

// deadly passes calls on to a service; at one of them a process is killed, before or after
// the service gets it.
type deadly struct {
	service http.Handler

	mu    sync.Mutex
	calls int
	at    int // 0: never
	after bool
	kill  func()
}

func (d *deadly) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.calls++
	if d.calls == d.at && !d.after {
		d.kill()
		panic(http.ErrAbortHandler)
	}
	d.service.ServeHTTP(w, r)
	if d.calls == d.at {
		d.kill()
		panic(http.ErrAbortHandler)
	}
}

// probing is an emulator, and the command that makes one experiment at it.
type probing struct {
	server *emulator.Server
	deadly *deadly
	args   []string
	file   string
}

func newProbing(t *testing.T, seed *emulator.Seed, credentials, assumption string) probing {
	t.Helper()
	server, err := emulator.New(emulator.WithSeed(seed))
	if err != nil {
		t.Fatal(err)
	}
	d := &deadly{service: server.Handler()}
	upstream := httptest.NewServer(d)
	t.Cleanup(upstream.Close)
	file := filepath.Join(t.TempDir(), "evidence.json")
	return probing{server, d, []string{
		"probe", "--upstream", upstream.URL, "--credentials", credentials, "--out", file, "--yes", "--interval", "0", "--spend", "50", "--only", assumption,
	}, file}
}

// run makes the experiment; at a call, from 1, the process is killed: 0: not.
func (p probing) run(at int, after bool) (output string, err error) {
	command := exec.Command("voxemu", p.args...)
	var out bytes.Buffer
	command.Stdout, command.Stderr = &out, &out
	p.deadly.mu.Lock()
	p.deadly.calls, p.deadly.at, p.deadly.after = 0, at, after
	p.deadly.kill = func() { _ = command.Process.Kill() } // SIGKILL; it runs
	err = command.Start()
	p.deadly.mu.Unlock()
	if err == nil {
		err = command.Wait()
	}
	return out.String(), err
}

// left names what an experiment has left in the account.
func (p probing) left(t *testing.T) []string {
	t.Helper()
	state, err := p.server.State()
	if err != nil {
		t.Fatal(err)
	}
	var left []string
	for _, o := range state.Applications {
		left = append(left, "application "+o.Name)
	}
	for _, o := range state.VoxEngineScenarios {
		left = append(left, "script "+o.Name)
	}
	for _, o := range state.Users {
		left = append(left, "user "+o.Name)
	}
	for _, o := range state.Rules {
		left = append(left, "rule "+o.Name)
	}
	for _, o := range state.Registrations {
		left = append(left, "registration "+o.SIPUsername)
	}
	for _, o := range state.Keys {
		if o.ID != "owner-key" {
			left = append(left, "key "+o.Name)
		}
	}
	if len(state.SIPWhiteList)+len(state.AuthorizedIPs) > 0 || state.Accounts[0].CallbackURL != "" {
		left = append(left, "addresses or settings")
	}
	return left
}

// A probe that is killed (SIGKILL) before or after any call, and started again, leaves
// nothing behind and gives its verdict.
func TestAProbeThatIsKilledLeavesNothingBehind(t *testing.T) {
	first, err := emulator.New(emulator.WithScenario("empty"))
	if err != nil {
		t.Fatal(err)
	}
	secret, err := first.Credentials("owner-key")
	if err != nil {
		t.Fatal(err)
	}
	text, err := json.Marshal(secret)
	if err != nil {
		t.Fatal(err)
	}
	credentials := filepath.Join(t.TempDir(), "credentials.json")
	if err := os.WriteFile(credentials, text, 0o600); err != nil {
		t.Fatal(err)
	}
	state, err := first.State()
	if err != nil {
		t.Fatal(err)
	}
	seed, err := emulator.NewSeed(state, first.Now())
	if err != nil {
		t.Fatal(err)
	}
	for i, e := range evidence.Experiments() {
		if e.NeedsCallbacks() || e.Makes == "" || !*everyCall && i%15 != 0 {
			continue
		}
		t.Run(e.Assumption, func(t *testing.T) {
			whole := newProbing(t, seed, credentials, e.Assumption)
			if out, err := whole.run(0, false); err != nil {
				t.Fatalf("%v\n%s", err, out)
			}
			calls := whole.deadly.calls
			for at := 1; at <= calls; at++ {
				for _, after := range []bool{false, true} {
					if !*everyCall && (at%7 != i%7 || after != (i%2 == 0)) {
						continue
					}
					p := newProbing(t, seed, credentials, e.Assumption)
					if out, err := p.run(at, after); err == nil {
						t.Fatalf("call %d of %d, after it %t: not killed\n%s", at, calls, after, out)
					}
					out, err := p.run(0, false)
					if err != nil {
						t.Fatalf("call %d of %d, after it %t: %v\n%s", at, calls, after, err, out)
					}
					if left := p.left(t); len(left) > 0 {
						t.Errorf("call %d of %d, after it %t: left %s\n%s", at, calls, after, strings.Join(left, ", "), out)
					}
					result, err := evidence.ReadEvidence(p.file)
					if err != nil {
						t.Fatal(err)
					}
					if !slices.ContainsFunc(result.Results, func(r evidence.Result) bool { return r.Assumption == e.Assumption }) || result.Finished.IsZero() {
						t.Errorf("call %d of %d, after it %t: no verdict\n%s", at, calls, after, out)
					}
				}
			}
		})
	}
}
