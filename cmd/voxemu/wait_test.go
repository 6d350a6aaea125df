package main

import (
	"context"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
)

func TestWaitAsksAgainUntilTheEmulatorIsHealthy(t *testing.T) {
	var asked atomic.Int32
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if asked.Add(1) < 3 || r.URL.Path != "/_voxemu/health" {
			w.WriteHeader(http.StatusServiceUnavailable)
		}
	}))
	defer server.Close()
	emulator, err := newControlClient(server.URL)
	if err != nil {
		t.Fatal(err)
	}
	if err := wait(t.Context(), emulator); err != nil || asked.Load() != 3 {
		t.Errorf("asked %d times, error %v; want success at the third", asked.Load(), err)
	}
}

// The end of the wait is not a useful error.
func TestWaitGivesTheLastReasonBeforeTheEnd(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	var asked atomic.Int32
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if asked.Add(1) == 2 {
			cancel()
			<-r.Context().Done()
			return
		}
		http.Error(w, "not yet", http.StatusServiceUnavailable)
	}))
	defer server.Close()
	emulator, err := newControlClient(server.URL)
	if err != nil {
		t.Fatal(err)
	}
	if err := wait(ctx, emulator); err == nil || !strings.Contains(err.Error(), `503 Service Unavailable: "not yet"`) {
		t.Errorf("error %v, want the 503", err)
	}
}
