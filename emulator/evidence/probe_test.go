package evidence

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/voxemu/voxemu/emulator"
	"github.com/voxemu/voxemu/emulator/journal"
	"github.com/voxemu/voxemu/emulator/vox"
	"github.com/voxemu/voxemu/scenarios"
)

func TestEveryAssumptionHasAnExperimentOrAReason(t *testing.T) {
	list, err := emulator.Assumptions()
	if err != nil {
		t.Fatal(err)
	}
	settled, reasons := map[string]bool{}, Unsettled()
	for _, e := range Experiments() {
		if settled[e.Assumption] {
			t.Errorf("%s has two experiments", e.Assumption)
		}
		settled[e.Assumption] = true
	}
	known := map[string]bool{}
	for _, a := range list {
		known[a.ID] = true
		if settled[a.ID] == (reasons[a.ID] != "") {
			t.Errorf("%s: want an experiment or a reason, and only one: %s", a.ID, a.Says)
		}
	}
	for id := range settled {
		if !known[id] {
			t.Errorf("%s is no assumption", id)
		}
	}
	for id := range reasons {
		if !known[id] {
			t.Errorf("%s is no assumption", id)
		}
	}
}

// probed is a service to probe.
type probed struct {
	server *emulator.Server
	config ProbeConfig
	out    *bytes.Buffer
}

func newProbed(t testing.TB, more string) probed {
	t.Helper()
	empty, _ := scenarios.Builtin("empty")
	server := newService(t, scenarios.Source{Name: "empty", Text: empty}, scenarios.Source{Name: "more", Text: []byte(more)})
	credentials, err := server.Credentials("owner-key")
	if err != nil {
		t.Fatal(err)
	}
	upstream := httptest.NewServer(server.Handler())
	t.Cleanup(upstream.Close)
	out := &bytes.Buffer{}
	return probed{server, ProbeConfig{
		Upstream: upstream.URL, Credentials: credentials, File: filepath.Join(t.TempDir(), "evidence.json"), Run: true, Out: out,
	}, out}
}

// listens lets the next run receive callbacks, each changed first; nil: not changed.
func (p *probed) listens(t testing.TB, change func(callbacks []any) []any) {
	t.Helper()
	on, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = on.Close() })
	p.config.Callbacks, p.config.CallbackURL = on, "http://"+on.Addr().String()
	if change == nil {
		return
	}
	direct := p.config.CallbackURL
	between := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		var body map[string]any
		decoder := json.NewDecoder(r.Body)
		decoder.UseNumber()
		if err := decoder.Decode(&body); err != nil {
			t.Error(err)
		}
		body["callbacks"] = change(body["callbacks"].([]any))
		text, _ := json.Marshal(body) // it was JSON
		if reply, err := http.Post(direct+r.URL.Path, "application/json", bytes.NewReader(text)); err == nil {
			_ = reply.Body.Close()
		}
	}))
	t.Cleanup(between.Close)
	p.config.CallbackURL = between.URL
}

// clean fails if the service is not as it was.
func (p probed) clean(t testing.TB) {
	t.Helper()
	state, err := p.server.State()
	if err != nil {
		t.Fatal(err)
	}
	if n := len(state.Applications) + len(state.Users) + len(state.Rules) + len(state.VoxEngineScenarios) + len(state.Registrations) + len(state.Keys) - 1; n != 0 {
		t.Errorf("%d objects are left: applications %v, users %v, rules %v, scripts %v, registrations %v, %d keys", n, state.Applications, state.Users,
			state.Rules, state.VoxEngineScenarios, state.Registrations, len(state.Keys)-1)
	}
	if a := state.Accounts[0]; a.CallbackURL != "" || !a.MinBalanceToNotify.IsZero() {
		t.Errorf("settings are left: callback_url %q, min_balance_to_notify %s", a.CallbackURL, a.MinBalanceToNotify)
	}
}

func verdicts(e *Evidence) map[string]Verdict {
	all := map[string]Verdict{}
	for _, r := range e.Results {
		all[r.Assumption] = r.Verdict
	}
	return all
}

