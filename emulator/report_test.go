package emulator_test

import (
	"bufio"
	"bytes"
	"encoding/json"
	"encoding/xml"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/voxemu/voxemu/emulator"
	"github.com/voxemu/voxemu/emulator/clock"
	"github.com/voxemu/voxemu/emulator/fault"
	"github.com/voxemu/voxemu/emulator/journal"
	"github.com/voxemu/voxemu/emulator/report"
	"github.com/voxemu/voxemu/emulator/vox"
	"github.com/voxemu/voxemu/scenarios"
)

// counted returns a server that ignores unknown parameters, as the real service does.
func counted(t *testing.T, opts ...emulator.Option) *emulator.Server {
	t.Helper()
	s, err := emulator.New(append(opts, emulator.WithClock(clock.Stopped(start)))...)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// history sends requests that succeed, fail, have mistakes and meet faults, and makes
// callbacks; between is called after each step.
func history(t *testing.T, s *emulator.Server, between func(step int)) {
	t.Helper()
	l := newListener(t, func(n int, w http.ResponseWriter, _ *http.Request) {
		if n == 1 {
			w.WriteHeader(http.StatusInternalServerError)
		}
	})
	loadOnDemo(t, s, scenarios.Scenario{Accounts: []vox.Account{{
		ID: 1, Name: "demo", APIKey: "demo-key", Balance: vox.MustParseMoney("5"), CallbackURL: l.URL, CallbackSalt: "pepper",
	}}})
	send := func(method, query string) func() {
		return func() { answer(t, s.Handler(), get(method, apiKey(parsed(t, query)))) }
	}
	arm := func(rule fault.Rule) func() {
		return func() {
			if err := s.Faults().Put(rule); err != nil {
				t.Fatal(err)
			}
		}
	}
	create := fault.When{Method: "CreateSipRegistration"}
	steps := []func(){
		send("CreateSipRegistration", "sip_username=a&proxy=sip-403.test&is_persistent=1"),
		send("CreateSipRegistration", "sip_username=b&proxy=sip-unresolvable.test&is_persistent=false&colour=red"),
		send("CreateSipRegistration", "sip_username=b"),
		send("CreateSipRegistration", "sip_username=c&proxy=a+b&is_persistent=perhaps"),
		send("GetSipRegistrations", "is_persistent=TRUE&count=2&with_total=1"),
		send("GetSipRegistration", ""),
		send("GetPhoneNumbers", ""),
		send("GetUsers", "application_id=123&order_by=user_name"),
		send("GetUsers", "application_id=123&order_by=nothing"),
		func() { answer(t, s.Handler(), get("GetUsers", url.Values{"account_id": {"1"}, "api_key": {"wrong"}})) },
		arm(fault.Rule{Name: "poor", When: create, Then: fault.Do(fault.APIError("INSUFFICIENT_MONEY"), fault.Delay{Fixed: fault.Duration(time.Nanosecond)})}),
		send("CreateSipRegistration", "sip_username=d&proxy=sip.example.com"),
		arm(fault.Rule{Name: "late", When: fault.When{Method: "GetAccountInfo"}, Then: fault.Do(fault.EmptyBody{})}),
		send("GetAccountInfo", ""),
		arm(fault.Rule{Name: "late", When: fault.When{Method: "GetAccountInfo"}, Then: fault.Do(fault.APIError("INVALID_PROXY"))}),
		send("GetAccountInfo", "return_live_balance=true"),
		arm(fault.Rule{Name: "never", When: fault.When{Method: "DelUser"}, Then: fault.Do(fault.Hang{})}),
		func() { recover2(t, s); settle(t, s) },
		func() {
			if err := s.Advance(40 * 24 * time.Hour); err != nil {
				t.Fatal(err)
			}
			settle(t, s)
		},
	}
	for i, step := range steps {
		step()
		between(i)
	}
}

func parsed(t *testing.T, query string) url.Values {
	t.Helper()
	values, err := url.ParseQuery(query)
	if err != nil {
		t.Fatal(err)
	}
	return values
}

// independent counts what JSON lines of a journal cover. It knows nothing of the contract
// but the names in the report.
func independent(t *testing.T, lines []byte, r report.Report) map[string]int64 {
	t.Helper()
	counts, own := map[string]int64{}, map[string]bool{}
	for key := range r.Items() {
		own[key.String()] = true
	}
	for scanner := bufio.NewScanner(bytes.NewReader(lines)); scanner.Scan(); {
		var e struct {
			Kind, Method, Error string
			CallbackType        string              `json:"callback_type"`
			FaultKinds          []string            `json:"fault_kinds"`
			Parameters          map[string][]string `json:"parameters"`
		}
		if err := json.Unmarshal(scanner.Bytes(), &e); err != nil {
			t.Fatal(err)
		}
		if e.Kind == "callback" {
			counts["callbacks "+e.CallbackType]++
			continue
		}
		counts["methods "+e.Method]++
		for name, values := range e.Parameters {
			counts["parameters "+e.Method+"."+name]++
			value := strings.ToLower(values[0])
			if prefix := "values " + e.Method + "." + name + "="; own[prefix+"false"] {
				value = map[string]string{"1": "true", "0": "false"}[value] + map[bool]string{true: value}[value == "true" || value == "false"]
			}
			counts["values "+e.Method+"."+name+"="+value]++
		}
		if key := "errors " + e.Method + "." + e.Error; own[key] {
			counts[key]++
		} else if e.Error != "" {
			counts["errors *."+e.Error]++
		}
		for _, kind := range e.FaultKinds {
			counts["faults "+kind]++
		}
	}
	return counts
}

func TestTheReportAgreesWithAnIndependentCountOfTheJournal(t *testing.T) {
	s := counted(t)
	history(t, s, func(int) {})
	var lines bytes.Buffer
	if err := journal.WriteJSONLines(&lines, s.Journal().Find(journal.Filter{})); err != nil {
		t.Fatal(err)
	}
	r := s.Report()
	want := independent(t, lines.Bytes(), r)
	covered := 0
	for key, item := range r.Items() {
		if key.Aspect == report.States {
			continue // the journal does not have them
		}
		if item.Times != want[key.String()] {
			t.Errorf("%s: %d, the journal has %d", key, item.Times, want[key.String()])
		}
		if item.Times > 0 {
			covered++
		}
	}
	if covered < 25 {
		t.Errorf("only %d items covered: the history is too short", covered)
	}
	states := map[string]int64{}
	for _, state := range r.States {
		states[state.Name] = state.Times
	}
	for _, state := range []vox.State{vox.InProgress, vox.Successful, vox.Failed} {
		if states[string(state)] == 0 {
			t.Errorf("no registration reached %s: %v", state, states)
		}
	}
	if len(r.Untriggered) == 0 || !strings.HasPrefix(r.Untriggered[0], "poor,") && !strings.HasPrefix(r.Untriggered[0], "never,") {
		t.Errorf("untriggered: %q", r.Untriggered)
	}
}

// A journal that has dropped most requests, or that was cleared in between, changes nothing.
func TestTheReportCountsRequestsThatTheJournalHasDropped(t *testing.T) {
	whole := counted(t)
	history(t, whole, func(int) {})
	want := whole.Report()
	for name, drop := range map[string]struct {
		size    int
		between func(s *emulator.Server, step int)
	}{
		"evicted":         {2, func(*emulator.Server, int) {}},
		"cleared":         {journal.DefaultSize, func(s *emulator.Server, step int) { s.Journal().Clear() }},
		"account cleared": {journal.DefaultSize, func(s *emulator.Server, step int) { s.Journal().ClearAccount(1) }},
		"read in between": {3, func(s *emulator.Server, step int) { s.Report() }},
		"cleared at times": {4, func(s *emulator.Server, step int) {
			if step%3 == 0 {
				s.Journal().Clear()
			}
		}},
	} {
		s := counted(t, emulator.WithJournalSize(drop.size))
		history(t, s, func(step int) { drop.between(s, step) })
		if diff := cmp.Diff(want, s.Report()); diff != "" {
			t.Errorf("%s (-whole +got):\n%s", name, diff)
		}
	}
}

func TestAClearedReportCountsFromThenOn(t *testing.T) {
	s := counted(t)
	history(t, s, func(int) {})
	s.ClearReport()
	r := s.Report()
	if share := r.Shares()[0]; share.Covered != 0 || r.Requests != 0 || len(r.Mistakes) != 0 {
		t.Errorf("%s, %d requests, %d mistakes", share, r.Requests, len(r.Mistakes))
	}
	call(t, s, "GetKeys", url.Values{})
	s.Journal().Clear()
	if r := s.Report(); r.Requests != 1 {
		t.Errorf("%d requests, want 1", r.Requests)
	}
}

func TestReportsOfWorkersAddUp(t *testing.T) {
	s := counted(t)
	history(t, s, func(int) {})
	one := s.Report()
	twice := one.Clone()
	if err := twice.Merge(one.Covered()); err != nil {
		t.Fatal(err)
	}
	mine := map[report.Key]int64{}
	for key, item := range one.Items() {
		mine[key] = item.Times
	}
	for key, item := range twice.Items() {
		if item.Times != 2*mine[key] {
			t.Errorf("%s: %d, want 2 × %d", key, item.Times, mine[key])
		}
	}
	if len(twice.Mistakes) != len(one.Mistakes) || twice.Requests != 2*one.Requests {
		t.Errorf("%d mistakes in %d requests, had %d in %d", len(twice.Mistakes), twice.Requests, len(one.Mistakes), one.Requests)
	}
	for i, m := range twice.Mistakes {
		if m.Times%2 != 0 || m.First == 0 {
			t.Errorf("mistake %d: %+v", i, m)
		}
	}
	dir := t.TempDir()
	for range 2 {
		if err := one.Append(dir, "worker"); err != nil {
			t.Fatal(err)
		}
	}
	read, err := emulator.BlankReport()
	if err != nil {
		t.Fatal(err)
	}
	if err := read.MergeFile(dir); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(twice, read); diff != "" {
		t.Errorf("from files (-want +got):\n%s", diff)
	}
	foreign := one.Clone()
	foreign.Methods[0].Name = "NoSuchMethod"
	before := read.Clone()
	if err := read.Merge(foreign); err == nil || cmp.Diff(before, read) != "" {
		t.Errorf("a report of another version: %v", err)
	}
}

// The page of a run that covers everything is the largest.
func TestThePageOfAFullReportIsSmallAndNeedsNothingElse(t *testing.T) {
	s := counted(t)
	history(t, s, func(int) {})
	r := s.Report()
	for _, item := range r.Items() {
		item.Times, item.ByFault = 123456, 12345
	}
	for i := range report.MaxMistakes {
		r.AddMistake(report.Mistake{Text: fmt.Sprintf("<script>alert(%d)</script> has no parameter \"&\n``", i), Times: 1, First: int64(i)})
	}
	page, err := r.Text(report.HTML, []string{"<b>"})
	if err != nil {
		t.Fatal(err)
	}
	const most = 300 << 10
	if len(page) > most {
		t.Errorf("%d bytes, want at most %d", len(page), most)
	}
	for _, bad := range []string{"<script", "src=", "href=", "http:", "https:", "url(", "<b>all</b><b>"} {
		if bytes.Contains(page, []byte(bad)) {
			t.Errorf("the page has %s", bad)
		}
	}
	junit, err := r.Text(report.JUnit, []string{"<b>"})
	if err != nil {
		t.Fatal(err)
	}
	var suites struct {
		Failures int `xml:"failures,attr"`
		Suites   []struct {
			Name  string `xml:"name,attr"`
			Cases []struct {
				Failure *struct{} `xml:"failure"`
			} `xml:"testcase"`
		} `xml:"testsuite"`
	}
	if err := xml.Unmarshal(junit, &suites); err != nil {
		t.Fatal(err)
	}
	failed := 0
	for _, suite := range suites.Suites {
		for _, c := range suite.Cases {
			if c.Failure != nil {
				failed++
			}
		}
	}
	if failed != suites.Failures || failed < report.MaxMistakes/2 {
		t.Errorf("%d failed cases, the head says %d", failed, suites.Failures)
	}
	annotations, err := r.Text(report.GitHub, nil)
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(annotations)) {
		if !strings.HasPrefix(line, "::error title=") && !strings.HasPrefix(line, "::warning title=") {
			t.Errorf("a line that is no annotation: %q", line)
		}
	}
}

