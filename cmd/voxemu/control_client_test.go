package main

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestAnEmulatorIsNamedWithOrWithoutSchemeAndPort(t *testing.T) {
	for host, want := range map[string]string{
		"127.0.0.1:15060":         "http://127.0.0.1:15060",
		"127.0.0.1":               "http://127.0.0.1:15060",
		"emulator":                "http://emulator:15060",
		"localhost:80":            "http://localhost:80",
		"[::1]:15060":             "http://[::1]:15060",
		"[::1]":                   "http://[::1]:15060",
		"::1":                     "http://[::1]:15060",
		"http://emulator:15060/":  "http://emulator:15060",
		"http://emulator":         "http://emulator",
		"https://127.0.0.1:15061": "https://127.0.0.1:15061",
	} {
		base, err := baseURL(host)
		if err != nil || base.String() != want {
			t.Errorf("%q: %v, error %v; want %s", host, base, err, want)
		}
	}
}

func TestWhatNamesNoEmulatorIsWrongUsage(t *testing.T) {
	for _, host := range []string{
		"ftp://emulator", "http://", "http://emulator/platform_api", "http://user:secret@emulator", "emulator/x", "a b", ":15060", "http://emulator?x", "127.0.0.1:port",
	} {
		base, err := baseURL(host)
		if wrong := (usageError{}); !errors.As(err, &wrong) {
			t.Errorf("%q: %v, error %v; want wrong usage", host, base, err)
		}
	}
}

func TestTheErrorOfAFailedRequestHasTheReply(t *testing.T) {
	for _, test := range []struct {
		name, body, want string
		status           int
	}{
		{"the control API's error", `{"error":{"message":"key \"x\": not found"}}`, `key "x": not found`, 404},
		{"several errors of the control API", `{"error":{"message":"a: no","more":[{"message":"b: no"}]}}`, "a: no\nb: no", 400},
		{"another program", "<html>\nnot here", `404 Not Found: "<html>"`, 404},
		{"a refusal in plain text", "loopback only\n", `403 Forbidden: "loopback only"`, 403},
		{"a very long line", strings.Repeat("x", 5000), `500 Internal Server Error: "` + strings.Repeat("x", 200) + `"`, 500},
		{"nothing", "", `204 No Content: ""`, 204},
	} {
		server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			w.WriteHeader(test.status)
			if test.body != "" {
				_, _ = w.Write([]byte(test.body))
			}
		}))
		emulator, err := newControlClient(server.URL)
		if err != nil {
			t.Fatal(err)
		}
		_, err = emulator.get(context.Background(), "/_voxemu/health")
		server.Close()
		if diff := cmp.Diff(server.URL+"/_voxemu/health: "+test.want, errorText(err)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", test.name, diff)
		}
	}
}

func errorText(err error) string {
	if err == nil {
		return ""
	}
	return err.Error()
}

func TestALongerReplyThanAllowedIsAnErrorAndNotCutOff(t *testing.T) {
	reply := func() *http.Response {
		return &http.Response{Body: io.NopCloser(strings.NewReader("state")), Request: httptest.NewRequest("GET", "http://emulator/", nil)}
	}
	if text, err := readReply(reply(), 5); err != nil || string(text) != "state" {
		t.Errorf("%q, error %v", text, err)
	}
	if text, err := readReply(reply(), 4); err == nil || !strings.Contains(err.Error(), "more than 4 bytes") {
		t.Errorf("%q, error %v", text, err)
	}
}

func TestAQuotedTextIsOneWord(t *testing.T) {
	for text, want := range map[string]string{
		"":                `''`,
		"/a b/$HOME/`x`":  "'/a b/$HOME/`x`'",
		"it's":            `'it'\''s'`,
		"'; rm -rf . ; '": `''\''; rm -rf . ; '\'''`,
	} {
		if got := quote(text); got != want {
			t.Errorf("%q: %s, want %s", text, got, want)
		}
	}
}