func TestProbingTheEmulatorFindsWhatIsAssumed(t *testing.T) {
	p := newProbed(t, "")
	p.listens(t, nil)
	p.config.Spend = vox.MustParseMoney("50.00")
	result, err := Probe(t.Context(), p.config)
	if err != nil {
		t.Fatalf("%v\n%s", err, p.out)
	}
	if len(result.Results) != len(Experiments()) {
		t.Errorf("%d results for %d experiments", len(result.Results), len(Experiments()))
	}
	for _, r := range result.Results {
		if r.Verdict != AsAssumed {
			t.Errorf("%s: %s, saw %s", r.Assumption, r.Verdict, r.Saw)
		}
	}
	p.clean(t)
	text, err := os.ReadFile(p.config.File)
	if err != nil {
		t.Fatal(err)
	}
	for _, secret := range []string{p.config.Credentials.PrivateKey[40:80], "demo-key", "demo@example.com", "BEGIN"} {
		if bytes.Contains(text, []byte(secret)) || strings.Contains(p.out.String(), secret) {
			t.Errorf("%s is in the result", secret)
		}
	}
}

func TestWithoutAPermissionToSpendNothingThatCostsIsSent(t *testing.T) {
	p := newProbed(t, "")
	if _, err := Probe(t.Context(), p.config); err != nil {
		t.Fatal(err)
	}
	if n := p.server.Journal().Count(journal.Filter{Method: "CreateSipRegistration"}); n != 0 {
		t.Errorf("%d registrations were asked for", n)
	}
	p.clean(t)

	p = newProbed(t, "")
	p.config.Spend, p.config.Only = vox.MustParseMoney("1.50"), []string{"A2", "A14", "A16"}
	result, err := Probe(t.Context(), p.config)
	if err != nil {
		t.Fatal(err)
	}
	if n := p.server.Journal().Count(journal.Filter{Method: "CreateSipRegistration"}); n != 1 || result.Spent != "1.00" {
		t.Errorf("%d registrations, %s spent", n, result.Spent)
	}
}

func TestADryRunSendsNothing(t *testing.T) {
	p := newProbed(t, "")
	p.config.Run = false
	p.server.Journal().Clear()
	if _, err := Probe(t.Context(), p.config); err != nil {
		t.Fatalf("%v\n%s", err, p.out)
	}
	if n := p.server.Journal().Count(journal.Filter{}); n != 0 {
		t.Errorf("%d requests", n)
	}
	for _, want := range []string{"A10: getsipregistrations", "    AddApplication application_name=", fmt.Sprintf("worst cost: %d registrations", registrationsThatCost(nil)), "nothing was sent", "no experiment for A29, A30, A37, A40: it shows only after hours", "    as assumed: error 103; otherwise: another answer"} {
		if !strings.Contains(p.out.String(), want) {
			t.Errorf("no %q in\n%s", want, p.out)
		}
	}
	if _, err := os.Stat(p.config.File); err == nil {
		t.Error("a file was written")
	}
}

func TestAnAccountInUseIsNotProbed(t *testing.T) {
	p := newProbed(t, "registrations: [{id: 1, sip_username: customer, proxy: pbx.example.com, state: successful}]\n")
	if _, err := Probe(t.Context(), p.config); !errors.Is(err, ErrInUse) {
		t.Fatal(err)
	}
	if n := p.server.Journal().Count(journal.Filter{}); n != 1 {
		t.Errorf("%d requests, want the list alone", n)
	}
	p.config.InUse, p.config.Only = true, []string{"A3", "A13"}
	if _, err := Probe(t.Context(), p.config); err != nil {
		t.Fatal(err)
	}
	if state, err := p.server.State(); err != nil || len(state.Registrations) != 1 {
		t.Errorf("%d registrations, %v", len(state.Registrations), err)
	}
}

// switches returns all behaviours but the defaults, as "name: value".
func switches() []string {
	var all []string
	of := reflect.TypeFor[vox.Behaviour]()
	for i := range of.NumField() {
		name, _, _ := strings.Cut(of.Field(i).Tag.Get("yaml"), ",")
		for j, value := range strings.Split(of.Field(i).Tag.Get("jsonschema"), ",") {
			if j > 0 { // the first one is the default
				all = append(all, name+": "+strings.TrimPrefix(value, "enum="))
			}
		}
	}
	return all
}

