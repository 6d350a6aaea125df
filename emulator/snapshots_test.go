package emulator_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/voxemu/voxemu/emulator"
	"github.com/voxemu/voxemu/emulator/vox"
)

// asked sends "VERB /path" to a server.
func asked(s *emulator.Server, target, body string) *httptest.ResponseRecorder {
	verb, path, _ := strings.Cut(target, " ")
	w := httptest.NewRecorder()
	s.Handler().ServeHTTP(w, httptest.NewRequest(verb, path, strings.NewReader(body)))
	return w
}

// must sends a request that must succeed and returns the body of the reply.
func must(t testing.TB, s *emulator.Server, target, body string) string {
	t.Helper()
	got := asked(s, target, body)
	if got.Code != http.StatusOK {
		t.Fatalf("%s %s: %d %s", target, body, got.Code, got.Body)
	}
	return got.Body.String()
}

func TestExportAndImportThroughTheControlAPIAreInverse(t *testing.T) {
	for _, name := range []string{"demo", "outage"} { // roundtrip_test.go tests all
		for _, format := range []string{"yaml", "json"} {
			s := newServer(t, emulator.WithScenario(name))
			if err := s.TopUp(1, vox.MustParseMoney("1.50")); err != nil { // a change that no fault of a scenario prevents
				t.Fatal(err)
			}
			before := export(t, s)
			saved := must(t, s, "GET /_voxemu/state?secrets=true&format="+format, "")
			reset(t, s)
			must(t, s, "PUT /_voxemu/state", saved)
			if diff := cmp.Diff(before, export(t, s)); diff != "" {
				t.Errorf("%s as %s (-before +after):\n%s", name, format, diff)
			}
		}
	}
}

func TestSecretsAreExportedOnlyWhenAskedFor(t *testing.T) {
	s := newServer(t)
	for target, want := range map[string]bool{
		"GET /_voxemu/state": false, "GET /_voxemu/state?format=json": false, "GET /_voxemu/state?secrets=true": true,
		"GET /_voxemu/accounts": false, "GET /_voxemu/config": false, "GET /_voxemu/health": false,
	} {
		if got := strings.Contains(must(t, s, target, ""), "demo-key"); got != want {
			t.Errorf("%s tells the api key: %v, want %v", target, got, want)
		}
	}
}

func TestAnImportThatFailsChangesNothingAndResetForgetsOne(t *testing.T) {
	s := newServer(t)
	before := export(t, s)
	for _, broken := range []string{
		"accounts: [{id: 1, name: a}, {id: 1, name: b}]", "nonsense", "a: [", "accounts: [{id: 2, name: x}]\nusers: [{id: 1, application_id: 9, name: x}]",
	} {
		if got := asked(s, "PUT /_voxemu/state", broken); got.Code != 422 {
			t.Errorf("%q: %d %s", broken, got.Code, got.Body)
		}
	}
	if diff := cmp.Diff(before, export(t, s)); diff != "" {
		t.Errorf("changed:\n%s", diff)
	}
	must(t, s, "PUT /_voxemu/state", "accounts: [{id: 5, name: other}]")
	must(t, s, "POST /_voxemu/reset", "")
	if diff := cmp.Diff(before, export(t, s)); diff != "" {
		t.Errorf("reset went elsewhere:\n%s", diff)
	}
}

func TestARestoredSnapshotGivesTheSameIDsAgain(t *testing.T) {
	s := newServer(t)
	create := func() string {
		return answer(t, s.Handler(), forms()[0].make(t, "CreateSipRegistration", apiKey(exampleOf(t, "CreateSipRegistration"))))
	}
	create()
	answer(t, s.Handler(), forms()[0].make(t, "DeleteSipRegistration", apiKey(exampleOf(t, "DeleteSipRegistration"))))
	must(t, s, "POST /_voxemu/snapshots", `{"name":"before"}`)
	before := export(t, s)
	first := create()
	for range 2 {
		must(t, s, "POST /_voxemu/snapshots/before/restore", "")
		if diff := cmp.Diff(before, export(t, s)); diff != "" {
			t.Errorf("restored something else:\n%s", diff)
		}
		if second := create(); second != first {
			t.Errorf("%s, then %s", first, second)
		}
	}
}

func TestKeysMadeAfterASnapshotStayValid(t *testing.T) {
	s := newServer(t)
	if err := s.Snapshot("before"); err != nil {
		t.Fatal(err)
	}
	first, err := s.Credentials("owner-key")
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Restore("before"); err != nil {
		t.Fatal(err)
	}
	if second, err := s.Credentials("owner-key"); err != nil || second != first {
		t.Errorf("credentials changed, %v", err)
	}
	if !strings.Contains(export(t, s), "PUBLIC KEY") {
		t.Error("the restored key verifies nothing")
	}
}
