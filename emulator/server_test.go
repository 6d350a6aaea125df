package emulator_test

import (
	"bufio"
	"bytes"
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/voxemu/voxemu/emulator"
	"github.com/voxemu/voxemu/emulator/vox"
	"github.com/voxemu/voxemu/scenarios"
)

func listening(t *testing.T, opts ...emulator.Option) *emulator.Server {
	t.Helper()
	s := newServer(t, append(opts, emulator.WithListen("127.0.0.1:0", "127.0.0.1:0"))...)
	if err := s.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(context.Background()); err != nil {
			t.Error(err)
		}
	})
	return s
}

const list = "/platform_api/GetSipRegistrations?account_id=1&api_key=demo-key"

func body(t *testing.T, reply *http.Response, err error) string {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
	defer reply.Body.Close()
	text, err := io.ReadAll(reply.Body)
	if err != nil || reply.StatusCode != http.StatusOK {
		t.Fatalf("%s %v: %s", reply.Status, err, text)
	}
	return string(text)
}

func TestHTTPAndHTTPSAnswerAlike(t *testing.T) {
	s := listening(t)
	ca, err := s.CA()
	if err != nil {
		t.Fatal(err)
	}
	roots := x509.NewCertPool()
	if !roots.AppendCertsFromPEM(ca) {
		t.Fatal("the CA is no certificate")
	}
	secure := &http.Client{Transport: &http.Transport{TLSClientConfig: &tls.Config{RootCAs: roots}}}
	reply, err := http.Get(s.URL() + list)
	plain := body(t, reply, err)
	reply, err = secure.Get(s.TLSURL() + list)
	if diff := cmp.Diff(plain, body(t, reply, err)); diff != "" {
		t.Errorf("https differs:\n%s", diff)
	}
	if strings.Count(plain, `"sip_registration_id"`) != 4 {
		t.Errorf("want four registrations: %s", plain)
	}
}

// curl, and thereby PHP, sends it for bodies over 1 KiB (docs/evidence.md#encodings).
func TestAClientThatExpects100ContinueIsAnswered(t *testing.T) {
	s := listening(t)
	connection, err := net.Dial("tcp", strings.TrimPrefix(s.URL(), "http://"))
	if err != nil {
		t.Fatal(err)
	}
	defer connection.Close()
	const form = "cmd=GetSipRegistrations&account_id=1&api_key=demo-key"
	fmt.Fprintf(connection, "POST /platform_api HTTP/1.1\r\nHost: localhost\r\nExpect: 100-continue\r\n"+
		"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: %d\r\n\r\n", len(form))
	lines := bufio.NewReader(connection)
	if line, err := lines.ReadString('\n'); err != nil || !strings.Contains(line, "100 Continue") {
		t.Fatalf("%q, %v; want 100 Continue", line, err)
	}
	if _, err := lines.ReadString('\n'); err != nil {
		t.Fatal(err)
	}
	fmt.Fprint(connection, form)
	reply, err := http.ReadResponse(lines, nil)
	if code := codeOf(t, body(t, reply, err)); code != 0 {
		t.Errorf("code %d", code)
	}
}

func TestAddressesThatOthersReachAreRefusedUnlessExposed(t *testing.T) {
	for _, address := range []string{"0.0.0.0:0", ":0", "[::]:0", "192.0.2.1:0"} {
		s := newServer(t, emulator.WithListen(address, ""))
		if err := s.Start(); !errors.Is(err, emulator.ErrExposed) {
			t.Errorf("%s: %v, want %v", address, err, emulator.ErrExposed)
		}
	}
	s := newServer(t, emulator.WithListen("0.0.0.0:0", ""), emulator.WithExpose(), emulator.WithControlOpen())
	if err := s.Start(); err != nil {
		t.Fatal(err)
	}
	if err := s.Close(context.Background()); err != nil {
		t.Error(err)
	}
}

