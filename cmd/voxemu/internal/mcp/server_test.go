package mcp_test

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"runtime"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/voxemu/voxemu/cmd/voxemu/internal/mcp"
)

// tools are echo, which returns its input, and wait, which waits until it is cancelled and
// tells waiting and cancelled.
func tools(waiting, cancelled chan<- bool) []mcp.Tool {
	return []mcp.Tool{
		{Name: "echo", Description: "returns its input", Input: map[string]any{"type": "object"},
			Call: func(_ context.Context, input json.RawMessage) (string, bool) { return string(input), len(input) == 0 }},
		{Name: "wait", Description: "waits", Input: map[string]any{"type": "object"},
			Call: func(ctx context.Context, _ json.RawMessage) (string, bool) {
				waiting <- true
				<-ctx.Done()
				cancelled <- true
				return "cancelled", true
			}},
	}
}

// exchange sends one line after the other and returns the replies to each, which are read
// before the next line is sent.
func exchange(t *testing.T, lines ...string) (replies []string) {
	t.Helper()
	in, toServer := io.Pipe()
	fromServer, out := io.Pipe()
	ended := make(chan error, 1)
	go func() {
		s := mcp.Server{Name: "test", Version: "1", Instructions: "Call echo.", Tools: tools(make(chan bool, 9), make(chan bool, 9))}
		err := s.Serve(t.Context(), in, out)
		_ = out.Close()
		ended <- err
	}()
	received := bufio.NewReader(fromServer)
	for _, line := range lines {
		if _, err := io.WriteString(toServer, line+"\n"); err != nil {
			t.Fatal(err)
		}
		text, err := received.ReadString('\n')
		if err != nil {
			t.Fatal(err)
		}
		replies = append(replies, strings.TrimSuffix(text, "\n"))
	}
	_ = toServer.Close()
	if rest, err := io.ReadAll(received); err != nil || len(rest) > 0 {
		t.Errorf("%s %v", rest, err)
	}
	if err := <-ended; err != nil {
		t.Errorf("at the end of the input: %v", err)
	}
	return replies
}