// Each behaviour is "otherwise" for its assumptions, as assumed for all others, and the
// scenario that is written has it.
func TestEveryBehaviourIsFoundByItsExperiment(t *testing.T) {
	assumptions := map[string]string{
		"missing_role: forbidden_command": "A1", "user_binding: persistent_only": "A2", "user_binding: non_persistent_only": "A2",
		"id_and_name: refused": "A3", "id_and_name: id_wins": "A3", "unknown_filter: error": "A4 A96", "created_key: list": "A85",
		"missing_reference: required": "A12 A77", "count_above_maximum: refused": "A92", "deleted_registration: refunded": "A38",
		"charge_type: subscription_charge": "A95", "first_failure: reported": "A45", "password_policy: lenient": "A57",
		"scenario_name_filter: part": "A60",
	}
	for turn, behaviour := range switches() {
		t.Run(behaviour, func(t *testing.T) {
			if assumptions[behaviour] == "" {
				t.Fatal("no experiment is expected to find it")
			}
			p := newProbed(t, "behaviour: {"+behaviour+"}\n")
			p.listens(t, nil)
			p.config.Spend = vox.MustParseMoney("50.00")
			for i, e := range Experiments() { // a third of the others; make long makes all
				slow := slices.Contains([]string{"A1", "A8", "A52", "A59", "A79", "A85"}, e.Assumption)
				if isLong() || slices.Contains(strings.Fields(assumptions[behaviour]), e.Assumption) || !slow && i%3 == turn%3 {
					p.config.Only = append(p.config.Only, e.Assumption)
				}
			}
			result, err := Probe(t.Context(), p.config)
			if err != nil {
				t.Fatal(err)
			}
			for _, r := range result.Results {
				want := AsAssumed
				if slices.Contains(strings.Fields(assumptions[behaviour]), r.Assumption) {
					want = Otherwise
				}
				if r.Verdict != want {
					t.Errorf("%s: %s, want %s; saw %s", r.Assumption, r.Verdict, want, r.Saw)
				}
			}
			if len(result.Results) != len(p.config.Only) {
				t.Errorf("%d results for %d experiments", len(result.Results), len(p.config.Only))
			}
			if text := string(result.Behaviour()); !strings.Contains(text, "  "+behaviour+"\n") {
				t.Errorf("the scenario lacks %s:\n%s", behaviour, text)
			}
			if _, err := scenarios.Read(scenarios.Source{Name: "probed", Text: result.Behaviour()}); err != nil {
				t.Error(err)
			}
			p.clean(t)
		})
	}
}

// Callbacks that differ are "otherwise" for their assumption.
func TestOtherCallbacksAreFoundByTheirExperiment(t *testing.T) {
	each := func(change func(o object)) func([]any) []any {
		return func(callbacks []any) []any {
			for _, one := range callbacks {
				change(one.(map[string]any))
			}
			return callbacks
		}
	}
	for assumption, change := range map[string]func([]any) []any{
		"A43": func(callbacks []any) []any { return append(callbacks, callbacks...) },
		"A47": each(func(o object) { o["language_code"] = "ru" }),
		"A49": each(func(o object) { o["min_balance"] = map[string]any{"is_min_credit": true, "is_repeated": false} }),
	} {
		t.Run(assumption, func(t *testing.T) {
			p := newProbed(t, "")
			p.listens(t, change)
			p.config.Spend, p.config.Only = vox.MustParseMoney("5.00"), []string{assumption}
			result, err := Probe(t.Context(), p.config)
			if err != nil {
				t.Fatal(err)
			}
			if verdicts(result)[assumption] != Otherwise {
				t.Errorf("%+v", result.Results)
			}
			p.clean(t)
		})
	}
}

// An account whose owner receives callbacks keeps its settings.
func TestSettingsForCallbacksThatAreNotOursStay(t *testing.T) {
	for _, own := range []string{"callback_url: https://example.com/callbacks", "min_balance_to_notify: 5.00"} {
		p := newProbed(t, "accounts: [{id: 1, name: demo, api_key: demo-key, balance: 100.00, "+own+"}]\n")
		p.listens(t, nil)
		p.config.Spend, p.config.Only = vox.MustParseMoney("50.00"), []string{"A43", "A45", "A47", "A49"}
		result, err := Probe(t.Context(), p.config)
		if err != nil {
			t.Fatal(err)
		}
		for _, r := range result.Results {
			if r.Verdict != Unclear {
				t.Errorf("%s: %s, %s", r.Assumption, r.Verdict, r.Saw)
			}
		}
		if n := p.server.Journal().Count(journal.Filter{Method: "SetAccountInfo"}); n != 0 {
			t.Errorf("%s: %d times changed", own, n)
		}
	}
}

func TestAnotherPriceIsFoundAndWritten(t *testing.T) {
	p := newProbed(t, "billing: {monthly_fee: 2.50}\n")
	p.config.Only = []string{"A14"}
	p.config.Spend = vox.MustParseMoney("50.00")
	result, err := Probe(t.Context(), p.config)
	if err != nil {
		t.Fatal(err)
	}
	if verdicts(result)["A14"] != Otherwise || !strings.Contains(string(result.Behaviour()), "billing: {monthly_fee: 2.50}") {
		t.Errorf("%v\n%s", verdicts(result), result.Behaviour())
	}
}

