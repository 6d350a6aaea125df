package control_test

import (
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/voxemu/voxemu/emulator"
)

func TestTheControlAPIMovesToAListenerOfItsOwnAndAsksForItsToken(t *testing.T) {
	s := listening(t, emulator.WithControlListen("127.0.0.1:0"), emulator.WithControlToken("sesame"))
	for url, want := range map[string]struct {
		status int
		says   string
	}{
		s.URL() + "/_voxemu/health":        {404, "a listener of its own"},
		s.URL() + "/openapi.yaml":          {200, "openapi: 3.0.3"},
		s.URL() + list:                     {200, "JohnGalt"},
		s.ControlURL() + "/_voxemu/health": {200, "ok"},
		s.ControlURL() + "/_voxemu/clock":  {401, "token"},
		s.ControlURL() + list:              {404, "the API is at"},
	} {
		reply, err := http.Get(url)
		if err != nil {
			t.Fatal(err)
		}
		text, err := io.ReadAll(reply.Body)
		_ = reply.Body.Close()
		if reply.StatusCode != want.status || err != nil || !strings.Contains(string(text), want.says) {
			t.Errorf("%s: %d %v, want %+v: %.300s", url, reply.StatusCode, err, want, text)
		}
	}
	if got := s.Health().Listeners["control"]; got != s.ControlURL() {
		t.Errorf("health names %q, want %q", got, s.ControlURL())
	}
}

func TestTheControlAPIStopsTheProcessOnlyWhenAllowed(t *testing.T) {
	stopped := false
	s := newServer(t, emulator.WithShutdown(func() { stopped = true }))
	must(t, s, "POST /_voxemu/shutdown", "")
	if !stopped {
		t.Error("not stopped")
	}
}
