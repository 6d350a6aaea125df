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

// start is the time of the stopped clock in these tests.
var start = time.Date(2026, 1, 31, 12, 0, 0, 0, time.UTC)

// newServer returns a strict server with a stopped clock and without listeners.
func newServer(t testing.TB, opts ...emulator.Option) *emulator.Server {
	t.Helper()
	always := []emulator.Option{emulator.WithStrict(), emulator.WithClock(clock.Stopped(start))}
	s, err := emulator.New(append(always, opts...)...)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// TestConversations replays testdata/conversations. It sends each section "NAME request",
// compares the reply with the following section "NAME reply", and the callbacks with a
// section "NAME callbacks". The emulator starts with the section "scenario.yaml", in
// which RECEIVER is the address for callbacks. The documentation links to the files.
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

// parseRequest parses "VERB target", header lines, an empty line and the body without its
// last newline.
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

// printReply returns status, warnings and the indented body.
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

// receiver receives the callbacks of an account.
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

// drain returns the indented callbacks since the last call.
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
