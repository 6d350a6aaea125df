package journal

import (
	"encoding/json"
	"errors"
	"flag"
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/rogpeppe/go-internal/txtar"
)

var update = flag.Bool("update", false, "rewrite the golden texts")

func TestExpectationsAreMetOrExplained(t *testing.T) {
	create := Filter{Method: "CreateSipRegistration"}
	for _, c := range []struct {
		times Times
		n     int
		met   bool
	}{
		{Times{}, 0, false}, {Times{}, 1, true}, {Times{}, 2, true},
		{Once(), 0, false}, {Once(), 1, true}, {Once(), 2, false},
		{Never(), 0, true}, {Never(), 1, false}, {Exactly(2), 2, true}, {Exactly(2), 3, false},
		{AtLeast(2), 1, false}, {AtLeast(2), 3, true}, {AtMost(1), 0, true}, {AtMost(1), 1, true}, {AtMost(1), 2, false},
	} {
		j := New(10)
		called(j, 1, "GetSipRegistrations")
		for range c.n {
			called(j, 1, create.Method)
		}
		if err := j.Verify(Expectation{create, c.times}); (err == nil) != c.met {
			t.Errorf("%s with %d calls: %v", c.times, c.n, err)
		}
	}
}

// stories are what the golden file explains, in this order.
func stories() []struct {
	name string
	err  error
} {
	j := New(20)
	for _, name := range []string{"bob", "carol", "dave", "eve"} {
		called(j, 1, "CreateSipRegistration", "sip_username", name, "proxy", "sip.example.com", "password", "hush")
	}
	called(j, 1, "CreateSipRegistration", "proxy", "pbx.example.com")
	called(j, 1, "UpdateSipRegistration", "sip_username", "alice", "proxy", "sip.example.com")
	called(j, 2, "GetSipRegistrations")
	delivered(j, 1, "sip_registration_fail")
	small := New(2)
	for range 3 {
		called(small, 1, "CreateSipRegistration")
	}
	create := Filter{Method: "CreateSipRegistration"}
	alice := create.With("sip_username", "alice").With("proxy", "sip.example.com")
	type story = struct {
		name string
		err  error
	}
	return []story{
		{"the nearest calls", j.Verify(Expectation{alice, Once()})},
		{"several differences", j.Verify(Expectation{Filter{Method: "GetSipRegistrations", KeyID: "k"}.With("count", "5"), Times{}})},
		{"one parameter", j.Verify(Expectation{create.Where("proxy", Like(regexp.MustCompile(`^tel\.`))), AtLeast(2)})},
		{"another account", j.Verify(Expectation{Filter{Method: "GetSipRegistrations", AccountID: 1}, Once()})},
		{"another method", j.Verify(Expectation{Filter{Method: "DeleteSipRegistration"}, Once()})},
		{"too many", j.Verify(Expectation{create, AtMost(2)})},
		{"never", j.Verify(Expectation{Filter{CallbackType: "sip_registration_fail"}, Never()})},
		{"a secret", j.Verify(Expectation{create.With("password", "hush").With("sip_username", "bob"), Once()})},
		{"a bound that nobody can know", small.Verify(Expectation{create.With("proxy", "x"), Never()})},
		{"nothing came", New(5).Verify(Expectation{create, Once()})},
		{"too early", j.VerifyOrder(Filter{Method: "UpdateSipRegistration"}, create.With("sip_username", "bob"))},
		{"not in the order at all", j.VerifyOrder(create.With("sip_username", "bob"), alice)},
	}
}

func TestExplanationsReadAsInTheGoldenFile(t *testing.T) {
	var archive txtar.Archive
	for _, s := range stories() {
		if s.err == nil {
			t.Errorf("%s: met", s.name)
			continue
		}
		archive.Files = append(archive.Files, txtar.File{Name: s.name, Data: []byte(s.err.Error() + "\n")})
	}
	got := txtar.Format(&archive)
	const path = "testdata/explanations.txtar"
	if *update {
		if err := os.WriteFile(path, got, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(strings.Split(string(want), "\n"), strings.Split(string(got), "\n")); diff != "" {
		t.Errorf("(-golden +got); -update rewrites:\n%s", diff)
	}
}

func TestAnOrderLetsOthersComeBetween(t *testing.T) {
	j := New(9)
	for _, method := range []string{"A", "X", "B", "A", "C"} {
		called(j, 1, method)
	}
	for steps, met := range map[string]bool{"": true, "A": true, "A B C": true, "A A": true, "A A A": false, "B B": false, "C A": false} {
		var filters []Filter
		for _, method := range strings.Fields(steps) {
			filters = append(filters, Filter{Method: method})
		}
		if err := j.VerifyOrder(filters...); (err == nil) != met {
			t.Errorf("%s: %v", steps, err)
		}
	}
}

func TestAnotherAccountsEvictionsDoNotMatter(t *testing.T) {
	j := New(1)
	called(j, 1, "A")
	called(j, 2, "A")
	if err := j.Verify(Expectation{Filter{AccountID: 2}, Once()}); err != nil {
		t.Error(err)
	}
	if err := j.Verify(Expectation{Filter{AccountID: 1}, Never()}); err == nil {
		t.Error("nobody can know, but it was met")
	}
}

func TestAnUnmetExpectationIsReadByPrograms(t *testing.T) {
	j := New(9)
	called(j, 1, "A", "b", "1")
	var x Expectation
	if err := json.Unmarshal([]byte(`{"filter":{"method":"A","parameters":{"b":2}},"times":{"min":1,"max":1}}`), &x); err != nil {
		t.Fatal(err)
	}
	var unmet *Unmet
	if !errors.As(j.Verify(x), &unmet) {
		t.Fatal("met")
	}
	text, err := json.Marshal(unmet)
	if err != nil {
		t.Fatal(err)
	}
	const want = `{"want":"exactly 1 call of A with b \"2\"","seen":1,"matched":[],` +
		`"near":[{"kind":"call","number":1,"differences":[{"field":"b","want":"\"2\"","got":"\"1\""}]}],"came_close":1}`
	if diff := cmp.Diff(want, string(text)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}