func TestEachMessageHasTheReplyOfTheProtocol(t *testing.T) {
	const (
		meta    = `"_meta":{"io.modelcontextprotocol/protocolVersion":"2026-07-28","io.modelcontextprotocol/clientCapabilities":{}}`
		newer   = `"_meta":{"io.modelcontextprotocol/serverInfo":{"name":"test","version":"1"}}`
		listed  = `"tools":[{"name":"echo","description":"returns its input","inputSchema":{"type":"object"}},{"name":"wait","description":"waits","inputSchema":{"type":"object"}}]`
		pong    = `{"jsonrpc":"2.0","id":1,"result":{}}`
		pingAs1 = `{"jsonrpc":"2.0","id":1,"method":"ping"}`
	)
	agreed := func(version string) string {
		return `{"jsonrpc":"2.0","id":1,"result":{"capabilities":{"tools":{}},"instructions":"Call echo.","protocolVersion":"` + version + `","serverInfo":{"name":"test","version":"1"}}}`
	}
	refused := func(id, code string) string {
		return `{"jsonrpc":"2.0","id":` + id + `,"error":{"code":` + code + `,"message":"`
	}
	for line, want := range map[string]string{
		// Versions.
		`{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":"2024-11-05","capabilities":{},"clientInfo":{"name":"c"}}}`: agreed("2024-11-05"),
		`{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":"2025-11-25"}}`:                                             agreed("2025-11-25"),
		`{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":"2026-07-28"}}`:                                             agreed("2025-11-25"), // has no initialize
		`{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":"1999-01-01"}}`:                                             agreed("2025-11-25"),
		`{"jsonrpc":"2.0","id":1,"method":"initialize"}`:                                                                                       agreed("2025-11-25"),
		`{"jsonrpc":"2.0","id":1,"method":"server/discover","params":{` + meta + `}}`:                                                          `{"jsonrpc":"2.0","id":1,"result":{` + newer + `,"cacheScope":"public","capabilities":{"tools":{}},"instructions":"Call echo.","resultType":"complete","supportedVersions":["2026-07-28","2025-11-25","2025-06-18","2025-03-26","2024-11-05"],"ttlMs":0}}`,
		`{"jsonrpc":"2.0","id":1,"method":"ping","params":{` + strings.Replace(meta, "2026", "2027", 1) + `}}`:                                 refused("1", "-32022"),
		`{"jsonrpc":"2.0","id":1,"method":"ping","params":{"_meta":{"io.modelcontextprotocol/protocolVersion":"2026-07-28"}}}`:                 refused("1", "-32602"),
		// Requests.
		pingAs1: pong,
		` {"method":"ping", "id": "a b", "jsonrpc":"2.0", "more": [{}]} `:                                                   `{"jsonrpc":"2.0","id":"a b","result":{}}`,
		`{"jsonrpc":"2.0","id":-1.50,"method":"ping","params":null}`:                                                        `{"jsonrpc":"2.0","id":-1.50,"result":{}}`,
		`{"jsonrpc":"2.0","id":1,"method":"tools/list","params":{"cursor":""}}`:                                             `{"jsonrpc":"2.0","id":1,"result":{"cacheScope":"public",` + listed + `,"ttlMs":0}}`,
		`{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"echo","arguments":{"a":[1,"<é>"]}}}`:               `{"jsonrpc":"2.0","id":1,"result":{"content":[{"text":"{\"a\":[1,\"<é>\"]}","type":"text"}],"isError":false}}`,
		`{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"echo"}}`:                                           `{"jsonrpc":"2.0","id":1,"result":{"content":[{"text":"","type":"text"}],"isError":true}}`,
		`{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"echo","arguments":1,` + meta + `}}`:                `{"jsonrpc":"2.0","id":1,"result":{` + newer + `,"content":[{"text":"1","type":"text"}],"isError":false,"resultType":"complete"}}`,
		`[` + pingAs1 + `,{"jsonrpc":"2.0","method":"notifications/initialized"},5,{"jsonrpc":"2.0","id":2,"method":"no"}]`: `[` + pong + `,` + refused("null", "-32600"),
		// What is not served.
		`{"jsonrpc":"2.0","id":1,"method":"resources/list"}`:                         refused("1", "-32601"),
		`{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"other"}}`:   refused("1", "-32602"),
		`{"jsonrpc":"2.0","id":1,"method":"tools/call"}`:                             refused("1", "-32602"),
		`{"jsonrpc":"2.0","id":1,"method":"tools/call","params":["echo"]}`:           refused("1", "-32602"),
		`{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":{"a":"b"}}}`: refused("1", "-32602"),
		`{"jsonrpc":"1.0","id":1,"method":"ping"}`:                                   refused("1", "-32600"),
		`{"id":"x","method":"ping"}`:                                                 refused(`"x"`, "-32600"),
		`{"jsonrpc":"2.0","id":1}`:                                                   refused("1", "-32600"),
		`{"jsonrpc":"2.0","id":1,"method":5}`:                                        refused("1", "-32600"),
		`{"jsonrpc":"2.0","id":null,"method":"ping"}`:                                refused("null", "-32600"),
		`{"jsonrpc":"2.0","id":{},"method":"ping"}`:                                  refused("null", "-32600"),
		`{"jsonrpc":"2.0","id":[1],"method":"ping"}`:                                 refused("null", "-32600"),
		`{"jsonrpc":"2.0","id":true,"method":"ping"}`:                                refused("null", "-32600"),
		`{}`:                              refused("null", "-32600"),
		`null`:                            refused("null", "-32600"),
		`"ping"`:                          refused("null", "-32600"),
		`[]`:                              refused("null", "-32600"),
		`{"jsonrpc":"2.0","id":1,`:        refused("null", "-32700"),
		`Content-Length: 46`:              refused("null", "-32700"),
		`[` + pingAs1:                     refused("null", "-32700"),
		strings.Repeat("[", 1<<20):        refused("null", "-32700"),
		strings.Repeat(`{"id":`, 100_000): refused("null", "-32700"),
	} {
		got := exchange(t, line, pingAs1)
		if !strings.HasPrefix(got[0], want) || strings.HasSuffix(want, "}") && got[0] != want {
			t.Errorf("%.300s\n got: %s\nwant: %s", line, got[0], want)
		}
		if got[1] != pong {
			t.Errorf("after %.300s: %s", line, got[1])
		}
	}
}

// What asks for nothing gets no reply, and the next message is served.
func TestNotificationsAndRepliesAreNotAnswered(t *testing.T) {
	for _, line := range []string{
		"", "  \r",
		`{"jsonrpc":"2.0","method":"notifications/initialized"}`,
		`{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":7}}`,
		`{"jsonrpc":"2.0","method":"notifications/cancelled","params":[7]}`,
		`{"jsonrpc":"2.0","method":"notifications/cancelled"}`,
		`{"jsonrpc":"2.0","method":"ping"}`,
		`{"jsonrpc":"2.0","method":"tools/call","params":{"name":"echo"}}`,
		`{"jsonrpc":"2.0","id":7,"result":{}}`,
		`{"jsonrpc":"2.0","id":7,"error":{"code":1,"message":"no"}}`,
		`[{"jsonrpc":"2.0","method":"ping"}]`,
	} {
		got := exchange(t, line+"\n"+`{"jsonrpc":"2.0","id":"next","method":"ping"}`)
		if want := `{"jsonrpc":"2.0","id":"next","result":{}}`; got[0] != want {
			t.Errorf("%s: %s", line, got[0])
		}
	}
}

