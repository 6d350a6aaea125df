// Program sip holds real registrations against SIP software that others wrote: Kamailio as
// the PBX, and SIPp as PBXs that answer badly. Both must be installed.
package main

import (
	"bufio"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"time"
)

func main() {
	binary := flag.String("binary", "bin/voxemu", "the emulator")
	node := flag.String("node", "testkit/internal/conformance/node", "folder with the official Node SDK")
	only := flag.String("only", "", "kamailio or sipp: the checks with one of them; default: all")
	flag.Parse()
	if err := run(*binary, *node, *only); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(binary, node, only string) (err error) {
	folder, err := os.MkdirTemp("", "voxemu-sip")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(folder)) }()
	if err := writeCertificates(folder); err != nil {
		return err
	}
	poor, stopPoor, err := startEmulator(binary, folder, withoutMoney, "--sip-ca", filepath.Join(folder, authority))
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, stopPoor()) }()
	poor.node = node
	rich, stopRich, err := startEmulator(binary, folder, "extends: demo\nbehaviour: {first_failure: reported}\n", "--sip-ca", filepath.Join(folder, authority))
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, stopRich()) }()
	pbx, end, err := startKamailio(folder)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, end()) }()
	if only == "" {
		err = checkSize(folder)
	}
	if only != "sipp" {
		err = errors.Join(err, checkCompose(binary, folder), poor.checkKamailio(pbx), rich.checkAuthority(pbx, folder), rich.checkStop(pbx, folder), rich.checkRedirection(pbx, folder))
	}
	if only != "kamailio" {
		err = errors.Join(err, rich.checkBadRegistrars(folder))
	}
	return err
}

// withoutMoney is an account whose registrations are frozen when a month is over.
const withoutMoney = `
accounts:
  - {id: 1, name: demo, api_key: demo-key, balance: 0.00, currency: USD}
keys:
  - {id: owner-key, roles: [Owner]}
`

// emulator is a running voxemu.
type emulator struct {
	binary, folder string
	base, secure   string // URLs of HTTP and HTTPS
	node           string
}

func startEmulator(binary, folder, scenario string, more ...string) (emulator, func() error, error) {
	file := filepath.Join(folder, "scenario.yaml")
	if err := os.WriteFile(file, []byte(scenario), 0o600); err != nil {
		return emulator{}, nil, err
	}
	arguments := []string{"serve", "--addr", "127.0.0.1:0", "--tls-addr", "127.0.0.1:0", "--sip", "127.0.0.1", "--scenario", file}
	c := exec.Command(binary, append(arguments, more...)...)
	c.Env = append(os.Environ(), "VOXEMU_CONFIG_DIR="+folder)
	errs, err := c.StderrPipe()
	if err != nil {
		return emulator{}, nil, err
	}
	if err := c.Start(); err != nil {
		return emulator{}, nil, err
	}
	lines := bufio.NewScanner(errs)
	for lines.Scan() {
		if _, rest, ok := strings.Cut(lines.Text(), "voxemu ready http="); ok {
			go func() { _, _ = io.Copy(io.Discard, errs) }() // so that it never blocks
			at := strings.Fields(strings.Replace(rest, "https=", "", 1))
			return emulator{binary: binary, folder: folder, base: at[0], secure: at[1]}, func() error { return end(c) }, nil
		}
	}
	return emulator{}, nil, errors.Join(errors.New("the emulator did not start"), end(c))
}

// end stops a program that was started.
func end(c *exec.Cmd) error {
	if err := c.Process.Signal(syscall.SIGTERM); err != nil {
		return err
	}
	err := c.Wait()
	var exit *exec.ExitError
	if errors.As(err, &exit) {
		return nil // by the signal
	}
	return err
}

// registration is a row of GetSipRegistrations.
type registration struct {
	ID         int64  `json:"sip_registration_id"`
	Successful *bool  `json:"successful"`
	StatusCode int64  `json:"status_code"`
	Message    string `json:"error_message"`
	Frozen     bool   `json:"deactivated"`
}

func (r registration) String() string {
	if r.Frozen {
		return "frozen"
	}
	if r.Successful == nil {
		return "in progress"
	}
	if *r.Successful {
		return "successful"
	}
	return strings.TrimSpace(fmt.Sprintf("failed %d %s", r.StatusCode, r.Message))
}

func (e emulator) call(method string, out any, parameters ...string) error {
	form := url.Values{"account_id": {"1"}, "api_key": {"demo-key"}}
	for i := 0; i < len(parameters); i += 2 {
		form.Set(parameters[i], parameters[i+1])
	}
	reply, err := http.PostForm(e.base+"/platform_api/"+method, form)
	if err != nil {
		return err
	}
	defer reply.Body.Close()
	return json.NewDecoder(reply.Body).Decode(out)
}

func (e emulator) create(user, password, proxy string) (id int64, err error) {
	var made struct {
		registration
		Error struct{ Msg string }
	}
	err = e.call("CreateSipRegistration", &made, "sip_username", user, "password", password, "proxy", proxy)
	if err == nil && made.ID == 0 {
		err = fmt.Errorf("%s at %s was not created: %s", user, proxy, made.Error.Msg)
	}
	return made.ID, err
}

// control reads a reply of the control API.
func (e emulator) control(path string, out any) error {
	reply, err := http.Get(e.base + "/_voxemu" + path)
	if err != nil {
		return err
	}
	defer reply.Body.Close()
	return json.NewDecoder(reply.Body).Decode(out)
}

// post sends a request to the control API.
func (e emulator) post(path, body string) error {
	reply, err := http.Post(e.base+"/_voxemu"+path, "application/json", strings.NewReader(body))
	if err != nil {
		return err
	}
	defer reply.Body.Close()
	if reply.StatusCode >= http.StatusMultipleChoices {
		text, err := io.ReadAll(reply.Body)
		return errors.Join(fmt.Errorf("POST %s: %s: %s", path, reply.Status, text), err)
	}
	return nil
}

// becomes waits until a registration is as wanted.
func (e emulator) becomes(id int64, want string, limit time.Duration) error {
	last := ""
	for deadline := time.Now().Add(limit); time.Now().Before(deadline); time.Sleep(100 * time.Millisecond) {
		var list struct{ Result []registration }
		if err := e.call("GetSipRegistrations", &list, "sip_registration_id", fmt.Sprint(id)); err != nil {
			return err
		}
		if len(list.Result) == 1 {
			if last = list.Result[0].String(); last == want {
				return nil
			}
		}
	}
	return fmt.Errorf("registration %d: %q, want %q", id, last, want)
}

// freePort returns a port that neither UDP nor TCP uses.
func freePort() (string, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	_, port, err := net.SplitHostPort(l.Addr().String())
	return port, errors.Join(err, l.Close())
}

// accepts waits until a program accepts connections.
func accepts(address string) (err error) {
	for deadline := time.Now().Add(10 * time.Second); time.Now().Before(deadline); time.Sleep(20 * time.Millisecond) {
		var c net.Conn
		if c, err = net.DialTimeout("tcp", address, time.Second); err == nil {
			return c.Close()
		}
	}
	return err
}
