package fault_test

import (
	"bytes"
	"encoding/json"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"go.yaml.in/yaml/v4"

	"github.com/voxemu/voxemu/emulator/fault"
	"github.com/voxemu/voxemu/scenarios/document"
)

const file = `
- name: second-create-fails
  when:
    method: CreateSipRegistration
    parameters: {proxy: "*.example.com"}
    headers: {User-Agent: "test/*"}
    account: 1
    key: owner-key
    encoding: urlencoded
    nth: 2
  then: {api_error: INSUFFICIENT_MONEY}
  after: true
  times: 1
  optional: true
- name: outage
  when: {from: 10m, until: 2026-02-01T00:00:00Z, every: 2, first: 10, skip: 4, probability: 0}
  then:
    http: {status: 502, headers: {Content-Type: text/html}, body: <h1>Bad Gateway</h1>}
    delay: {median: 200ms, sigma: 0.5, max: 5s}
- name: late
  then: {delay: {min: 100ms, max: 1m30s}}
- name: cut
  then: {reset: {after_sending: body}}
- name: silent
  then: {hang: {}}
- name: limited
  then: {rate_limit: {calls: 5, per: 1s, burst: 10, status: 429}}
- name: mislabelled
  then: {content_type: text/html}
`

var rules = []fault.Rule{
	{
		Name: "second-create-fails",
		When: fault.When{
			Method: "CreateSipRegistration", Parameters: map[string]string{"proxy": "*.example.com"},
			Headers: map[string]string{"User-Agent": "test/*"}, Account: 1, Key: "owner-key", Encoding: "urlencoded", Nth: 2,
		},
		Then:  fault.Do(fault.APIError("INSUFFICIENT_MONEY")),
		After: true, Times: 1, Optional: true,
	},
	{
		Name: "outage",
		When: fault.When{
			From: fault.In(10 * time.Minute), Until: fault.At(time.Date(2026, 2, 1, 0, 0, 0, 0, time.UTC)),
			Every: 2, First: 10, Skip: 4, Probability: new(0.0),
		},
		Then: fault.Do(
			fault.HTTP{Status: 502, Headers: map[string]string{"Content-Type": "text/html"}, Body: "<h1>Bad Gateway</h1>"},
			fault.Delay{Median: fault.Duration(200 * time.Millisecond), Sigma: 0.5, Max: fault.Duration(5 * time.Second)},
		),
	},
	{Name: "late", Then: fault.Do(fault.Delay{Min: fault.Duration(100 * time.Millisecond), Max: fault.Duration(90 * time.Second)})},
	{Name: "cut", Then: fault.Do(fault.Reset{AfterSending: fault.Body})},
	{Name: "silent", Then: fault.Do(fault.Hang{})},
	{Name: "limited", Then: fault.Do(fault.RateLimit{Calls: 5, Per: fault.Duration(time.Second), Burst: 10, Status: 429})},
	{Name: "mislabelled", Then: fault.Do(fault.ContentType("text/html"))},
}

func readJSON(text []byte, into any) error {
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.DisallowUnknownFields()
	return decoder.Decode(into)
}

func readYAML(text []byte, into any) error {
	return document.Read(document.Source{Name: "rules", Text: text}, into)
}

func writeYAML(value any) ([]byte, error) { return yaml.Dump(value) }

func TestRulesAreReadFromFilesAndSurviveBothFormats(t *testing.T) {
	var fromFile []fault.Rule
	if err := readYAML([]byte(file), &fromFile); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(rules, fromFile); diff != "" {
		t.Errorf("the file reads as (-want +got):\n%s", diff)
	}
	for name, format := range map[string]struct {
		write func(any) ([]byte, error)
		read  func([]byte, any) error
	}{"json": {json.Marshal, readJSON}, "yaml": {writeYAML, readYAML}} {
		text, err := format.write(rules)
		if err != nil {
			t.Fatal(err)
		}
		var back []fault.Rule
		if err := format.read(text, &back); err != nil {
			t.Fatalf("%s: %v in\n%s", name, err, text)
		}
		if diff := cmp.Diff(rules, back); diff != "" {
			t.Errorf("%s (-before +after):\n%s\n%s", name, diff, text)
		}
	}
}

func TestNumbersAndTimesThatCouldMeanTwoThingsAreRefused(t *testing.T) {
	for _, text := range []string{
		`{"times": 0}`, `{"times": -1}`, `{"times": 1.5}`, `{"when": {"nth": 0}}`, `{"when": {"first": 0}}`,
		`{"when": {"from": "-5m"}}`, `{"when": {"until": "tomorrow"}}`, `{"then": {"delay": {"fixed": "-1s"}}}`,
		`{"then": {"delay": {"fixed": "1"}}}`, `{"then": {"slow_body": {"over": "1s", "chunks": 0}}}`, `{"then": {"hangs": {}}}`,
	} {
		if err := readJSON([]byte(text), new(fault.Rule)); err == nil {
			t.Errorf("read as JSON: %s", text)
		}
		if err := readYAML([]byte(text), new(fault.Rule)); err == nil {
			t.Errorf("read as YAML: %s", text)
		}
	}
}

func TestAnAPIErrorIsANameOrACode(t *testing.T) {
	for text, want := range map[string]fault.APIError{
		`"INSUFFICIENT_MONEY"`: "INSUFFICIENT_MONEY", `127`: "127", `"127"`: "127", `"INVALID on proxy"`: "INVALID on proxy",
	} {
		var fromJSON, fromYAML fault.APIError
		if err := readJSON([]byte(text), &fromJSON); err != nil || fromJSON != want {
			t.Errorf("JSON %s: %q, %v", text, fromJSON, err)
		}
		if err := readYAML([]byte(text), &fromYAML); err != nil || fromYAML != want {
			t.Errorf("YAML %s: %q, %v", text, fromYAML, err)
		}
		if err := known.Check(fault.Rule{Name: "rule", Then: fault.Do(want)}); err != nil {
			t.Error(err)
		}
	}
	for _, text := range []string{`{}`, `[]`, `true`} {
		if err := readJSON([]byte(text), new(fault.APIError)); err == nil {
			t.Errorf("read %s", text)
		}
	}
}

func TestEveryKindCanBeMadeByName(t *testing.T) {
	for _, kind := range fault.Kinds() {
		made, ok := kind.New().(fault.Kind)
		if !ok {
			t.Fatalf("%s: %T is no kind", kind.Name, kind.New())
		}
		text, err := json.Marshal(fault.Do(made))
		if err != nil || !bytes.HasPrefix(text, []byte(`{"`+kind.Name+`":`)) {
			t.Errorf("%s is written as %s, %v", kind.Name, text, err)
		}
	}
}