func TestExposingNeedsAControlAPIThatIsClosedToOthers(t *testing.T) {
	for _, test := range []struct {
		why  string
		with []emulator.Option
		want error
	}{
		{"nothing", nil, emulator.ErrControlOpen},
		{"a listener that others reach", []emulator.Option{emulator.WithControlListen("0.0.0.0:0")}, emulator.ErrControlOpen},
		{"a listener on loopback", []emulator.Option{emulator.WithControlListen("127.0.0.1:0")}, nil},
		{"a token", []emulator.Option{emulator.WithControlToken("sesame")}, nil},
		{"being meant", []emulator.Option{emulator.WithControlOpen()}, nil},
	} {
		_, err := emulator.New(append(test.with, emulator.WithExpose())...)
		if !errors.Is(err, test.want) || test.want != nil && !errors.Is(err, emulator.ErrOptions) {
			t.Errorf("with %s: %v, want %v", test.why, err, test.want)
		}
	}
}

// The control API's own listener on loopback keeps its check when others are exposed.
func TestExposingOneListenerOpensNoOtherOneToForeignHosts(t *testing.T) {
	s := newServer(t, emulator.WithListen("0.0.0.0:0", ""), emulator.WithExpose(), emulator.WithControlListen("127.0.0.1:0"), emulator.WithAllowedHost("emulator.test"))
	if err := s.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close(context.Background()) })
	for host, want := range map[string]int{"rebound.example": 403, "10.0.0.1": 403, "emulator.test": 200, "localhost": 200} {
		r, err := http.NewRequest(http.MethodGet, s.ControlURL()+"/_voxemu/state?secrets=true", nil)
		if err != nil {
			t.Fatal(err)
		}
		r.Host = host
		reply, err := http.DefaultClient.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		_ = reply.Body.Close()
		if reply.StatusCode != want {
			t.Errorf("%s: %d, want %d", host, reply.StatusCode, want)
		}
	}
}

func TestAnAllowedHostIsANameWithoutPort(t *testing.T) {
	for _, name := range []string{"", "a:80", "http://a", "a/b", "*", "*.a", "a b"} {
		if _, err := emulator.New(emulator.WithAllowedHost(name)); !errors.Is(err, emulator.ErrOptions) {
			t.Errorf("%q: %v", name, err)
		}
	}
}

func TestAFailedStartLeavesNothingOpen(t *testing.T) {
	first := listening(t)
	taken := strings.TrimPrefix(first.TLSURL(), "https://")
	second := newServer(t, emulator.WithListen("127.0.0.1:0", taken))
	if err := second.Start(); err == nil {
		t.Error("started on a port that is taken")
	}
	if second.URL() != "" || second.TLSURL() != "" {
		t.Errorf("still open: %s %s", second.URL(), second.TLSURL())
	}
}

func TestTheSameCallsGiveTheSameStateAndReplies(t *testing.T) {
	run := func() []string {
		s := newServer(t)
		var replies []string
		for _, method := range specification(t).Methods() {
			replies = append(replies, predictable(answer(t, s.Handler(), forms()[0].make(t, method.Name, apiKey(exampleOf(t, method.Name))))))
		}
		return append(replies, predictable(export(t, s)))
	}
	if diff := cmp.Diff(run(), run()); diff != "" {
		t.Errorf("the second run differs:\n%s", diff)
	}
}

func TestAScenarioThatIsNotValidLeavesTheStateAlone(t *testing.T) {
	s := newServer(t)
	before := export(t, s)
	broken := scenarios.Source{Name: "broken", Text: []byte("accounts: [{id: 1}]")}
	if err := s.LoadSources(broken); err == nil {
		t.Error("loaded")
	}
	if err := s.Load("nobody"); err == nil {
		t.Error("loaded")
	}
	if diff := cmp.Diff(before, export(t, s)); diff != "" {
		t.Errorf("state changed:\n%s", diff)
	}
}

func TestResetForgetsChangesAndKeepsKeys(t *testing.T) {
	s := newServer(t)
	before, err := s.Export()
	if err != nil {
		t.Fatal(err)
	}
	first, err := s.Credentials("owner-key")
	if err != nil {
		t.Fatal(err)
	}
	answer(t, s.Handler(), forms()[0].make(t, "DeleteSipRegistration", apiKey(exampleOf(t, "DeleteSipRegistration"))))
	reset(t, s)
	second, err := s.Credentials("owner-key")
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(first, second); diff != "" {
		t.Errorf("credentials changed:\n%s", diff)
	}
	after, err := s.Export()
	if err != nil {
		t.Fatal(err)
	}
	if strings.Count(string(before), "sip_username") != strings.Count(string(after), "sip_username") {
		t.Errorf("not what it was:\n%s", after)
	}
}

