package journal

import (
	"encoding/json"
	"net/http"
	"reflect"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// filled is a journal with an entry for every kind of question.
func filled() *Journal {
	j := New(100)
	called(j, 1, "CreateSipRegistration", "sip_username", "alice", "proxy", "a.example.com", "password", "hush") // 1
	called(j, 2, "CreateSipRegistration", "sip_username", "bob", "rule_id", "1", "rule_id", "2")                 // 2
	more := []func(*Recording){
		func(r *Recording) { r.Method, r.UnknownMethod, r.Code, r.Error = "Creat", true, 103, "UNKNOWN_COMMAND" },
		func(r *Recording) {
			r.Problems, r.Code, r.Error = []Problem{{Parameter: "proxy"}}, 274, "INVALID_PROXY"
		},
		func(r *Recording) { r.UnknownParameters, r.KeyID = []string{"colour"}, "key" },
		func(r *Recording) { r.Fault, r.Aborted = "reset", AbortedByFault },
		func(r *Recording) { r.Method, r.NotEmulated, r.Code = "AddUser", true, 103 },
	}
	for i, change := range more { // 3 to 7
		r := j.Open(KindCall, noon.Add(time.Hour+time.Duration(i)*time.Hour))
		r.AccountID, r.Verb, r.Method, r.Status = 9, "GET", "X", http.StatusOK
		change(r)
		r.Close(r.At)
	}
	delivered(j, 1, "sip_registration_fail") // 8
	return j
}

func TestFiltersSelect(t *testing.T) {
	j := filled()
	code := func(n int) *int { return &n }
	for _, c := range []struct {
		why  string
		f    Filter
		want []int64
	}{
		{"nothing asked", Filter{}, []int64{1, 2, 3, 4, 5, 6, 7, 8}},
		{"kind", Filter{Kind: KindCallback}, []int64{8}},
		{"method", Filter{Method: "CreateSipRegistration"}, []int64{1, 2}},
		{"account", Filter{AccountID: 1}, []int64{1, 8}},
		{"key", Filter{KeyID: "key"}, []int64{5}},
		{"callback type", Filter{CallbackType: "sip_registration_fail"}, []int64{8}},
		{"callback id", Filter{CallbackID: 5}, []int64{8}},
		{"code", Filter{Code: code(274)}, []int64{4}},
		{"success, not cut off", Filter{Code: code(0)}, []int64{1, 2, 5}},
		{"error", Filter{Error: "INVALID_PROXY"}, []int64{4}},
		{"exact parameter", Filter{}.With("sip_username", "alice"), []int64{1}},
		{"two parameters", Filter{}.With("sip_username", "alice").With("proxy", "b"), nil},
		{"one of a repeated parameter", Filter{}.With("rule_id", "2"), []int64{2}},
		{"a repeated parameter as a list", Filter{}.With("rule_id", "1;2"), []int64{2}},
		{"pattern", Filter{}.Where("proxy", Like(regexp.MustCompile(`^a\.`))), []int64{1}},
		{"given", Filter{}.Where("password", Given()), []int64{1}},
		{"absent", Filter{Method: "CreateSipRegistration"}.Where("password", Absent()), []int64{2}},
		{"a secret's value", Filter{}.With("password", "hush"), nil},
		{"a secret's mask", Filter{}.With("password", "***"), nil},
		{"since", Filter{Since: noon.Add(4 * time.Hour)}, []int64{6, 7}},
		{"until", Filter{Until: noon.Add(time.Second)}, []int64{1, 8}},
		{"fault", Filter{Fault: "reset"}, []int64{6}},
		{"any fault", Filter{Fault: "*"}, []int64{6}},
		{"aborted", Filter{Aborted: true}, []int64{6}},
		{"any mistake", Filter{Mistake: AnyMistake}, []int64{3, 4, 5}},
		{"unknown method", Filter{Mistake: UnknownMethodMistake}, []int64{3}},
		{"contract", Filter{Mistake: ContractMistake}, []int64{4}},
		{"unknown parameter", Filter{Mistake: UnknownParameterMistake}, []int64{5}},
		{"not emulated", Filter{NotEmulated: true}, []int64{7}},
		{"after", Filter{After: 6}, []int64{7, 8}},
	} {
		wantNumbers(t, c.why, j.Find(c.f), c.want...)
		if n := j.Count(c.f); n != len(c.want) {
			t.Errorf("%s: counted %d, want %d", c.why, n, len(c.want))
		}
		text, err := json.Marshal(c.f)
		var back Filter
		if err == nil {
			err = json.Unmarshal(text, &back)
		}
		if err != nil || back.String() != c.f.String() {
			t.Errorf("%s: %s reads as %q, want %q, %v", c.why, text, back, c.f, err)
		}
		wantNumbers(t, c.why+" from JSON", j.Find(back), c.want...)
	}
}

func TestEveryMemberOfAFilterAsksSomething(t *testing.T) {
	for i := range reflect.TypeFor[Filter]().NumField() {
		var f Filter
		field := reflect.ValueOf(&f).Elem().Field(i)
		name := reflect.TypeFor[Filter]().Field(i).Name
		switch v := field.Addr().Interface().(type) {
		case *time.Time:
			*v = noon
		case **int:
			*v = new(int)
		case *map[string]Value:
			*v = map[string]Value{"a": Given()}
		case *bool:
			*v = true
		case *int64:
			*v = 1
		default:
			field.SetString("any")
		}
		if len(f.criteria()) != 1 {
			t.Errorf("%s asks nothing", name)
		}
	}
}

func TestWithLeavesTheFilterAlone(t *testing.T) {
	base := Filter{}.With("a", "1")
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
		var f Filter
		if err := json.Unmarshal([]byte(text), &f); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %q", text, err, want)
		}
	}
	var f Filter
	if err := json.Unmarshal([]byte(`{"parameters":{"a":1,"b":true}}`), &f); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(`entry with a "1", b "true"`, f.String()); diff != "" {
		t.Error(diff)
	}
}
