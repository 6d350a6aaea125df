package emulator_test

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"reflect"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/voxemu/voxemu/emulator"
	"github.com/voxemu/voxemu/emulator/vox"
)

// Limits for the cost of one hostile request.
const (
	longestHostile = 2 * time.Minute // far above the normal time, even on a busy machine
	mostHostile    = 256 << 20       // bytes allocated, including garbage
)

// Each case of testdata/hostile is sent over its own connection and must get the expected
// replies. A refused one must change nothing, and the next request must succeed.
func TestHostileRequestsAreAnsweredAndLeaveNoTrace(t *testing.T) {
	var log bytes.Buffer
	s := listening(t, emulator.WithLogger(slog.New(slog.NewTextHandler(&log, nil))))
	loadRole(t, s, vox.Owner)
	clean := rowsOf(t, s)
	for _, c := range hostileCases(t) {
		t.Run(c.name, func(t *testing.T) {
			log.Reset()
			wire, _ := c.wire(t)
			allocated := allocations()
			replies := exchange(t, s, wire)
			if cost := allocations() - allocated; cost > mostHostile {
				t.Errorf("%d MiB were allocated, want at most %d", cost>>20, mostHostile>>20)
			}
			c.judge(t, replies)
			if now := rowsOf(t, s); !reflect.DeepEqual(clean, now) {
				if c.refused() {
					t.Errorf("left a trace:\n%s", cmp.Diff(clean, now))
				}
				loadRole(t, s, vox.Owner)
			}
			reply, err := http.Get(s.URL() + list)
			if text := body(t, reply, err); strings.Count(text, `"sip_registration_id"`) != 4 {
				t.Errorf("the next call is answered with %s", text)
			}
			for _, bad := range []string{"panic", "internal error", "BEGIN PRIVATE KEY"} {
				if strings.Contains(log.String(), bad) {
					t.Errorf("the log tells of a %s:\n%.2000s", bad, &log)
				}
			}
		})
	}
}

func TestTheHostileCorpusHasAtLeastThreeHundredCases(t *testing.T) {
	if cases := hostileCases(t); len(cases) < 300 {
		t.Errorf("%d cases", len(cases))
	}
}

// allocations returns the bytes that the process has allocated so far.
func allocations() uint64 {
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.TotalAlloc
}

// exchange sends bytes over a connection, closes its sending side and returns all
// replies.
func exchange(t *testing.T, s *emulator.Server, wire string) []hostileReply {
	t.Helper()
	connection, err := net.Dial("tcp", strings.TrimPrefix(s.URL(), "http://"))
	if err != nil {
		t.Fatal(err)
	}
	defer connection.Close()
	if err := connection.SetDeadline(time.Now().Add(longestHostile)); err != nil {
		t.Fatal(err)
	}
	verb, path, _ := strings.Cut(wire, " ")
	// The control API does not read a text for a client that has closed its direction.
	request, err := http.ReadRequest(bufio.NewReader(strings.NewReader(wire)))
	if err == nil {
		_, err = io.Copy(io.Discard, request.Body)
	}
	waits := strings.HasPrefix(path, "/_voxemu/") && err == nil
	go func() {
		_, _ = io.WriteString(connection, wire) // the server may close the connection earlier
		if !waits {
			_ = connection.(*net.TCPConn).CloseWrite()
		}
	}()
	var replies []hostileReply
	reader := bufio.NewReader(connection)
	for {
		if _, err := reader.Peek(1); err != nil {
			if timeout, ok := err.(net.Error); ok && timeout.Timeout() {
				t.Errorf("no end of the reply within %v", longestHostile)
			}
			return replies
		}
		reply, err := http.ReadResponse(reader, &http.Request{Method: verb})
		if err != nil {
			t.Errorf("what came back is no HTTP: %v", err)
			return replies
		}
		if reply.StatusCode == http.StatusContinue {
			continue
		}
		text, err := io.ReadAll(reply.Body)
		if err != nil {
			t.Errorf("the reply breaks off: %v", err)
		}
		replies = append(replies, hostileReply{reply, string(text)})
		if waits {
			_ = connection.(*net.TCPConn).CloseWrite()
		}
	}
}

type hostileReply struct {
	*http.Response
	text string
}

// print converts a reply to an expectation.
func (r hostileReply) print(t *testing.T) expectation {
	t.Helper()
	if r.StatusCode != http.StatusOK {
		return expectation{kind: "status", code: r.StatusCode}
	}
	var reply map[string]json.RawMessage
	if err := json.Unmarshal([]byte(r.text), &reply); err != nil {
		return expectation{kind: "result"} // a text of the control API
	}
	if got := r.Header.Get("Content-Type"); got != "application/json; charset=utf-8" {
		t.Errorf("Content-Type %q", got)
	}
	if reply["error"] == nil && reply["errors"] == nil {
		return expectation{kind: "result"}
	}
	if !errorReplyFits(r.text) {
		t.Errorf("not the shape of an error: %s", r.text)
	}
	code, field := refusal(t, r.text)
	return expectation{kind: "error", code: code, detail: field}
}

func (c hostileCase) judge(t *testing.T, replies []hostileReply) {
	t.Helper()
	var got, want []string
	for i, reply := range replies {
		g := reply.print(t)
		if i < len(c.want) && g.kind != "error" && strings.Contains(reply.text, c.want[i].detail) {
			g.detail = c.want[i].detail
		}
		got = append(got, g.String())
	}
	for _, w := range c.want {
		want = append(want, w.String())
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("replies (-want +got):\n%s", diff)
		for _, reply := range replies {
			t.Logf("%s\n%v\n%.1000s", reply.Status, reply.Header, reply.text)
		}
	}
}

// refused reports whether the case must change nothing.
func (c hostileCase) refused() bool {
	for _, w := range c.want {
		if w.kind == "result" {
			return false
		}
	}
	return true
}

func (e expectation) String() string {
	switch {
	case e.kind == "result":
		return strings.TrimSpace("result " + e.detail)
	default:
		return strings.TrimSpace(fmt.Sprintf("%s %d %s", e.kind, e.code, e.detail))
	}
}
