package testkit_test

import (
	"encoding/json"
	"os"
	"reflect"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/voxemu/voxemu/emulator/fault"
	"github.com/voxemu/voxemu/emulator/vox"
	"github.com/voxemu/voxemu/testkit"
)

// kitTable is testdata/kits.json, with which the kits of all languages are tested: they
// have the same names and the same failures.
type kitTable struct {
	Names []map[string]string          `json:"names"`
	Words map[string]map[string]string `json:"words"`
	Cases []struct {
		Name     string    `json:"name"`
		Allow    bool      `json:"allow"`
		Steps    []kitStep `json:"steps"`
		Failures []string  `json:"failures"`
	} `json:"cases"`
}

// kitStep is one thing that a test does with its kit.
type kitStep struct {
	Request string `json:"request"` // of the client

	Expect *string           `json:"expect"` // the method; empty: any
	With   map[string]string `json:"with"`
	Times  *int              `json:"times"`
	Then   string            `json:"then"`

	Fail     string            `json:"fail"` // the method
	Kind     fault.Then        `json:"kind"`
	Nth      int               `json:"nth"`
	Limit    int               `json:"limit"`
	On       map[string]string `json:"on"`
	Optional bool              `json:"optional"`

	Do  string `json:"do"`
	ID  int64  `json:"id"`
	Row struct {
		Name    string `json:"name"`
		Pattern string `json:"pattern"`
	} `json:"row"`
}

func readKitTable(t *testing.T) (table kitTable) {
	t.Helper()
	text, err := os.ReadFile("testdata/kits.json")
	if err != nil {
		t.Fatal(err)
	}
	decoder := json.NewDecoder(strings.NewReader(string(text)))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&table); err != nil {
		t.Fatal(err)
	}
	return table
}

func TestTheKitHasTheNamesOfTheSharedTable(t *testing.T) {
	types := map[string]reflect.Type{
		"Emulator": reflect.TypeFor[*testkit.Emulator](), "Expectation": reflect.TypeFor[*testkit.Expectation](),
		"CallMatcher": reflect.TypeFor[testkit.CallMatcher](), "Fault": reflect.TypeFor[*testkit.Fault](), "Sink": reflect.TypeFor[*testkit.Sink](),
	}
	for _, names := range readKitTable(t).Names {
		owner, name, _ := strings.Cut(names["go"], ".")
		if _, ok := types[owner].MethodByName(name); !ok {
			t.Errorf("%s has no method %s", owner, name)
		}
	}
}

func TestTheKitFailsAsTheSharedTableSays(t *testing.T) {
	table := readKitTable(t)
	for _, c := range table.Cases {
		t.Run(c.Name, func(t *testing.T) {
			r := &recorder{}
			var options []testkit.Option
			if c.Allow {
				options = append(options, testkit.AllowUnknown(), testkit.AllowMistakes())
			}
			emu := testkit.Run(r, options...)
			var saved testkit.Snapshot
			for _, step := range c.Steps {
				r.try(func() { step.run(t, emu, &saved) })
			}
			r.end()
			want := []string{}
			for _, text := range c.Failures {
				for placeholder, word := range table.Words["go"] {
					text = strings.ReplaceAll(text, "{"+placeholder+"}", word)
				}
				want = append(want, text)
			}
			got := []string{}
			for _, text := range r.failures {
				got = append(got, place.ReplaceAllString(text, "{place}"))
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("-want +got:\n%s", diff)
			}
		})
	}
}

var place = regexp.MustCompile(`kits_test\.go:\d+`)

func (s kitStep) run(t *testing.T, emu *testkit.Emulator, saved *testkit.Snapshot) {
	t.Helper()
	switch {
	case s.Request != "":
		call(t, emu, s.Request)
	case s.Expect != nil:
		s.expect(emu)
	case s.Fail != "":
		s.fail(emu)
	case s.Do == "snapshot":
		*saved = emu.Snapshot()
	case s.Do == "restore":
		emu.Restore(*saved)
	case s.Do == "add_rule":
		emu.AddRule(vox.Rule{Name: s.Row.Name, Pattern: s.Row.Pattern})
	case s.Do == "registration":
		emu.Registration(s.ID)
	case s.Do == "account":
		emu.Account(s.ID)
	case s.Do == "answer":
		emu.Answer(s.ID, 403, "")
	default:
		t.Fatalf("unknown step %+v", s)
	}
}

func (s kitStep) expect(emu *testkit.Emulator) {
	matcher := testkit.AnyCall()
	if *s.Expect != "" {
		matcher = testkit.Call(*s.Expect)
	}
	for name, value := range s.With {
		matcher = matcher.With(name, value)
	}
	expectation := emu.Expect(matcher)
	switch {
	case s.Then != "":
		expectation.InOrder(testkit.Call(s.Then))
	case s.Times != nil:
		expectation.Times(*s.Times)
	}
}

func (s kitStep) fail(emu *testkit.Emulator) {
	kind := func(r *fault.Rule) {
		r.Then = s.Kind
		r.When.Nth, r.Times, r.Optional = fault.Count(s.Nth), fault.Count(s.Limit), s.Optional
	}
	options := []testkit.FaultOption{kind}
	for name, value := range s.On {
		options = append(options, testkit.On(name, value))
	}
	emu.Fail(s.Fail, fault.Close{}, options...)
}
