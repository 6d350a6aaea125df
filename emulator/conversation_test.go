package emulator_test

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/rogpeppe/go-internal/txtar"

	"github.com/voxemu/voxemu/emulator"
	"github.com/voxemu/voxemu/emulator/clock"
	"github.com/voxemu/voxemu/scenarios"
)

var update = flag.Bool("update", false, "rewrite the golden replies")

// start is the moment at which every test's stopped clock stands.
var start = time.Date(2026, 1, 31, 12, 0, 0, 0, time.UTC)

// newServer makes a strict server on a stopped clock, without sockets.
func newServer(t testing.TB, opts ...emulator.Option) *emulator.Server {
	t.Helper()
	always := []emulator.Option{emulator.WithStrict(), emulator.WithClock(clock.Stopped(start))}
	s, err := emulator.New(append(always, opts...)...)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// TestConversations replays testdata/conversations: each "NAME request" section
// is sent, the "NAME reply" section behind it must come back, and then the
// callbacks of a "NAME callbacks" section must arrive. A section "scenario.yaml"
// is what the emulator starts with; RECEIVER in it is where callbacks are
// received. They are written to be read: the documentation links them.
func TestConversations(t *testing.T) {
	files, err := filepath.Glob("testdata/conversations/*.txtar")
	if err != nil || len(files) == 0 {
		t.Fatal("no conversations found", err)
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txtar"), func(t *testing.T) { replay(t, file) })
	}
}

func replay(t *testing.T, file string) {
	archive, err := txtar.ParseFile(file)
	if err != nil {
		t.Fatal(err)
	}
	server, received := newServer(t), newReceiver(t)
	actual := &txtar.Archive{Comment: archive.Comment}
	for _, section := range archive.Files {
		if section.Name == "scenario.yaml" {
			actual.Files = append(actual.Files, section)
			seed := scenarios.Source{Name: section.Name, Text: bytes.ReplaceAll(section.Data, []byte("RECEIVER"), []byte(received.url))}
			if err := server.LoadSources(seed); err != nil {
				t.Fatal(err)
			}
		}
		name, isRequest := strings.CutSuffix(section.Name, " request")
		if !isRequest {
			continue
		}
		recorder := httptest.NewRecorder()
		server.Handler().ServeHTTP(recorder, parseRequest(t, section))
		actual.Files = append(actual.Files, section, txtar.File{Name: name + " reply", Data: printReply(t, recorder.Result())})
		if err := server.Settle(t.Context()); err != nil {
			t.Fatal(err)
		}
		if callbacks := received.drain(t); len(callbacks) > 0 {
			actual.Files = append(actual.Files, txtar.File{Name: name + " callbacks", Data: callbacks})
		}
	}
	got := txtar.Format(actual)
	if *update {
		if err := os.WriteFile(file, got, 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	if diff := cmp.Diff(string(txtar.Format(archive)), string(got)); diff != "" {
		t.Errorf("conversation differs (-want +got); rewrite with -update if intended:\n%s", diff)
	}
}

// parseRequest reads "VERB target", header lines, an empty line and the body,
// whose final newline does not count.
func parseRequest(t *testing.T, section txtar.File) *http.Request {
	t.Helper()
	head, body, _ := strings.Cut(string(section.Data), "\n\n")
	lines := strings.Split(strings.TrimSpace(head), "\n")
	verb, target, ok := strings.Cut(lines[0], " ")
	if !ok {
		t.Fatalf("%s: want a first line such as GET /path", section.Name)
	}
	r := httptest.NewRequest(verb, target, strings.NewReader(strings.TrimSuffix(body, "\n")))
	for _, line := range lines[1:] {
		name, value, _ := strings.Cut(line, ": ")
		r.Header.Set(name, value)
	}
	return r
}

// printReply writes status, warnings and the body, indented for readers.
func printReply(t *testing.T, reply *http.Response) []byte {
	t.Helper()
	var out, body bytes.Buffer
	if _, err := body.ReadFrom(reply.Body); err != nil {
		t.Fatal(err)
	}
	fmt.Fprintf(&out, "%d %s\n", reply.StatusCode, reply.Header.Get("Content-Type"))
	for _, name := range []string{"Retry-After", "X-Voxemu-Fault", "X-Voxemu-Warning"} {
		for _, value := range reply.Header.Values(name) {
			fmt.Fprintf(&out, "%s: %s\n", name, value)
		}
	}
	out.WriteString("\n")
	if !strings.HasPrefix(reply.Header.Get("Content-Type"), "application/json") {
		out.Write(body.Bytes())
		return out.Bytes()
	}
	if err := json.Indent(&out, body.Bytes(), "", "  "); err != nil {
		t.Fatalf("reply is no JSON: %s", body.Bytes())
	}
	out.WriteString("\n")
	return out.Bytes()
}

// receiver takes what the emulator sends to an account's callback_url.
type receiver struct {
	url string

	mu     sync.Mutex
	bodies [][]byte
}

func newReceiver(t *testing.T) *receiver {
	t.Helper()
	r := &receiver{}
	server := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, request *http.Request) {
		body, err := io.ReadAll(request.Body)
		if err != nil {
			t.Error(err)
		}
		r.mu.Lock()
		defer r.mu.Unlock()
		r.bodies = append(r.bodies, body)
	}))
	t.Cleanup(server.Close)
	r.url = server.URL
	return r
}

// drain gives what was received since, indented for readers.
func (r *receiver) drain(t *testing.T) []byte {
	t.Helper()
	r.mu.Lock()
	defer r.mu.Unlock()
	var out bytes.Buffer
	for _, body := range r.bodies {
		if err := json.Indent(&out, body, "", "  "); err != nil {
			t.Fatalf("a callback is no JSON: %s", body)
		}
		out.WriteString("\n")
	}
	r.bodies = nil
	return out.Bytes()
}
