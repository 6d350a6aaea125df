package emulator_test

import (
	"fmt"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/voxemu/voxemu/emulator"
	"github.com/voxemu/voxemu/emulator/clock"
	"github.com/voxemu/voxemu/emulator/fault"
	"github.com/voxemu/voxemu/emulator/vox"
	"github.com/voxemu/voxemu/scenarios"
)

// failer is the common part of *testing.T and *rapid.T.
type failer interface {
	Helper()
	Fatalf(format string, args ...any)
}

// survives imports the export of a server into the same server and into another, and
// requires that the next export is the same, with and without secrets, as YAML and as
// JSON.
func survives(t failer, s *emulator.Server) {
	t.Helper()
	movesToAnother(t, s)
	passes(t, s, s, "?secrets=true&format=json")
	passes(t, s, s, "") // last, because it loses the secrets
}

// movesToAnother imports the export of a server, with secrets, as YAML, into a server
// with another state.
func movesToAnother(t failer, s *emulator.Server) {
	t.Helper()
	other, err := emulator.New(emulator.WithStrict(), emulator.WithClock(clock.Stopped(s.Now())), emulator.WithScenario("lost-answers"))
	if err != nil {
		t.Fatalf("%v", err)
	}
	passes(t, s, other, "?secrets=true")
}

// passes imports the export of one server into another, or into itself.
func passes(t failer, from, into *emulator.Server, query string) {
	t.Helper()
	before := state(t, from, query)
	if err := into.Import([]byte(before)); err != nil {
		t.Fatalf("%v in\n%s", err, before)
	}
	if after := state(t, into, query); before != after {
		t.Fatalf("state%s (-before +after):\n%s", query, cmp.Diff(before, after))
	}
}

// state returns the export of the control API.
func state(t failer, s *emulator.Server, query string) string {
	t.Helper()
	recorder := httptest.NewRecorder()
	s.Handler().ServeHTTP(recorder, httptest.NewRequest("GET", "/_voxemu/state"+query, nil))
	if recorder.Code != 200 {
		t.Fatalf("status %d: %s", recorder.Code, recorder.Body)
	}
	return recorder.Body.String()
}

func TestExportImportExportIsByteIdenticalForEveryBuiltInScenario(t *testing.T) {
	for _, name := range scenarios.Names() {
		t.Run(name, func(t *testing.T) {
			s := newServer(t, emulator.WithScenario(name))
			s.Handler().ServeHTTP(httptest.NewRecorder(), get("GetSipRegistrations", url.Values{})) // runs what is due
			if name == "many" {                                                                     // 10,000 rows of a kind; other scenarios are tested in all formats
				movesToAnother(t, s)
				return
			}
			survives(t, s)
		})
	}
}

func TestExportImportExportIsByteIdenticalAfterAnyHistoryWithAnyFaults(t *testing.T) {
	names := map[string][]string{}
	for _, method := range specification(t).Methods() {
		names[method.Name] = specification(t).ParameterNames(method)
	}
	receiver := newCustomer(t)
	rapid.Check(t, func(rt *rapid.T) {
		s := changeful(t, receiver)
		for _, happen := range draw(rt)[:15] {
			happen(t, s)
		}
		settle(t, s) // running attempts count
		rules := rapid.SliceOfNDistinct(rapid.Custom(drawRule(names)), 0, 6, func(r fault.Rule) string { return r.Name }).Draw(rt, "rules")
		if err := s.Faults().Replace(rules...); err != nil {
			rt.Fatalf("%v in %+v", err, rules)
		}
		survives(rt, s)
	})
}

// drawRule generates a valid rule.
func drawRule(names map[string][]string) func(*rapid.T) fault.Rule {
	return func(t *rapid.T) fault.Rule {
		return fault.Rule{
			Name: rapid.StringMatching(`[A-Za-z0-9._-]{1,64}`).Draw(t, "name"),
			When: drawWhen(t, names), Then: drawThen(t),
			After: rapid.Bool().Draw(t, "after"), Times: count(t, "times"), Optional: rapid.Bool().Draw(t, "optional"),
		}
	}
}

