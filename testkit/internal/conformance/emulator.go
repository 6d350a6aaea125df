package main

import (
	"bufio"
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

// emulator is a running binary with its own folder, and the data that clients need.
type emulator struct {
	command     *exec.Cmd
	home        string // configuration, credentials and certificates; removed by stop
	http, https string // host:port for clients
	control     string // host:port of the control API
	ca          string // path of the CA certificate
	callers     map[string]caller
	receiver    *receiver // of its callbacks
	twin        *emulator // another one, which is reset as well; nil: none
}

var readyLine = regexp.MustCompile(`^voxemu ready http=http://(\S+) https=https://(\S+)$`)

// startEmulator starts the binary on free ports with the steps' scenario.
func startEmulator(options options) (*emulator, error) {
	home, err := os.MkdirTemp("", "voxemu-conformance-")
	if err != nil {
		return nil, err
	}
	e := &emulator{home: home, ca: filepath.Join(home, "ca.pem"), receiver: newReceiver()}
	e.command = exec.Command(options.binary, "serve", "--addr", "127.0.0.1:0", "--tls-addr", "127.0.0.1:0", "--log-level", "error",
		"--scenario", "demo", "--scenario", filepath.Join(options.folder, "scenario.yaml"))
	e.command.Env = append(os.Environ(), "VOXEMU_CONFIG_DIR="+filepath.Join(home, "config"))
	stderr, err := e.command.StderrPipe()
	if err != nil {
		return nil, err
	}
	if err := e.command.Start(); err != nil {
		return nil, err
	}
	if err := e.awaitReady(stderr); err != nil {
		return nil, errors.Join(err, e.stop())
	}
	if err := e.writeFiles(); err != nil {
		return nil, errors.Join(err, e.stop())
	}
	return e, nil
}

// awaitReady reads the line with the actual ports and copies the others.
func (e *emulator) awaitReady(stderr io.Reader) error {
	lines := bufio.NewScanner(stderr)
	for lines.Scan() {
		if match := readyLine.FindStringSubmatch(lines.Text()); match != nil {
			e.http, e.https, e.control = match[1], match[2], match[1]
			go io.Copy(os.Stderr, stderr)
			return nil
		}
		fmt.Fprintln(os.Stderr, lines.Text())
	}
	return fmt.Errorf("the emulator ended before it was ready")
}

func (e *emulator) env() []string {
	return append(os.Environ(),
		"VOXIMPLANT_EMULATOR_HOST="+e.http,
		"VOXEMU_TLS_HOST="+e.https,
		"VOXEMU_CREDENTIALS_DIR="+e.home,
		"VOXEMU_CA="+e.ca,
		"NODE_EXTRA_CA_CERTS="+e.ca,
		"REQUESTS_CA_BUNDLE="+e.ca,
		"SSL_CERT_FILE="+e.ca,
		"JDK_JAVA_OPTIONS=-Djavax.net.ssl.trustStore="+e.file("truststore.p12")+" -Djavax.net.ssl.trustStorePassword="+truststorePassword,
	)
}

func (e *emulator) file(name string) string { return filepath.Join(e.home, name) }

// reset reloads the scenario; afterwards no callback is sent to the receiver.
func (e *emulator) reset() error {
	if e.twin != nil {
		if err := e.twin.reset(); err != nil {
			return err
		}
	}
	response, err := http.Post("http://"+e.control+"/_voxemu/reset", "", nil)
	if err != nil {
		return err
	}
	response.Body.Close()
	if response.StatusCode != http.StatusOK {
		return fmt.Errorf("reset: %s", response.Status)
	}
	e.receiver.forget()
	return nil
}

// stop stops the emulator, which must exit with 0 on SIGTERM.
func (e *emulator) stop() error {
	defer os.RemoveAll(e.home)
	defer e.receiver.close()
	if err := e.command.Process.Signal(syscall.SIGTERM); err != nil {
		return err
	}
	kill := time.AfterFunc(10*time.Second, func() { e.command.Process.Kill() })
	defer kill.Stop()
	if err := e.command.Wait(); err != nil {
		return fmt.Errorf("the emulator on SIGTERM: %w", err)
	}
	return nil
}