// dying is a service that is not reached before or after one call, as for a process that is
// killed then.
type dying struct {
	service http.Handler
	at      int
	after   bool
	calls   int
	makes   bool // count only calls that make or remove something
	late    bool // what was not reached takes effect some calls later

	mu    sync.Mutex // guards what follows, and at and calls
	held  *http.Request
	since int // calls
}

// live ends the interruption.
func (d *dying) live() {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.at, d.since = 0, 0
}

func (d *dying) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	d.mu.Lock()
	defer d.mu.Unlock()
	method := filepath.Base(r.URL.Path)
	if !d.makes || !strings.HasPrefix(method, "Get") {
		d.calls++
	}
	if d.calls == d.at && !d.after && d.held == nil {
		if d.late {
			body, _ := io.ReadAll(r.Body)
			d.held = r.Clone(context.Background())
			d.held.Body = io.NopCloser(bytes.NewReader(body))
		}
		panic(http.ErrAbortHandler)
	}
	if d.since++; d.held != nil && d.since == 40 {
		d.service.ServeHTTP(httptest.NewRecorder(), d.held)
	}
	recorder := httptest.NewRecorder()
	d.service.ServeHTTP(recorder, r)
	if d.calls >= d.at && d.at > 0 {
		panic(http.ErrAbortHandler)
	}
	_, _ = w.Write(recorder.Body.Bytes())
}

// A run that is interrupted before or after any call that changes something, and then
// goes on, leaves nothing behind. make long interrupts before and after each call, make test
// before one and after the next.
func TestAnInterruptedRunLeavesNothingBehind(t *testing.T) {
	for _, only := range [][]string{{"A3", "A60", "A64", "A2"}, {"A1"}, {"A43", "A45"}} {
		for at := 1; ; at++ {
			interrupted := 0
			for _, after := range []bool{false, true} {
				if !isLong() && after == (at%2 == 1) {
					continue
				}
				p := newProbed(t, "")
				p.config.Spend, p.config.Only = vox.MustParseMoney("50.00"), only
				d := &dying{service: p.server.Handler(), at: at, after: after, makes: true}
				upstream := httptest.NewServer(d)
				p.config.Upstream, p.config.Patience = upstream.URL, 100*time.Millisecond
				p.listens(t, nil)
				if _, err := Probe(t.Context(), p.config); err != nil {
					interrupted++
				}
				d.live()
				p.listens(t, nil)
				if _, err := Probe(t.Context(), p.config); err != nil {
					t.Fatalf("call %d, after %t: %v", at, after, err)
				}
				upstream.Close()
				if p.clean(t); t.Failed() {
					t.Fatalf("interrupted at call %d, after it: %t", at, after)
				}
			}
			if interrupted == 0 {
				if at < 3 {
					t.Fatalf("only %d calls change something", at)
				}
				break
			}
		}
	}
}

// A file that was changed by hand makes a run touch nothing but what it made.
func TestAChangedFileRemovesNothingElse(t *testing.T) {
	for _, change := range []func(e *Evidence){
		func(e *Evidence) { e.Run = "" },
		func(e *Evidence) { e.Run = "sales" },
		func(e *Evidence) { e.Made = []Thing{{Kind: "application", Name: "sales"}} },
		func(e *Evidence) { e.Made = []Thing{{Kind: "account", Name: e.Run + "-a1"}} },
	} {
		p := newProbed(t, "applications: [{id: 1, name: sales}]\n")
		file := newEvidence(p.config.Upstream)
		change(file)
		if err := file.write(p.config.File); err != nil {
			t.Fatal(err)
		}
		if _, err := Probe(t.Context(), p.config); err == nil {
			t.Errorf("%+v was accepted", file)
		}
		if n := p.server.Journal().Count(journal.Filter{Method: "DelApplication"}); n != 0 {
			t.Errorf("%+v: %d applications were deleted", file, n)
		}
	}
}

// The file is written piece by piece, and is what encoding/json would write.
func TestTheFileOfEvidenceIsAsEncodedAtOnce(t *testing.T) {
	e := newEvidence("http://127.0.0.1:1")
	for _, id := range []string{"", "A1", "A2"} {
		if id != "" {
			e.Results = append(e.Results, Result{Assumption: id, Saw: "<a> & b", Exchanges: []Exchange{{Number: 1, Reply: map[string]any{"result": 1}}}})
		}
		got, err := e.encode()
		if err != nil {
			t.Fatal(err)
		}
		if want, _ := json.MarshalIndent(e, "", " "); string(got) != string(want) {
			t.Errorf("%s\nwant %s", got, want)
		}
	}
}

