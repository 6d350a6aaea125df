package main

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"time"

	gocmp "github.com/google/go-cmp/cmp"
)

// writeLog logs each kind of record once, all with the same time.
func writeLog(handler slog.Handler) {
	at := time.Date(2026, 3, 1, 7, 13, 51, 0, time.UTC)
	write := func(level slog.Level, message string, attributes ...any) {
		if !handler.Enabled(context.Background(), level) {
			return
		}
		record := slog.NewRecord(at, level, message, 0)
		record.Add(attributes...)
		_ = handler.Handle(context.Background(), record) // writing to a buffer never fails
	}
	request := func(attributes ...any) {
		write(slog.LevelInfo, "request", append([]any{"number", int64(14), "method", "GetSipRegistrations", "style", "path"}, attributes...)...)
	}
	request("account", int64(1), "status", 200, "took_ms", 0.3)
	request("account", int64(1), "status", 502, "fault", "flaky-3", "took_ms", 12.345)
	request("status", 0, "fault", "lost", "aborted", "fault", "took_ms", 0.012)
	request("status", 200, "fault", "half", "aborted", "fault", "took_ms", 1.0)
	request("account", int64(1), "status", 200, "code", 274, "error", "INVALID_PROXY", "field", "proxy",
		"mistakes", []string{"proxy is missing: want a text"}, "warnings", []string{"unknown parameter proxi is ignored by CreateSipRegistration"}, "took_ms", 0.3)
	request("account", int64(1), "status", 200, "code", 100, "error", "AUTHORIZATION_FAILED", "denied", "account 1 exists, but its api_key differs", "took_ms", 0.3)
	write(slog.LevelInfo, "request", "number", int64(15), slog.Attr{}, "status", 200, "code", 111, "error", "MISSING_COMMAND", "took_ms", 0.3)
	write(slog.LevelDebug, "state saved", "bytes", 10)
	write(slog.LevelInfo, "scenario loaded again")
	write(slog.LevelWarn, "callback not accepted", "callback", 3, "reason", "connection refused", "url", "")
	write(slog.LevelError, "internal error", "method", "AddKey", "error", errors.New("panic in AddKey\nstack"))
}

func TestTheLogIsALineForPeople(t *testing.T) {
	const want = `07:13:51 #14 GetSipRegistrations  account 1  → ok  0.3 ms
07:13:51 #14 GetSipRegistrations  account 1  → HTTP 502 (rule flaky-3)  12.3 ms
07:13:51 #14 GetSipRegistrations  → no reply (rule lost)  0.012 ms
07:13:51 #14 GetSipRegistrations  → ok, cut off (rule half)  1.0 ms
07:13:51 #14 GetSipRegistrations  account 1  → INVALID_PROXY (274) on proxy  0.3 ms
    proxy is missing: want a text
    unknown parameter proxi is ignored by CreateSipRegistration
07:13:51 #14 GetSipRegistrations  account 1  → AUTHORIZATION_FAILED (100)  0.3 ms
    account 1 exists, but its api_key differs
07:13:51 #15 no method  → MISSING_COMMAND (111)  0.3 ms
07:13:51 scenario loaded again
07:13:51 warning: callback not accepted  callback=3 reason="connection refused" url=""
07:13:51 error: internal error  method=AddKey
    panic in AddKey
    stack
`
	var log bytes.Buffer
	writeLog(newTextHandler(&log, slog.LevelInfo))
	if diff := gocmp.Diff(want, log.String()); diff != "" {
		t.Error(diff)
	}
	var coloured bytes.Buffer
	writeLog(textHandler{out: &coloured, mutex: &sync.Mutex{}, level: slog.LevelInfo, paint: true})
	if strings.Contains(log.String(), "\x1b") || !strings.Contains(coloured.String(), "→ \x1b[31mHTTP 502\x1b[0m (rule flaky-3)  \x1b[2m12.3 ms\x1b[0m") {
		t.Errorf("with colours:\n%q", coloured.String())
	}
}

func TestALoggerKeepsItsAttributesAndGroups(t *testing.T) {
	var log bytes.Buffer
	handler := newTextHandler(&log, slog.LevelWarn).WithAttrs([]slog.Attr{slog.Int("worker", 2)}).WithGroup("sip")
	writeLog(handler)
	const want = "07:13:51 warning: callback not accepted  worker=2 sip.callback=3 "
	if !strings.HasPrefix(log.String(), want) {
		t.Errorf("got %q, want it to begin with %q", log.String(), want)
	}
}
