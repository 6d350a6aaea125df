package journal_test

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

	"github.com/voxemu/voxemu/emulator/journal"
)

var update = flag.Bool("update", false, "rewrite the golden texts")

func TestExpectationsAreMetOrExplained(t *testing.T) {
	create := journal.Filter{Method: "CreateSipRegistration"}
	for _, c := range []struct {
		times journal.Times
		n     int
		met   bool
	}{
		{journal.Times{}, 0, false}, {journal.Times{}, 1, true}, {journal.Times{}, 2, true},
		{journal.Once(), 0, false}, {journal.Once(), 1, true}, {journal.Once(), 2, false},
		{journal.Never(), 0, true}, {journal.Never(), 1, false}, {journal.Exactly(2), 2, true}, {journal.Exactly(2), 3, false},
		{journal.AtLeast(2), 1, false}, {journal.AtLeast(2), 3, true}, {journal.AtMost(1), 0, true}, {journal.AtMost(1), 1, true}, {journal.AtMost(1), 2, false},
	} {
		j := keep(10)
		called(j, 1, "GetSipRegistrations")
		for range c.n {
			called(j, 1, create.Method)
		}
		if err := j.verify(journal.Expectation{Filter: create, Times: c.times}); (err == nil) != c.met {
			t.Errorf("%s with %d calls: %v", c.times, c.n, err)
		}
	}
}

// stories returns the expectations whose errors the golden file contains, in its order.
func stories() []struct {
	name string
	err  error
} {
	j := keep(20)
	for _, name := range []string{"bob", "carol", "dave", "eve"} {
		called(j, 1, "CreateSipRegistration", "sip_username", name, "proxy", "sip.example.com", "password", "hush")
	}
	called(j, 1, "CreateSipRegistration", "proxy", "pbx.example.com")
	called(j, 1, "UpdateSipRegistration", "sip_username", "alice", "proxy", "sip.example.com")
	called(j, 2, "GetSipRegistrations")
	delivered(j, 1, "sip_registration_fail")
	small := keep(2)
	for range 3 {
		called(small, 1, "CreateSipRegistration")
	}
	create := journal.Filter{Method: "CreateSipRegistration"}
	alice := create.With("sip_username", "alice").With("proxy", "sip.example.com")
	type story = struct {
		name string
		err  error
	}
	return []story{
		{"the nearest calls", j.verify(journal.Expectation{Filter: alice, Times: journal.Once()})},
		{"several differences", j.verify(journal.Expectation{Filter: journal.Filter{Method: "GetSipRegistrations", KeyID: "k"}.With("count", "5"), Times: journal.Times{}})},
		{"one parameter", j.verify(journal.Expectation{Filter: create.Where("proxy", journal.Like(regexp.MustCompile(`^tel\.`))), Times: journal.AtLeast(2)})},
		{"another account", j.verify(journal.Expectation{Filter: journal.Filter{Method: "GetSipRegistrations", AccountID: 1}, Times: journal.Once()})},
		{"another method", j.verify(journal.Expectation{Filter: journal.Filter{Method: "DeleteSipRegistration"}, Times: journal.Once()})},
		{"too many", j.verify(journal.Expectation{Filter: create, Times: journal.AtMost(2)})},
		{"never", j.verify(journal.Expectation{Filter: journal.Filter{CallbackType: "sip_registration_fail"}, Times: journal.Never()})},
		{"a secret", j.verify(journal.Expectation{Filter: create.With("password", "hush").With("sip_username", "bob"), Times: journal.Once()})},
		{"a bound that nobody can know", small.verify(journal.Expectation{Filter: create.With("proxy", "x"), Times: journal.Never()})},
		{"nothing came", keep(5).verify(journal.Expectation{Filter: create, Times: journal.Once()})},
		{"too early", j.verifyOrder(journal.Filter{Method: "UpdateSipRegistration"}, create.With("sip_username", "bob"))},
		{"not in the order at all", j.verifyOrder(create.With("sip_username", "bob"), alice)},
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
	j := keep(9)
	for _, method := range []string{"A", "X", "B", "A", "C"} {
		called(j, 1, method)
	}
	for steps, met := range map[string]bool{"": true, "A": true, "A B C": true, "A A": true, "A A A": false, "B B": false, "C A": false} {
		var filters []journal.Filter
		for _, method := range strings.Fields(steps) {
			filters = append(filters, journal.Filter{Method: method})
		}
		if err := j.verifyOrder(filters...); (err == nil) != met {
			t.Errorf("%s: %v", steps, err)
		}
	}
}

func TestAnotherAccountsEvictionsDoNotMatter(t *testing.T) {
	j := keep(1)
	called(j, 1, "A")
	called(j, 2, "A")
	if err := j.verify(journal.Expectation{Filter: journal.Filter{AccountID: 2}, Times: journal.Once()}); err != nil {
		t.Error(err)
	}
	if err := j.verify(journal.Expectation{Filter: journal.Filter{AccountID: 1}, Times: journal.Never()}); err == nil {
		t.Error("nobody can know, but it was met")
	}
}

func TestAnUnmetExpectationIsReadByPrograms(t *testing.T) {
	j := keep(9)
	called(j, 1, "A", "b", "1")
	var x journal.Expectation
	if err := json.Unmarshal([]byte(`{"filter":{"method":"A","parameters":{"b":2}},"times":{"min":1,"max":1}}`), &x); err != nil {
		t.Fatal(err)
	}
	var unmet *journal.Unmet
	if !errors.As(j.verify(x), &unmet) {
		t.Fatal("met")
	}
	text, err := json.Marshal(unmet)
	if err != nil {
		t.Fatal(err)
	}
	const want = `{"want":"exactly 1 request of A with b \"2\"","seen":1,"matched":[],` +
		`"near":[{"kind":"call","number":1,"differences":[{"field":"b","want":"\"2\"","got":"\"1\""}]}],"came_close":1}`
	if diff := cmp.Diff(want, string(text)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}
