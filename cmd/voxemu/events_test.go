package main

import (
	"bufio"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/voxemu/voxemu/emulator"
	"github.com/voxemu/voxemu/emulator/clock"
)

func TestEventsAreALineEach(t *testing.T) {
	emu := started(t)
	lines, done := listening(t, emu, "--count", "6")
	call(t, emu, "CreateSipRegistration?account_id=1&api_key=demo-key&sip_username=a&proxy=sip-timeout.test")
	expect(t, lines,
		"2026-03-01T00:00:00.000Z  account 1 changed: balance 99.00 USD, on hold 1.00",
		"2026-03-01T00:00:00.000Z  registration 1 created: a at sip-timeout.test in_progress",
		"2026-03-01T00:00:00.000Z  request 1: CreateSipRegistration, account 1: ok",
	)
	if err := emu.Advance(32 * time.Second); err != nil {
		t.Fatal(err)
	}
	if err := emu.Reset(); err != nil {
		t.Fatal(err)
	}
	expect(t, lines,
		"2026-03-01T00:00:32.000Z  registration 1 changed: a at sip-timeout.test failed 408 Request Timeout",
		"2026-03-01T00:00:32.000Z  clock: advanced by 32s",
		"the whole state was replaced",
	)
	if code := <-done; code != exitFine {
		t.Errorf("exit code %d after the last event that was asked for", code)
	}
}

func TestEventsAreJSONOnRequest(t *testing.T) {
	emu := started(t)
	lines, done := listening(t, emu, "--count", "1", "--json")
	if err := emu.Advance(time.Hour); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(`{"event":"clock","data":{"now":"2026-03-01T01:00:00Z","mode":"stopped","change":"advanced","from":"2026-03-01T00:00:00Z"}}`, read(t, lines)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if code := <-done; code != exitFine {
		t.Errorf("exit code %d", code)
	}
}

func TestEventsFailWhenTheEmulatorEnds(t *testing.T) {
	emu := started(t)
	_, done := listening(t, emu)
	if err := emu.Close(t.Context()); err != nil {
		t.Fatal(err)
	}
	if code := <-done; code != exitFailed {
		t.Errorf("exit code %d, want %d", code, exitFailed)
	}
}

func TestEventsInWords(t *testing.T) {
	for data, want := range map[string]string{
		`registration {"change":"changed","at":"2026-03-01T00:00:00Z","registration":{"id":5,"sip_username":"alice","proxy":"sip.example.com","state":"failed","status_code":403,"error_message":"Forbidden"}}`:                "registration 5 changed: alice at sip.example.com failed 403 Forbidden",
		`registration {"change":"deleted","at":"2026-03-01T00:00:00Z","registration":{"id":5,"sip_username":"alice","proxy":"sip.example.com","state":"offline","deactivated":true}}`:                                          "registration 5 deleted: alice at sip.example.com offline, frozen",
		`account {"change":"changed","at":"2026-03-01T00:00:00Z","account":{"account_id":1,"balance":-0.50,"money_on_hold":0.00,"currency":"EUR","frozen":true}}`:                                                              "account 1 changed: balance -0.50 EUR, on hold 0.00, frozen",
		`user {"change":"changed","at":"2026-03-01T00:00:00Z","user":{"user_id":3,"user_name":"alice","logged_in":true}}`:                                                                                                      "user 3 changed: alice logged in",
		`user {"change":"created","at":"2026-03-01T00:00:00Z","user":{"user_id":3,"user_name":"alice","logged_in":false}}`:                                                                                                     "user 3 created: alice logged out",
		`callback {"number":7,"kind":"callback","at":"2026-03-01T00:00:00Z","account_id":1,"callback_type":"sip_registration_fail","callback_id":2,"attempt":1,"status":200,"latency_ns":0,"request_bytes":0,"reply_bytes":0}`: "callback 7: sip_registration_fail, id 2, attempt 1, account 1: HTTP 200",
		`lost {"lost":12}`:       `lost {"lost":12}`,
		`skipped {"skipped":12}`: `12 earlier requests skipped`,
	} {
		kind, text, _ := strings.Cut(data, " ")
		got, err := event{kind, []byte(text)}.inWords()
		if diff := cmp.Diff(want, strings.TrimPrefix(got, "2026-03-01T00:00:00.000Z  ")); diff != "" || err != nil {
			t.Errorf("%s: error %v (-want +got):\n%s", data, err, diff)
		}
	}
	if text, err := (event{"account", []byte(`{"at": 1}`)}).inWords(); err == nil {
		t.Errorf("an event of another shape: %q, want an error", text)
	}
}

func expect(t *testing.T, lines *bufio.Reader, want ...string) {
	t.Helper()
	for _, line := range want {
		if diff := cmp.Diff(line, read(t, lines)); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
	}
}

func started(t *testing.T) *emulator.Server {
	t.Helper()
	stopped := clock.Stopped(time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC))
	emu, err := emulator.New(emulator.WithScenario("empty"), emulator.WithClock(stopped))
	if err != nil {
		t.Fatal(err)
	}
	if err := emu.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = emu.Close(t.Context()) }) // some tests have already closed it
	return emu
}

// listening runs voxemu events until it listens; done receives the exit code.
func listening(t *testing.T, emu *emulator.Server, args ...string) (lines *bufio.Reader, done <-chan int) {
	t.Helper()
	out, in := io.Pipe()
	errs, said := io.Pipe()
	ended := make(chan int, 1)
	go func() {
		ended <- run(append([]string{"events", "--host", emu.URL()}, args...), in, said)
		_ = in.Close()
	}()
	stderr := bufio.NewReader(errs)
	if line := read(t, stderr); line != "listening to "+emu.URL() {
		t.Fatalf("standard error: %q", line)
	}
	go func() { _, _ = io.Copy(io.Discard, stderr) }() // an unread pipe would block the program
	return bufio.NewReader(out), ended
}

func read(t *testing.T, lines *bufio.Reader) string {
	t.Helper()
	line, err := lines.ReadString('\n')
	if err != nil {
		t.Fatalf("after %q: %v", line, err)
	}
	return strings.TrimSuffix(line, "\n")
}

func call(t *testing.T, emu *emulator.Server, method string) {
	t.Helper()
	answer, err := http.Get(emu.URL() + "/platform_api/" + method)
	if err != nil {
		t.Fatal(err)
	}
	_ = answer.Body.Close() // the reply does not matter
}
