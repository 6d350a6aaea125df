package main

import (
	"context"
	"encoding/json"
	"runtime"
	"strings"
	"testing"

	"github.com/voxemu/voxemu/scenarios"
)

func TestTheBarShowsHowFarTheClockHasCome(t *testing.T) {
	for data, want := range map[string]string{
		`{"now":"2026-01-01T00:00:00Z","from":"2026-01-01T00:00:00Z","to":"2026-01-11T00:00:00Z","change":"advancing"}`: "2026-01-01 [                              ]   0 %",
		`{"now":"2026-01-06T00:00:00Z","from":"2026-01-01T00:00:00Z","to":"2026-01-11T00:00:00Z","change":"advancing"}`: "2026-01-06 [###############               ]  50 %",
		`{"now":"2026-01-06T00:00:00Z","from":"2026-01-01T00:00:00Z","change":"advanced"}`:                              "",
	} {
		got, ok := progressBar(event{Type: "clock", Data: json.RawMessage(data)})
		if got != want || ok != (want != "") {
			t.Errorf("%s: %q, want %q", data, got, want)
		}
	}
}

// ^C ends the command and the move; the message says where.
func TestAMoveThatIsInterruptedSaysHowFarItCame(t *testing.T) {
	emu := started(t)
	seed := "registrar: {expires: 1m}\naccounts: [{id: 1, name: demo, balance: 1000000}]\n" +
		"registrations: [{id: 1, sip_username: a, proxy: sip.example.com}]" // refreshed 50 million times in 100 years
	if err := emu.LoadSources(scenarios.Source{Name: "seed.yaml", Text: []byte(seed)}); err != nil {
		t.Fatal(err)
	}
	begun := emu.Now()
	ctx, interrupt := context.WithCancel(t.Context())
	root := newRoot()
	root.SetArgs([]string{"advance", "--host", emu.URL(), "100y"})
	done := make(chan error, 1)
	go func() { done <- root.ExecuteContext(ctx) }()
	for !emu.Now().After(begun) {
		runtime.Gosched()
	}
	interrupt()
	if err := <-done; err == nil || !strings.HasPrefix(err.Error(), "interrupted; now 20") {
		t.Errorf("%v", err)
	}
	if err := emu.Advance(0); err != nil { // waits for the move
		t.Fatal(err)
	}
	if now := emu.Now(); !now.After(begun) || !now.Before(begun.AddDate(99, 0, 0)) {
		t.Errorf("from %s to %s", begun, now)
	}
}
