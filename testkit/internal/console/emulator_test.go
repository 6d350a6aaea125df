package console

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"testing"
	"time"
)

// emulator is a running voxemu serve.
type emulator struct {
	*testing.T
	url     string
	command *exec.Cmd
	dir     string
}

var ready = regexp.MustCompile(`^voxemu ready http=(\S+)`)

// start starts the binary on free ports, or on those of the arguments.
func start(t *testing.T, arguments ...string) *emulator {
	t.Helper()
	e := &emulator{T: t, dir: t.TempDir()}
	e.start(append([]string{"--addr", "127.0.0.1:0"}, arguments...)...)
	t.Cleanup(e.stop)
	return e
}

func (e *emulator) start(arguments ...string) {
	e.Helper()
	binary, err := filepath.Abs(*binary)
	if err != nil {
		e.Fatal(err)
	}
	e.command = exec.Command(binary, append([]string{"serve", "--tls-addr", "127.0.0.1:0", "--log-level", "error"}, arguments...)...)
	e.command.Env = append(os.Environ(), "VOXEMU_CONFIG_DIR="+e.dir)
	out, err := e.command.StderrPipe()
	if err == nil {
		err = e.command.Start()
	}
	if err != nil {
		e.Fatalf("%v: build it with make build", err)
	}
	lines := bufio.NewScanner(out)
	var log []string
	for lines.Scan() {
		log = append(log, lines.Text())
		if found := ready.FindStringSubmatch(lines.Text()); found != nil {
			e.url = found[1]
			go func() { _, _ = io.Copy(io.Discard, out) }()
			return
		}
	}
	e.Fatalf("the emulator does not start:\n%s", strings.Join(log, "\n"))
}

func (e *emulator) stop() {
	if e.command.ProcessState != nil {
		return
	}
	_ = e.command.Process.Signal(syscall.SIGTERM) // it may have ended
	_ = e.command.Wait()
}

// kill ends the emulator as a crash does.
func (e *emulator) kill() {
	_ = e.command.Process.Kill()
	_ = e.command.Wait()
}

// api calls a method as account 1 of the demo, with pairs of names and values.
func (e *emulator) api(method string, pairs ...string) map[string]any {
	e.Helper()
	return e.as("voxemu-test", method, pairs...)
}

// as is api with a User-Agent.
func (e *emulator) as(agent, method string, pairs ...string) map[string]any {
	e.Helper()
	values := url.Values{"account_id": {"1"}, "api_key": {"demo-key"}}
	for i := 0; i < len(pairs); i += 2 {
		values.Set(pairs[i], pairs[i+1])
	}
	request, err := http.NewRequest(http.MethodPost, e.url+"/platform_api/"+method, strings.NewReader(values.Encode()))
	if err != nil {
		e.Fatal(err)
	}
	request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	request.Header.Set("User-Agent", agent)
	return e.send(request)
}

// control sends a request to the control API; its body is JSON, empty: none.
func (e *emulator) control(verb, path, body string) map[string]any {
	e.Helper()
	request, err := http.NewRequest(verb, e.url+"/_voxemu/"+path, strings.NewReader(body))
	if err != nil {
		e.Fatal(err)
	}
	request.Header.Set("Authorization", "Bearer "+token)
	return e.send(request)
}

// token is that of emulators that ask for one.
const token = "open sesame"

// send returns the reply, which is nil if there is none or if it is not JSON.
func (e *emulator) send(request *http.Request) map[string]any {
	e.Helper()
	reply, err := http.DefaultTransport.RoundTrip(request)
	if err != nil {
		return nil
	}
	defer reply.Body.Close()
	var decoded map[string]any
	_ = json.NewDecoder(reply.Body).Decode(&decoded) // a fault may have broken it
	return decoded
}

// eventually waits until a condition holds.
func eventually(t *testing.T, what string, holds func() bool) {
	t.Helper()
	for end := time.Now().Add(patience); time.Now().Before(end); time.Sleep(20 * time.Millisecond) {
		if holds() {
			return
		}
	}
	t.Fatalf("it never happens: %s", what)
}

// receiver accepts callbacks, or answers with a status and a body.
type receiver struct {
	url    string
	status int
	body   string
	got    [][]byte
}

func newReceiver(t *testing.T) *receiver {
	t.Helper()
	r := &receiver{status: http.StatusOK}
	r.url = serveHTTP(t, "127.0.0.1:0", http.HandlerFunc(func(w http.ResponseWriter, request *http.Request) {
		body, _ := io.ReadAll(request.Body)
		r.got = append(r.got, bytes.Clone(body))
		w.WriteHeader(r.status)
		fmt.Fprint(w, r.body)
	}))
	return r
}
