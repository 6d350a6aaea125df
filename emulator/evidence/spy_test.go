package evidence

import (
	"net/http"
	"net/http/httptest"
	"runtime"
	"strings"
	"testing"

	"github.com/voxemu/voxemu/emulator"
	"github.com/voxemu/voxemu/emulator/journal"
)

// The real service is asked for what only reads, with the spy's own credentials; the reply
// stays the emulator's, and the journal tells what differs.
func TestSpyingReportsDifferencesAndChangesNoReply(t *testing.T) {
	service := newService(t)
	credentials, err := service.Credentials("owner-key")
	if err != nil {
		t.Fatal(err)
	}
	otherwise := mutating(mutation{method: "GetApplications", change: rows(func(o object) {
		o["application_id"] = o.text("application_id")
		o["transport"] = "udp"
	})})
	upstream := httptest.NewServer(otherwise(service.Handler()))
	defer upstream.Close()
	spy, err := Spy(upstream.URL, credentials, nil)
	if err != nil {
		t.Fatal(err)
	}
	server, err := emulator.New(emulator.WithSpy(spy))
	if err != nil {
		t.Fatal(err)
	}
	plain := newService(t)
	send := func(s *emulator.Server, call string) string {
		recorder := httptest.NewRecorder()
		s.Handler().ServeHTTP(recorder, httptest.NewRequest(http.MethodGet, "/platform_api/"+call+"&account_id=1&api_key=demo-key", nil))
		return recorder.Body.String()
	}
	for _, call := range []string{"AddApplication?application_name=sales", "GetRoles?apikey=demo-key&access_token=demo-key&API_KEY=demo-key", "GetApplications?count=1"} {
		if got, want := send(server, call), send(plain, call); shape(got) != shape(want) {
			t.Errorf("%s: %s, want %s", call, got, want)
		}
	}
	var differences []string
	for len(differences) == 0 || service.Journal().Count(journal.Filter{}) < 2 {
		runtime.Gosched()
		for _, r := range server.Journal().Find(journal.Filter{Method: "GetApplications"}) {
			differences = r.Differences
		}
	}
	want := "result[].application_id: the real service sends a text, the emulator a number; result[].transport: the real service sends it, the emulator does not"
	if got := strings.Join(differences, "; "); got != want {
		t.Errorf("%s\nwant %s", got, want)
	}
	for _, r := range service.Journal().Find(journal.Filter{}) {
		if r.Method == "AddApplication" || r.KeyID != "owner-key" || r.Parameters.Has("api_key") || r.Parameters.Has("account_id") || r.Method == "GetRoles" && len(r.Parameters) > 0 {
			t.Errorf("the real service was sent %s by %q with %v", r.Method, r.KeyID, r.Parameters)
		}
	}
	if n := service.Journal().Count(journal.Filter{}); n != 2 {
		t.Errorf("%d requests, want those of GetRoles and GetApplications", n)
	}
}
