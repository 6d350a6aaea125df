package testkit_test

import (
	"crypto/tls"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/voxemu/voxemu/testkit"
)

// controlAPI replies like the control API for accounts and records the requests.
func controlAPI(t *testing.T, asked *[]string) *httptest.Server {
	api := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			t.Error(err)
		}
		*asked = append(*asked, r.Method+" "+r.URL.Path+" "+string(body))
		answer := `{"status":"ok"}`
		switch r.Method {
		case http.MethodPost:
			answer = `{"account_id":7,"name":"account-7","api_key":"k","key_id":"account-7-key","applications":[]}`
		case http.MethodGet:
			answer = `{"account_email":"a@example.com","account_id":7,"key_id":"account-7-key","private_key":"PEM"}`
		}
		_, _ = io.WriteString(w, answer)
	}))
	t.Cleanup(api.Close)
	return api
}

func TestASharedEmulatorLendsAnAccount(t *testing.T) {
	var asked []string
	api := controlAPI(t, &asked)
	t.Setenv("VOXIMPLANT_EMULATOR_HOST", strings.TrimPrefix(api.URL, "http://"))
	r := &recorder{}
	emu := testkit.Shared(r)
	if emu.URL() != api.URL || emu.AccountID() != 7 || emu.AccountName() != "account-7" || emu.APIKey() != "k" {
		t.Errorf("got %s, account %d %s, key %s", emu.URL(), emu.AccountID(), emu.AccountName(), emu.APIKey())
	}
	file := emu.CredentialsFile()
	text, err := os.ReadFile(file)
	var credentials struct {
		KeyID string `json:"key_id"`
	}
	if err != nil || json.Unmarshal(text, &credentials) != nil || credentials.KeyID != "account-7-key" {
		t.Errorf("credentials %s, %v", text, err)
	}
	if env := emu.Env(); len(env) != 3 || !strings.HasPrefix(env[0], "VOXIMPLANT_EMULATOR_HOST=127.0.0.1:") {
		t.Errorf("environment %q", env)
	}
	r.end()
	key := "POST /_voxemu/keys/account-7-key/credentials "
	if diff := cmp.Diff([]string{`POST /_voxemu/accounts {"credentials":false}`, key, key, "GET /_voxemu/health ", "DELETE /_voxemu/accounts/7 "}, asked); diff != "" {
		t.Errorf("asked (-want +got):\n%s", diff)
	}
	if _, err := os.Stat(file); err == nil || len(r.failures) > 0 {
		t.Errorf("the credentials stay behind; failures %q", r.failures)
	}
}

func TestAServerThatIsNoEmulatorIsNamed(t *testing.T) {
	nothing := httptest.NewServer(http.NotFoundHandler())
	defer nothing.Close()
	for host, want := range map[string]string{
		nothing.URL:   "404 Not Found",
		"127.0.0.1:1": "check with voxemu wait",
		"ftp://x":     "want host:port",
		"http://":     "want host:port",
	} {
		t.Setenv("VOXIMPLANT_EMULATOR_HOST", host)
		r := &recorder{}
		r.try(func() { testkit.Shared(r) })
		r.end()
		if !strings.Contains(r.text(), want) {
			t.Errorf("%s: %q, want %q in it", host, r.text(), want)
		}
	}
}

// The same test works in the process and with a server that runs elsewhere.
func TestTestsThatShareAServerDoNotMeet(t *testing.T) {
	t.Setenv("VOXIMPLANT_EMULATOR_HOST", testkit.RunTLS(t).URL())
	for range 2 {
		registersOnce(t)
	}
	t.Setenv("VOXIMPLANT_EMULATOR_HOST", "")
	registersOnce(t)
}

func registersOnce(t *testing.T) {
	t.Helper()
	emu := testkit.Shared(t)
	transport := &http.Transport{}
	defer transport.CloseIdleConnections()
	client := &http.Client{Transport: transport}
	who := fmt.Sprintf("account_id=%d&api_key=%s", emu.AccountID(), emu.APIKey())
	get(t, client, emu.URL()+"/platform_api/CreateSipRegistration?sip_username=a&proxy=b&"+who)
	listed := get(t, client, emu.URL()+"/platform_api/GetSipRegistrations?"+who)
	if !strings.Contains(listed, `"count":1`) {
		t.Errorf("listed %s, want one registration", listed)
	}
	text, err := os.ReadFile(emu.CredentialsFile())
	if err != nil || !strings.Contains(string(text), "PRIVATE KEY") {
		t.Errorf("credentials: %v", err)
	}
	transport.TLSClientConfig = &tls.Config{RootCAs: emu.RootCAs()}
	if listed = get(t, client, emu.TLSURL()+"/platform_api/GetSipRegistrations?"+who); !strings.Contains(listed, `"count":1`) {
		t.Errorf("over HTTPS %s, want the same", listed)
	}
	env := strings.Join(emu.Env(), " ")
	if tlsHost := "VOXEMU_TLS_HOST=" + strings.TrimPrefix(emu.TLSURL(), "https://"); !strings.Contains(env, tlsHost) || !strings.Contains(env, "SSL_CERT_FILE=") {
		t.Errorf("environment %s, want %s in it", env, tlsHost)
	}
}

func TestASharedEmulatorWithoutHTTPSSaysSo(t *testing.T) {
	t.Setenv("VOXIMPLANT_EMULATOR_HOST", testkit.Run(t).URL())
	r := &recorder{}
	r.try(func() { testkit.Shared(r).TLSURL() })
	r.end()
	if !strings.Contains(r.text(), "has no HTTPS listener") {
		t.Errorf("failed with %q", r.text())
	}
}
