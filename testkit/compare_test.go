package testkit_test

import (
	"context"
	"net/http"
	"net/url"
	"path/filepath"
	"strings"
	"testing"

	"github.com/voxemu/voxemu/emulator/evidence"
	"github.com/voxemu/voxemu/testkit"
)

// recorded records a list of applications of an emulator.
func recorded(t *testing.T, service *testkit.Emulator, file string, parameters url.Values) {
	t.Helper()
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	ready, done := make(chan string, 1), make(chan error, 1)
	go func() {
		_, err := evidence.Record(ctx, evidence.Config{
			Upstream: service.URL(), Out: file, Addr: "127.0.0.1:0", Ready: func(plain, _ string) { ready <- plain },
		})
		done <- err
	}()
	select {
	case at := <-ready:
		parameters.Set("account_id", "1")
		parameters.Set("api_key", service.APIKey())
		reply, err := http.PostForm(at+"/platform_api/GetApplications", parameters)
		if err != nil {
			t.Fatal(err)
		}
		_ = reply.Body.Close()
	case err := <-done:
		t.Fatal(err)
	}
	stop()
	if err := <-done; err != nil {
		t.Fatal(err)
	}
	http.DefaultClient.CloseIdleConnections()
}

func TestCompareFailsWithEveryDifferenceAndIfNothingWasCompared(t *testing.T) {
	dir := t.TempDir()
	recorded(t, testkit.Run(t), filepath.Join(dir, "same.jsonl"), url.Values{})
	testkit.Compare(t, filepath.Join(dir, "same.jsonl"))

	refuses := testkit.Run(t, testkit.AllowMistakes(), testkit.ScenarioYAML("extends: demo\nbehaviour: {count_above_maximum: refused}\n"))
	recorded(t, refuses, filepath.Join(dir, "other.jsonl"), url.Values{"count": {"5000"}})
	for files, want := range map[string]string{
		"other.jsonl": "GetApplications: other code: the service answers 496", "*.jsonl": "other code", "none.jsonl": "no recording matches",
	} {
		tb := &recorder{name: t.Name()}
		tb.try(func() { testkit.Compare(tb, filepath.Join(dir, files)) })
		if got := tb.text(); !strings.Contains(got, want) {
			t.Errorf("%s: %q, want %s", files, got, want)
		}
	}
}