// What a service answers is in the result only as far as a recording would have it.
func TestNothingSecretReachesTheEvidence(t *testing.T) {
	const planted = "Hidden" // begins all texts
	p := newProbed(t, "")
	upstream := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		reply, row := object{}, object{}
		for _, name := range append(membersOf(), "EUR", "RUR", "KZT", "price", "subscription_template_type") {
			row[name] = planted + strings.ToUpper(rand.Text())
		}
		reply["result"], reply["count"] = []any{row, row}, row["count"]
		switch filepath.Base(r.URL.Path) {
		case "GetCurrencyRate", "GetAccountInfo", "CreateKey":
			reply["result"] = row
			row["balance"], row["callback_url"], row["min_balance_to_notify"] = "1000", "", 0
		case "GetSubscriptionPrice":
			for _, name := range []string{"price", "price_in_currency", "installation_price_in_currency", "tax_reserve"} {
				row[name] = 1
			}
		case "DeleteSipRegistration":
			reply = object{"error": object{"code": 275, "msg": "Invalid " + row.text("api_key") + "."}}
		}
		text, _ := json.Marshal(reply)
		_, _ = w.Write(text)
	}))
	defer upstream.Close()
	p.listens(t, nil)
	p.config.Upstream, p.config.Spend = upstream.URL, vox.MustParseMoney("500.00")
	p.config.InUse, p.config.Patience = true, time.Millisecond
	result, err := Probe(t.Context(), p.config)
	if err == nil {
		t.Error("want an error: nothing that was made can be found")
	}
	if len(result.Results) != len(Experiments()) {
		t.Errorf("%d of %d experiments were made\n%s", len(result.Results), len(Experiments()), p.out)
	}
	text, readErr := os.ReadFile(p.config.File)
	if readErr != nil {
		t.Fatal(readErr)
	}
	for place, text := range map[string]string{"result": string(text), "output": p.out.String(), "error": fmt.Sprint(err)} {
		if at := strings.Index(text, planted); at >= 0 {
			t.Errorf("the %s has what the service sent: %.40s", place, text[at:])
		}
	}
}

// A call that was sent can take effect after the process was killed, and after the next run
// looked for what it makes.
func TestWhatTakesEffectAfterAnInterruptionIsRemovedToo(t *testing.T) {
	for at := 1; at <= 4; at++ {
		p := newProbed(t, "")
		p.config.Only = []string{"A3", "A17", "A58"}
		d := &dying{service: p.server.Handler(), at: at, makes: true, late: true}
		upstream := httptest.NewServer(d)
		p.config.Upstream = upstream.URL
		if _, err := Probe(t.Context(), p.config); err == nil {
			t.Fatalf("call %d: not interrupted", at)
		}
		d.live()
		if _, err := Probe(t.Context(), p.config); err != nil {
			t.Fatalf("call %d: %v", at, err)
		}
		upstream.Close()
		if d.since < 40 {
			t.Fatalf("only %d calls", d.since)
		}
		p.clean(t)
	}
}

// What a service sends instead of HTTP is in no error.
func TestWhatIsNoHTTPIsInNoError(t *testing.T) {
	const hidden = "Hidden-4711-value"
	for _, answer := range []string{hidden + "\r\n\r\n", "HTTP/1.1 " + hidden + "\r\n\r\n", "HTTP/1.1 200 OK\r\n" + hidden + "\r\n\r\n", "HTTP/1.1 200 OK\r\nContent-Length: " + hidden + "\r\n\r\n", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + hidden + "\r\n"} {
		on, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		go func() {
			for {
				c, err := on.Accept()
				if err != nil {
					return
				}
				_, _ = c.Read(make([]byte, 4096))
				_, _ = io.WriteString(c, answer)
				_ = c.Close()
			}
		}()
		p := newProbed(t, "")
		p.config.Upstream = "http://" + on.Addr().String()
		_, err = Probe(t.Context(), p.config)
		if err == nil || strings.Contains(err.Error(), hidden) || strings.Contains(p.out.String(), hidden) {
			t.Errorf("%q: %v\n%s", answer, err, p.out)
		}
		_ = on.Close()
	}
}

func TestCallsAreNotFasterThanTheInterval(t *testing.T) {
	p := newProbed(t, "")
	p.config.Only, p.config.Interval = []string{"A12"}, 5*time.Millisecond
	begun := time.Now()
	if _, err := Probe(t.Context(), p.config); err != nil {
		t.Fatal(err)
	}
	calls := p.server.Journal().Count(journal.Filter{})
	if least := time.Duration(calls) * p.config.Interval; calls < 5 || time.Since(begun) < least {
		t.Errorf("%d calls in %s, want at least %s", calls, time.Since(begun), least)
	}
}
