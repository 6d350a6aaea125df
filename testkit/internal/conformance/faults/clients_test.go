package faults_test

import (
	"bufio"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/voxemu/voxemu/emulator"
)

// witness is a client that describes the result of a request for CreateSipRegistration;
// an impatient one gives up after half a second.
type witness struct {
	title   string
	version func() (string, error) // an error means that the client cannot run here
	start   func(*testing.T, *emulator.Server) func(impatient bool) string
}

var witnesses = []witness{
	{"Go net/http", func() (string, error) { return strings.TrimPrefix(runtime.Version(), "go"), nil }, goClient},
	{"curl", printed("curl", "--version"), curlClient},
	{"Python httpx", printed("../python/venv/bin/python", "../python/faults.py", "--version"), pythonClient},
	{"Node SDK", printed("node", "../node/faults.mjs", "--version"), nodeClient},
}

// printed returns the version that a command prints.
func printed(name string, args ...string) func() (string, error) {
	return func() (string, error) {
		text, err := exec.Command(name, args...).Output()
		if err != nil {
			return "", fmt.Errorf("%s: %w", name, err)
		}
		line, _, _ := strings.Cut(string(text), "\n")
		if name == "curl" {
			line = strings.Fields(line)[1]
		}
		return line, nil
	}
}

var form = url.Values{"account_id": {"1"}, "api_key": {"demo-key"}, "sip_username": {"alice"}, "proxy": {"sip.example.com"}}

const createPath = "/platform_api/CreateSipRegistration"

// goClient decodes the reply if the status is 200.
func goClient(_ *testing.T, s *emulator.Server) func(bool) string {
	return func(impatient bool) string {
		client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}, Timeout: time.Minute}
		if impatient {
			client.Timeout = time.Second / 2
		}
		reply, err := client.PostForm(s.URL()+createPath, form)
		if err != nil {
			return "error: " + goError(err)
		}
		defer reply.Body.Close()
		if reply.StatusCode != http.StatusOK {
			return fmt.Sprintf("status %d", reply.StatusCode)
		}
		text, err := io.ReadAll(reply.Body)
		switch {
		case errors.Is(err, syscall.ECONNRESET): // how much arrives before the reset varies
			return "error: " + goError(err)
		case err != nil:
			return "200, then error: " + goError(err)
		}
		seen := content(text)
		if kind := reply.Header.Get("Content-Type"); strings.HasPrefix(kind, "text/html") {
			seen += " as " + kind
		}
		return "200, " + seen
	}
}

func goError(err error) string {
	var late interface{ Timeout() bool }
	switch {
	case errors.Is(err, syscall.ECONNRESET):
		return "connection reset by peer"
	case errors.Is(err, io.ErrUnexpectedEOF):
		return "unexpected EOF"
	case errors.Is(err, io.EOF):
		return "EOF"
	case errors.As(err, &late) && late.Timeout():
		return "the client's timeout"
	}
	return err.Error()
}

func content(text []byte) string {
	var reply struct {
		Result int
		Error  struct{ Code int }
	}
	switch err := json.Unmarshal(text, &reply); {
	case len(text) == 0:
		return "an empty body"
	case err != nil:
		return "no JSON"
	case reply.Error.Code != 0:
		return fmt.Sprintf("error %d", reply.Error.Code)
	}
	return "the reply"
}

// curlExits are curl's exit codes (its manual, "EXIT CODES").
var curlExits = map[int]string{18: "partial file", 28: "timeout", 52: "empty reply", 56: "failure in receiving"}

func curlClient(t *testing.T, s *emulator.Server) func(bool) string {
	file := filepath.Join(t.TempDir(), "body")
	return func(impatient bool) string {
		timeout := "60"
		if impatient {
			timeout = "0.5"
		}
		command := exec.Command("curl", "--silent", "--max-time", timeout, "--output", file, "--write-out", "%{http_code} %{content_type}",
			"--data", form.Encode(), s.URL()+createPath)
		_ = os.Remove(file) // fails if there is none
		printed, err := command.Output()
		if failed := (*exec.ExitError)(nil); errors.As(err, &failed) {
			code := failed.ExitCode()
			return fmt.Sprintf("exit %d, %s", code, cmp.Or(curlExits[code], "see curl's manual"))
		}
		text, _ := os.ReadFile(file) // curl creates none for an empty body
		status, kind, _ := strings.Cut(string(printed), " ")
		if status != "200" {
			return "exit 0, status " + status
		}
		seen := content(text)
		if strings.HasPrefix(kind, "text/html") {
			seen += " as " + kind
		}
		return "exit 0, " + seen
	}
}

func pythonClient(t *testing.T, s *emulator.Server) func(bool) string {
	return speaks(t, exec.Command("../python/venv/bin/python", "../python/faults.py"), "VOXIMPLANT_EMULATOR_HOST="+strings.TrimPrefix(s.URL(), "http://"))
}

func nodeClient(t *testing.T, s *emulator.Server) func(bool) string {
	credentials, err := s.Credentials("owner-key")
	if err != nil {
		t.Fatal(err)
	}
	ca, err := s.CA()
	if err != nil {
		t.Fatal(err)
	}
	text, err := json.Marshal(credentials)
	if err != nil {
		t.Fatal(err)
	}
	home := t.TempDir()
	for name, content := range map[string][]byte{"credentials.json": text, "ca.pem": ca} {
		if err := os.WriteFile(filepath.Join(home, name), content, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return speaks(t, exec.Command("node", "../node/faults.mjs"), "VOXEMU_TLS_HOST="+strings.TrimPrefix(s.TLSURL(), "https://"),
		"VOXEMU_CREDENTIALS="+filepath.Join(home, "credentials.json"), "NODE_EXTRA_CA_CERTS="+filepath.Join(home, "ca.pem"))
}

// speaks starts a client that reads a line per request and replies with a line.
func speaks(t *testing.T, command *exec.Cmd, env ...string) func(bool) string {
	t.Helper()
	command.Env = append(os.Environ(), env...)
	command.Stderr = os.Stderr
	in, err := command.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	out, err := command.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := command.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = in.Close() // ends the client
		if err := command.Wait(); err != nil {
			t.Errorf("%s: %v", command, err)
		}
	})
	lines := bufio.NewScanner(out)
	return func(impatient bool) string {
		t.Helper()
		fmt.Fprintln(in, map[bool]string{true: "impatient", false: "patient"}[impatient])
		if !lines.Scan() {
			t.Fatalf("%s ended: %v", command, lines.Err())
		}
		return lines.Text()
	}
}