func drawWhen(t *rapid.T, names map[string][]string) fault.When {
	w := fault.When{
		Account: rapid.Int64Range(0, 3).Draw(t, "account"), Key: patterns.Draw(t, "key"),
		Encoding: rapid.SampledFrom(append(vox.Encodings(), "")).Draw(t, "encoding"),
		Nth:      count(t, "nth"), Every: count(t, "every"), First: count(t, "first"), Skip: count(t, "skip"),
	}
	if rapid.Bool().Draw(t, "by method") {
		w.Method = "GetSipRegistrations"
		known := slices.DeleteFunc(slices.Clone(names[w.Method]), func(name string) bool { return name == "api_key" || name == "session_id" })
		w.Parameters = map[string]string{rapid.SampledFrom(known).Draw(t, "parameter"): patterns.Draw(t, "value")}
	}
	if rapid.Bool().Draw(t, "by header") {
		w.Headers = map[string]string{"X-Test": patterns.Draw(t, "header"), "user-agent": "*"}
	}
	if rapid.Bool().Draw(t, "by chance") {
		w.Probability = new(rapid.Float64Range(0, 1).Draw(t, "probability"))
	}
	switch rapid.IntRange(0, 2).Draw(t, "window") {
	case 1:
		w.From = fault.In(time.Duration(rapid.Int64Range(0, 1e15).Draw(t, "from")))
	case 2:
		w.Until = fault.At(start.Add(time.Duration(rapid.Int64Range(0, 1e15).Draw(t, "until"))))
	}
	return w
}

// words are texts that YAML could read as another type.
var words = rapid.OneOf(
	rapid.SampledFrom([]string{"", "*", "~", "null", "yes", "007", "1e3", "0x1F", "- a", "a: b #c", " a ", "'", `"`, "{id}", "2026-01-31", "ü"}),
	rapid.StringMatching(`[ -~]{0,20}`),
)

var patterns = words.Filter(func(text string) bool { return vox.CheckPattern(text) == nil })

func count(t *rapid.T, name string) fault.Count {
	return fault.Count(rapid.Int64Range(0, 5).Draw(t, name)) // 0: not set
}

func drawThen(t *rapid.T) fault.Then {
	span := func(name string) fault.Duration {
		return fault.Duration(rapid.Int64Range(1, 1e12).Draw(t, name))
	}
	page := strings.Join(rapid.SliceOf(words).Draw(t, "body"), "\n")
	return rapid.SampledFrom([]fault.Then{
		fault.Do(fault.APIError("127")), fault.Do(fault.APIError("INVALID on proxy")),
		fault.Do(fault.HTTP{Status: 502, Headers: map[string]string{"Content-Type": "text/html", "X-Test": "a"}, Body: page}),
		fault.Do(fault.HTTP{Status: 503, Body: page}, fault.Delay{Median: span("median"), Sigma: 0.1 + rapid.Float64Range(0, 9).Draw(t, "sigma")}),
		fault.Do(fault.Delay{Fixed: span("fixed")}), fault.Do(fault.Delay{Max: span("max")}),
		fault.Do(fault.SlowBody{Over: span("over"), Chunks: 3}), fault.Do(fault.Hang{}),
		fault.Do(fault.Reset{AfterSending: fault.Headers}), fault.Do(fault.Close{}),
		fault.Do(fault.EmptyBody{}), fault.Do(fault.TruncatedJSON{}), fault.Do(fault.MalformedJSON{}),
		fault.Do(fault.ContentType("text/html; charset=utf-8")), fault.Do(fault.DuplicateReply{}),
	}).Draw(t, "then")
}

func TestFaultsOfEveryKindSurviveAnExport(t *testing.T) {
	var rules []fault.Rule
	for i, kind := range fault.Kinds() {
		then := fault.Do(kind.New().(fault.Kind))
		switch made := kind.New().(type) {
		case *fault.APIError:
			then = fault.Do(fault.APIError("INVALID on proxy"))
		case *fault.HTTP:
			then = fault.Do(fault.HTTP{Status: 502, Body: "a\nb\n "})
		case *fault.RateLimit:
			then = fault.Do(fault.RateLimit{Calls: 5, Per: fault.Duration(time.Second), Burst: 7, Status: 429})
		case *fault.Delay:
			then = fault.Do(fault.Delay{Min: 1, Max: fault.Duration(time.Hour)})
		case *fault.SlowBody:
			then = fault.Do(fault.SlowBody{Over: fault.Duration(time.Second)})
		case *fault.ContentType:
			then = fault.Do(fault.ContentType("text/html"))
		default:
			_ = made // its zero value is valid
		}
		rules = append(rules, fault.Rule{Name: fmt.Sprint("rule-", i), Then: then})
	}
	s := newServer(t)
	if err := s.Faults().Replace(rules...); err != nil {
		t.Fatal(err)
	}
	survives(t, s)
	var kept []fault.Rule
	for _, status := range s.Faults().Rules() {
		kept = append(kept, status.Rule)
	}
	if diff := cmp.Diff(rules, kept); diff != "" {
		t.Errorf("(-before +after):\n%s", diff)
	}
}