// Each of these is hidden by the real API, so that the report shows it as failed.
func TestMistakesThatTheAPIHidesFailInTheReport(t *testing.T) {
	for query, text := range map[string]string{
		"GetUsers?application_id=123&colour=red":  "GetUsers has no parameter colour",
		"GetUser?":                                "the API has no method GetUser at this address",
		"GetSipRegistrations?is_persistent=maybe": "",
		"GetPhoneNumbers?":                        "",
	} {
		s := counted(t)
		method, rest, _ := strings.Cut(query, "?")
		call(t, s, method, parsed(t, rest))
		r := s.Report()
		junit, err := r.Text(report.JUnit, nil)
		if err != nil {
			t.Fatal(err)
		}
		annotations, err := r.Text(report.GitHub, nil)
		if err != nil {
			t.Fatal(err)
		}
		if len(r.Mistakes) != 1 || (text != "") != r.Mistakes[0].Hidden() || !strings.HasPrefix(r.Mistakes[0].Text, text) {
			t.Errorf("%s: %+v", query, r.Mistakes)
		}
		if failed := bytes.Contains(junit, []byte("<failure")); failed != (text != "") || failed != bytes.Contains(annotations, []byte("::error")) {
			t.Errorf("%s: failed in JUnit: %v; annotations: %s", query, failed, annotations)
		}
	}
}
