package journal_test

import (
	"encoding/json"
	"net/http"
	"reflect"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/voxemu/voxemu/emulator/journal"
)

// filled returns a journal with a request for each condition of a filter.
func filled() *kept {
	j := keep(100)
	called(j, 1, "CreateSipRegistration", "sip_username", "alice", "proxy", "a.example.com", "password", "hush") // 1
	called(j, 2, "CreateSipRegistration", "sip_username", "bob", "rule_id", "1", "rule_id", "2")                 // 2
	more := []func(*journal.Request){
		func(r *journal.Request) {
			r.Method, r.UnknownMethod, r.Code, r.Error = "Creat", true, 103, "UNKNOWN_COMMAND"
		},
		func(r *journal.Request) {
			r.Mistakes, r.Code, r.Error = []journal.ParameterMistake{{Parameter: "proxy"}}, 274, "INVALID_PROXY"
		},
		func(r *journal.Request) { r.UnknownParameters, r.KeyID = []string{"colour"}, "key" },
		func(r *journal.Request) { r.Fault, r.Aborted = "reset", journal.AbortedByFault },
		func(r *journal.Request) { r.Method, r.NotEmulated, r.Code = "AddUser", true, 103 },
	}
	for i, change := range more { // 3 to 7
		r := &journal.Request{Kind: journal.APIRequest, At: noon.Add(time.Hour + time.Duration(i)*time.Hour)}
		r.AccountID, r.Verb, r.Method, r.Status = 9, "GET", "X", http.StatusOK
		change(r)
		j.add(r)
	}
	delivered(j, 1, "sip_registration_fail") // 8
	return j
}

func TestFiltersSelect(t *testing.T) {
	j := filled()
	code := func(n int) *int { return &n }
	for _, c := range []struct {
		why  string
		f    journal.Filter
		want []int64
	}{
		{"nothing asked", journal.Filter{}, []int64{1, 2, 3, 4, 5, 6, 7, 8}},
		{"kind", journal.Filter{Kind: journal.CallbackRequest}, []int64{8}},
		{"method", journal.Filter{Method: "CreateSipRegistration"}, []int64{1, 2}},
		{"account", journal.Filter{AccountID: 1}, []int64{1, 8}},
		{"key", journal.Filter{KeyID: "key"}, []int64{5}},
		{"callback type", journal.Filter{CallbackType: "sip_registration_fail"}, []int64{8}},
		{"callback id", journal.Filter{CallbackID: 5}, []int64{8}},
		{"code", journal.Filter{Code: code(274)}, []int64{4}},
		{"success, not cut off", journal.Filter{Code: code(0)}, []int64{1, 2, 5}},
		{"error", journal.Filter{Error: "INVALID_PROXY"}, []int64{4}},
		{"exact parameter", journal.Filter{}.With("sip_username", "alice"), []int64{1}},
		{"two parameters", journal.Filter{}.With("sip_username", "alice").With("proxy", "b"), nil},
		{"one of a repeated parameter", journal.Filter{}.With("rule_id", "2"), []int64{2}},
		{"a repeated parameter as a list", journal.Filter{}.With("rule_id", "1;2"), []int64{2}},
		{"pattern", journal.Filter{}.Where("proxy", journal.Like(regexp.MustCompile(`^a\.`))), []int64{1}},
		{"given", journal.Filter{}.Where("password", journal.Given()), []int64{1}},
		{"absent", journal.Filter{Method: "CreateSipRegistration"}.Where("password", journal.Absent()), []int64{2}},
		{"a secret's value", journal.Filter{}.With("password", "hush"), nil},
		{"a secret's mask", journal.Filter{}.With("password", "***"), nil},
		{"since", journal.Filter{Since: noon.Add(4 * time.Hour)}, []int64{6, 7}},
		{"until", journal.Filter{Until: noon.Add(time.Second)}, []int64{1, 8}},
		{"fault", journal.Filter{Fault: "reset"}, []int64{6}},
		{"any fault", journal.Filter{Fault: "*"}, []int64{6}},
		{"aborted", journal.Filter{Aborted: true}, []int64{6}},
		{"any mistake", journal.Filter{Mistake: journal.AnyMistake}, []int64{3, 4, 5}},
		{"unknown method", journal.Filter{Mistake: journal.UnknownMethodMistake}, []int64{3}},
		{"contract", journal.Filter{Mistake: journal.ContractMistake}, []int64{4}},
		{"unknown parameter", journal.Filter{Mistake: journal.UnknownParameterMistake}, []int64{5}},
		{"not emulated", journal.Filter{NotEmulated: true}, []int64{7}},
		{"after", journal.Filter{After: 6}, []int64{7, 8}},
	} {
		wantNumbers(t, c.why, j.find(c.f), c.want...)
		text, err := json.Marshal(c.f)
		var back journal.Filter
		if err == nil {
			err = json.Unmarshal(text, &back)
		}
		if err != nil || back.String() != c.f.String() {
			t.Errorf("%s: %s reads as %q, want %q, %v", c.why, text, back, c.f, err)
		}
		wantNumbers(t, c.why+" from JSON", j.find(back), c.want...)
	}
}

func TestEveryMemberOfAFilterAsksSomething(t *testing.T) {
	for i := range reflect.TypeFor[journal.Filter]().NumField() {
		var f journal.Filter
		field := reflect.ValueOf(&f).Elem().Field(i)
		name := reflect.TypeFor[journal.Filter]().Field(i).Name
		switch v := field.Addr().Interface().(type) {
		case *time.Time:
			*v = noon
		case **int:
			*v = new(int)
		case *map[string]journal.Value:
			*v = map[string]journal.Value{"a": journal.Given()}
		case *bool:
			*v = true
		case *int64:
			*v = 1
		default:
			field.SetString("any")
		}
		matches := f.Matcher()
		if matches(&journal.Request{At: noon.Add(-time.Hour)}) && matches(&journal.Request{At: noon.Add(time.Hour)}) {
			t.Errorf("%s asks nothing", name)
		}
	}
}

func TestWithLeavesTheFilterAlone(t *testing.T) {
	base := journal.Filter{}.With("a", "1")
	base.With("b", "2")
	if len(base.Parameters) != 1 {
		t.Errorf("%v", base)
	}
}

func TestBadFiltersAreRefusedWithWhatIsAllowed(t *testing.T) {
	for text, want := range map[string]string{
		`{"kind":"request"}`:                    "want call or callback",
		`{"mistake":"some"}`:                    "want any, contract, unknown_method or unknown_parameter",
		`{"parameters":{"a":["x"]}}`:            `{"pattern": "…"}`,
		`{"parameters":{"a":null}}`:             `{"pattern": "…"}`,
		`{"parameters":{"a":{}}}`:               `{"pattern": "…"}`,
		`{"parameters":{"a":{"patern":"x"}}}`:   `{"pattern": "…"}`,
		`{"parameters":{"a":{"pattern":"("}}}`:  "missing closing )",
		`{"parameters":{"a":{"given":"true"}}}`: `{"pattern": "…"}`,
	} {
		var f journal.Filter
		if err := json.Unmarshal([]byte(text), &f); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %q", text, err, want)
		}
	}
	var f journal.Filter
	if err := json.Unmarshal([]byte(`{"parameters":{"a":1,"b":true}}`), &f); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(`request with a "1", b "true"`, f.String()); diff != "" {
		t.Error(diff)
	}
}