func TestKeysAreKeptInTheFolderFromOneStartToTheNext(t *testing.T) {
	dir := t.TempDir()
	var all []vox.Credentials
	for range 2 {
		credentials, err := newServer(t, emulator.WithConfigDir(dir)).Credentials("owner-key")
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, credentials)
	}
	if diff := cmp.Diff(all[0], all[1]); diff != "" {
		t.Errorf("credentials changed:\n%s", diff)
	}
}

func TestAnUnknownKeyHasNoCredentials(t *testing.T) {
	if _, err := newServer(t).Credentials("nobody"); err == nil {
		t.Error("got credentials")
	}
}

// secrets are those of the scenario below; they must not appear unless requested.
var secrets = []string{"secret-api-key", "secret-password", "PRIVATE KEY"}

func TestSecretsAppearNeitherInLogsNorInExports(t *testing.T) {
	var log bytes.Buffer
	s := newServer(t, emulator.WithLogger(slog.New(slog.NewTextHandler(&log, &slog.HandlerOptions{Level: slog.LevelDebug}))))
	loadOnDemo(t, s, scenarios.Scenario{
		Accounts:      []vox.Account{{ID: 1, Name: "demo", APIKey: "secret-api-key"}},
		Keys:          []vox.Key{{ID: "role-key", AccountID: 1, PrivateKey: testKey(t)}},
		Registrations: []vox.Registration{{ID: 9, SIPUsername: "a", Proxy: "b", Password: "secret-password"}},
	})
	for _, f := range forms() {
		for _, password := range []string{"secret-password", strings.Repeat("secret-password", 20), "secret-password\xff"} {
			call := with(with(exampleOf(t, "CreateSipRegistration"), "password", password), "account_id", "1")
			answer(t, s.Handler(), f.make(t, "CreateSipRegistration", with(call, "api_key", "secret-api-key")))
			answer(t, s.Handler(), f.make(t, "CreateSipRegistration", with(call, "api_key", "secret-api-key-and-more")))
		}
	}
	exported, err := s.Export()
	if err != nil {
		t.Fatal(err)
	}
	for _, secret := range secrets {
		if strings.Contains(log.String(), secret) {
			t.Errorf("the log holds %s", secret)
		}
		if bytes.Contains(exported, []byte(secret)) {
			t.Errorf("the export holds %s", secret)
		}
		if !strings.Contains(export(t, s), secret) {
			t.Errorf("the export with secrets lacks %s: the test is blind", secret)
		}
	}
	if !strings.Contains(log.String(), "CreateSipRegistration") {
		t.Error("nothing was logged: the test is blind")
	}
}

func TestConcurrentCallsAndResetsDoNotDisturbEachOther(t *testing.T) {
	s := newServer(t)
	var calls sync.WaitGroup
	for i := range 8 {
		calls.Go(func() {
			for j, method := range specification(t).Methods() {
				for k := range 2 { // another form in each goroutine
					f := forms()[(i+j+k)%len(forms())]
					answer(t, s.Handler(), f.make(t, method.Name, apiKey(exampleOf(t, method.Name))))
				}
			}
			if i%4 == 0 {
				reset(t, s)
			}
		})
	}
	calls.Wait()
}

// Strict mode refuses parameters that the real method does not have, but not those
// without effect in the emulator.
func TestParametersWithoutEffectAreNamedAndNeverRefused(t *testing.T) {
	s := newServer(t)
	recorder := httptest.NewRecorder()
	s.Handler().ServeHTTP(recorder, get("GetUsers", url.Values{"application_id": {"123"}, "with_skills": {"true"}}))
	if code := codeOf(t, recorder.Body.String()); code != 0 {
		t.Errorf("code %d", code)
	}
	if got := recorder.Header().Get("X-Voxemu-Warning"); !strings.Contains(got, "with_skills") || !strings.Contains(got, "there are no skills") {
		t.Errorf("warning %q", got)
	}
}