// connect serves on pipes.
func connect(t *testing.T, ctx context.Context) (send func(string), receive func() string, waiting, cancelled <-chan bool, ended <-chan error) {
	t.Helper()
	in, toServer := io.Pipe()
	fromServer, out := io.Pipe()
	begun, stopped, end := make(chan bool, 9), make(chan bool, 9), make(chan error, 1)
	go func() { end <- (&mcp.Server{Tools: tools(begun, stopped)}).Serve(ctx, in, out) }()
	t.Cleanup(func() { _ = toServer.Close() })
	received := bufio.NewReader(fromServer)
	return func(line string) {
			t.Helper()
			if line == "" {
				_ = toServer.Close()
			} else if _, err := io.WriteString(toServer, line+"\n"); err != nil {
				t.Fatal(err)
			}
		}, func() string {
			t.Helper()
			line, err := received.ReadString('\n')
			if err != nil {
				t.Fatal(err)
			}
			return line
		}, begun, stopped, end
}

const (
	waitAs9 = `{"jsonrpc":"2.0","id":9,"method":"tools/call","params":{"name":"wait"}}`
	echoAs  = `{"jsonrpc":"2.0","id":%,"method":"tools/call","params":{"name":"echo","arguments":{}}}`
)

func TestCallsAreServedWhileOthersRunAndCanBeCancelled(t *testing.T) {
	send, receive, waiting, cancelled, ended := connect(t, t.Context())
	send(waitAs9)
	<-waiting
	send(strings.Replace(echoAs, "%", "1", 1))
	if got := receive(); !strings.HasPrefix(got, `{"jsonrpc":"2.0","id":1,"result":`) {
		t.Errorf("while another call runs: %s", got)
	}
	send(strings.Replace(echoAs, "%", "9", 1))
	if got := receive(); !strings.HasPrefix(got, `{"jsonrpc":"2.0","id":9,"error":{"code":-32600,`) {
		t.Errorf("the id of a running call: %s", got)
	}
	send(`{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":9,"reason":"test"}}`)
	<-cancelled
	send(strings.Replace(echoAs, "%", "2", 1))
	if got := receive(); !strings.HasPrefix(got, `{"jsonrpc":"2.0","id":2,"result":`) {
		t.Errorf("after a cancelled call, which has no reply: %s", got)
	}
	send(waitAs9)
	<-waiting
	send("") // the end of the input
	<-cancelled
	if err := <-ended; err != nil {
		t.Errorf("at the end of the input: %v", err)
	}
}

func TestTheServerEndsWithItsContextAndWithABrokenOutput(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	_, _, _, _, ended := connect(t, ctx)
	cancel()
	if err := <-ended; !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: %v", err)
	}
	in, toServer := io.Pipe()
	closed, out := io.Pipe()
	_ = closed.Close()
	failed := make(chan error, 1)
	go func() { failed <- (&mcp.Server{}).Serve(t.Context(), in, out) }()
	if _, err := io.WriteString(toServer, `{"jsonrpc":"2.0","id":1,"method":"ping"}`+"\n"); err != nil {
		t.Fatal(err)
	}
	if err := <-failed; !errors.Is(err, io.ErrClosedPipe) {
		t.Errorf("closed output: %v", err)
	}
}

// A line without end is read, answered and not kept.
func TestALineThatIsTooLongIsRefusedWithoutKeepingIt(t *testing.T) {
	const length = 256 << 20
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	var out bytes.Buffer
	in := io.MultiReader(io.LimitReader(endless{}, length), strings.NewReader("\n"+`{"jsonrpc":"2.0","id":1,"method":"ping"}`))
	if err := (&mcp.Server{}).Serve(t.Context(), in, &out); err != nil {
		t.Fatal(err)
	}
	runtime.ReadMemStats(&after)
	want := `{"jsonrpc":"2.0","id":null,"error":{"code":-32600,"message":"a message of more than 33554432 bytes"}}
{"jsonrpc":"2.0","id":1,"result":{}}
`
	if diff := cmp.Diff(want, out.String()); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if used := after.TotalAlloc - before.TotalAlloc; used > length {
		t.Errorf("%d bytes were allocated for a line of %d", used, length)
	}
}

// endless reads as the letter a.
type endless struct{}

func (endless) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = 'a'
	}
	return len(p), nil
}

func FuzzMessages(f *testing.F) {
	f.Add([]byte(`{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"echo","arguments":{}}}`))
	f.Add([]byte(`[{"jsonrpc":"2.0","id":"a","method":"ping"},{"method":"x"}]`))
	f.Fuzz(func(t *testing.T, in []byte) {
		var out bytes.Buffer
		s := mcp.Server{Tools: tools(make(chan bool, 1), make(chan bool, 1))[:1]}
		if err := s.Serve(t.Context(), bytes.NewReader(in), &out); err != nil {
			t.Fatal(err)
		}
		for line := range strings.Lines(out.String()) {
			if !json.Valid([]byte(line)) || !strings.HasSuffix(line, "\n") {
				t.Errorf("%q", line)
			}
		}
	})
}
