package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"syscall"
	"time"
)

type emulator struct {
	binary, home, name string
	args               []string
	command            *exec.Cmd
	address, secure    string // host:port of HTTP and HTTPS
	ended              chan error
}

// scenario refreshes registrations once a day, so that a month passes in seconds. Its
// clock is stopped, so that the model knows the time.
const scenario = `
extends: empty
behaviour: {first_failure: reported, deleted_registration: refunded} # as the model counts
clock: {start: 2026-01-15T12:00:00Z, stopped: true}
registrar: {expires: 24h}
`

// start starts the binary on a free port, with its own folder.
func start(binary, home, name string, args ...string) (*emulator, error) {
	file := filepath.Join(home, name+"-scenario.yaml")
	if err := os.WriteFile(file, []byte(scenario), 0o600); err != nil {
		return nil, err
	}
	e := &emulator{binary: binary, home: home, name: name, args: append([]string{"--scenario", file}, args...)}
	return e, e.start()
}

var readyLine = regexp.MustCompile(`^voxemu ready http=http://(\S+) https=https://(\S+)`)

func (e *emulator) start() error {
	args := append([]string{"serve", "--addr", "127.0.0.1:0", "--tls-addr", "127.0.0.1:0", "--log-level", "error"}, e.args...)
	e.command = exec.Command(e.binary, args...)
	e.command.Env = append(os.Environ(), "VOXEMU_CONFIG_DIR="+filepath.Join(e.home, e.name))
	stderr, err := e.command.StderrPipe()
	if err != nil {
		return err
	}
	if err := e.command.Start(); err != nil {
		return err
	}
	lines := bufio.NewScanner(stderr)
	for lines.Scan() {
		if match := readyLine.FindStringSubmatch(lines.Text()); match != nil {
			e.address, e.secure = match[1], match[2]
			command, ended := e.command, make(chan error, 1)
			e.ended = ended
			go func() {
				_, _ = io.Copy(os.Stderr, stderr) // shows the errors that it logs
				ended <- command.Wait()
			}()
			return nil
		}
		fmt.Fprintln(os.Stderr, lines.Text())
	}
	return errors.Join(fmt.Errorf("%s: no ready line", e.name), e.command.Wait())
}

// signal sends a signal, waits for the process and returns how it ended.
func (e *emulator) signal(s syscall.Signal) error {
	if err := e.command.Process.Signal(s); err != nil {
		return err
	}
	select {
	case err := <-e.ended:
		return err
	case <-time.After(20 * time.Second):
		return errors.Join(fmt.Errorf("%s: still there 20 s after signal %v", e.name, s), e.command.Process.Kill())
	}
}

// end stops it with SIGTERM; it must exit with 0.
func (e *emulator) end() error { return e.signal(syscall.SIGTERM) }

func (e *emulator) kill() error {
	if err := e.signal(syscall.SIGKILL); err == nil {
		return errors.New("the emulator ended with 0 although it was killed")
	}
	return nil
}

// control sends a request to the control API; in and out may be nil.
func (e *emulator) control(method, path string, in, out any) error {
	var body io.Reader
	switch in := in.(type) {
	case nil:
	case []byte:
		body = bytes.NewReader(in)
	default:
		text, err := json.Marshal(in)
		if err != nil {
			return err
		}
		body = bytes.NewReader(text)
	}
	request, err := http.NewRequest(method, "http://"+e.address+"/_voxemu/"+path, body)
	if err != nil {
		return err
	}
	reply, err := http.DefaultClient.Do(request)
	if err != nil {
		return err
	}
	defer reply.Body.Close()
	text, err := io.ReadAll(reply.Body)
	if err != nil {
		return err
	}
	if reply.StatusCode != http.StatusOK {
		return fmt.Errorf("%s %s: %s %s", method, path, reply.Status, text)
	}
	switch out := out.(type) {
	case nil:
		return nil
	case *[]byte:
		*out = text
		return nil
	default:
		return json.Unmarshal(text, out)
	}
}
