package main

import (
	"bufio"
	"bytes"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v5"
	"github.com/rogpeppe/go-internal/testscript"
)

var update = flag.Bool("update", false, "rewrite the expected outputs in testdata/script and in the pages")

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"voxemu": main, "request": request, "post": post, "curl": curl})
}

// TestScripts runs testdata/script. In addition to testscript's commands there are:
//
//	start ARGUMENT…   voxemu serve on free ports; sets $HTTP and $HTTPS to the URLs,
//	                  $CONTROL to that of a separate control API, if any, and
//	                  $ADDRESS to host and port of $HTTP
//	shutdown [TERM|INT|KILL]
//	                  sends the signal; except after KILL the server must exit with
//	                  0; its standard error is then in the file log
//	record ARGUMENT…  voxemu record on free ports; sets $RECORDER and $RECORDER_TLS
//	recorded [TERM|INT|KILL]
//	                  ends it in the same way
//	logged REGEXP     waits until the server writes a matching line to standard error
//	gone              waits until the server has ended by itself, with 0
//	mode MODE FILE    requires these permissions of the file
//	exits CODE COMMAND…
//	                  runs a command that must exit with this code
//
// and the programs:
//
//	request URL [CA [CREDENTIALS]]
//	                  GETs a page, trusts a CA, signs as a service account
//	post URL          POSTs an empty body to the control API, with its token
//	curl              supports -sS, -X, -H and -d
//
// and the condition ipv6: the machine has ::1.
//
// $ROOT is the project's folder.
func TestScripts(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir:                 "testdata/script",
		UpdateScripts:       *update,
		RequireExplicitExec: true,
		RequireUniqueNames:  true,
		Setup: func(env *testscript.Env) error {
			env.Setenv("VOXEMU_CONFIG_DIR", env.WorkDir+"/config")
			env.Setenv("VOXIMPLANT_EMULATOR_HOST", "")
			root, err := filepath.Abs("../..")
			if err != nil {
				return err
			}
			env.Setenv("ROOT", root)
			// With the race detector, each program waits a second before it exits.
			env.Setenv("GORACE", "atexit_sleep_ms=0")
			env.Values[serverKey{}] = &running{}
			env.Values[recorderKey{}] = &running{}
			return nil
		},
		Condition: func(name string) (bool, error) {
			if name != "ipv6" {
				return false, fmt.Errorf("unknown condition %q", name)
			}
			socket, err := net.Listen("tcp6", "[::1]:0")
			if err == nil {
				err = socket.Close()
			}
			return err == nil, nil
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"start": start, "shutdown": shutdown, "gone": gone, "logged": logged, "exits": exits, "mode": mode,
			"record": startRecorder, "recorded": stopRecorder,
		},
	})
}

type serverKey struct{}

type running struct {
	process *exec.Cmd
	stderr  *bufio.Reader
	log     bytes.Buffer
}

type recorderKey struct{}

func start(ts *testscript.TestScript, neg bool, args []string) {
	server := ts.Value(serverKey{}).(*running)
	if neg || server.process != nil {
		ts.Fatalf("usage: start ARGUMENT…, one server at a time")
	}
	ready := server.launch(ts, "voxemu ready ", append([]string{"serve", "--addr", "127.0.0.1:0", "--tls-addr", "127.0.0.1:0"}, args...))
	ts.Setenv("CONTROL", ready["control"])
	ts.Setenv("HTTP", ready["http"])
	ts.Setenv("HTTPS", ready["https"])
	ts.Setenv("ADDRESS", strings.TrimPrefix(ready["http"], "http://"))
}

func startRecorder(ts *testscript.TestScript, neg bool, args []string) {
	recorder := ts.Value(recorderKey{}).(*running)
	if neg || recorder.process != nil {
		ts.Fatalf("usage: record ARGUMENT…, one recorder at a time")
	}
	ready := recorder.launch(ts, "voxemu record ready ", append([]string{"record", "--addr", "127.0.0.1:0", "--tls-addr", "127.0.0.1:0"}, args...))
	ts.Setenv("RECORDER", ready["http"])
	ts.Setenv("RECORDER_TLS", ready["https"])
}

// launch starts voxemu and returns what the line that begins with ready names.
func (server *running) launch(ts *testscript.TestScript, ready string, args []string) map[string]string {
	server.process = exec.Command("voxemu", args...)
	server.process.Dir = ts.Getenv("WORK")
	server.process.Env = append(os.Environ(), "VOXEMU_CONFIG_DIR="+ts.Getenv("VOXEMU_CONFIG_DIR"), "VOXEMU_CONTROL_TOKEN=",
		"HOME="+ts.Getenv("HOME"), "XDG_CONFIG_HOME="+ts.Getenv("XDG_CONFIG_HOME"), "GORACE="+ts.Getenv("GORACE"))
	pipe, err := server.process.StderrPipe()
	ts.Check(err)
	server.log.Reset()
	server.stderr = bufio.NewReader(io.TeeReader(pipe, &server.log))
	ts.Check(server.process.Start())
	ts.Defer(func() {
		if server.process != nil {
			_ = server.process.Process.Kill() // the script failed before shutdown
			_ = server.process.Wait()
		}
	})
	for {
		line, err := server.stderr.ReadString('\n')
		if err != nil {
			ts.Fatalf("no ready line: %v; standard error:\n%s", err, &server.log)
		}
		if rest, found := strings.CutPrefix(line, ready); found {
			named := map[string]string{}
			for _, word := range strings.Fields(rest) {
				name, value, _ := strings.Cut(word, "=")
				named[name] = value
			}
			return named
		}
	}
}

func logged(ts *testscript.TestScript, neg bool, args []string) {
	server := ts.Value(serverKey{}).(*running)
	if neg || len(args) != 1 || server.process == nil {
		ts.Fatalf("usage: logged REGEXP, after start")
	}
	wanted, err := regexp.Compile(args[0])
	ts.Check(err)
	for {
		line, err := server.stderr.ReadString('\n')
		if err != nil {
			ts.Fatalf("no such line: %v; standard error:\n%s", err, &server.log)
		}
		if wanted.MatchString(strings.TrimSuffix(line, "\n")) {
			return
		}
	}
}

func shutdown(ts *testscript.TestScript, neg bool, args []string) {
	ts.Value(serverKey{}).(*running).stop(ts, neg, args)
}

func stopRecorder(ts *testscript.TestScript, neg bool, args []string) {
	ts.Value(recorderKey{}).(*running).stop(ts, neg, args)
}

func (server *running) stop(ts *testscript.TestScript, neg bool, args []string) {
	signals := map[string]syscall.Signal{"TERM": syscall.SIGTERM, "INT": syscall.SIGINT, "KILL": syscall.SIGKILL}
	name := strings.Join(args, "")
	if name == "" {
		name = "TERM"
	}
	if neg || signals[name] == 0 || server.process == nil {
		ts.Fatalf("usage: shutdown [TERM|INT|KILL], after start")
	}
	ts.Check(server.process.Process.Signal(signals[name]))
	server.end(ts, "SIG"+name)
}

func gone(ts *testscript.TestScript, neg bool, args []string) {
	server := ts.Value(serverKey{}).(*running)
	if neg || len(args) > 0 || server.process == nil {
		ts.Fatalf("usage: gone, after start")
	}
	server.end(ts, "ended by itself")
}

// end waits until the server has ended, with 0 unless it was killed.
func (server *running) end(ts *testscript.TestScript, why string) {
	_, err := io.Copy(io.Discard, server.stderr)
	ts.Check(err)
	err = server.process.Wait()
	server.process = nil
	ts.Check(os.WriteFile(ts.MkAbs("log"), server.log.Bytes(), 0o600))
	if err != nil && why != "SIGKILL" {
		ts.Fatalf("%s: %v; standard error:\n%s", why, err, &server.log)
	}
}

func mode(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: mode MODE FILE")
	}
	info, err := os.Stat(ts.MkAbs(args[1]))
	ts.Check(err)
	if got := fmt.Sprintf("%04o", info.Mode().Perm()); got != args[0] {
		ts.Fatalf("%s has mode %s, want %s", args[1], got, args[0])
	}
}

func exits(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: exits CODE COMMAND…")
	}
	err := ts.Exec(args[1], args[2:]...)
	code := 0
	if exit := (*exec.ExitError)(nil); errors.As(err, &exit) {
		code = exit.ExitCode()
	} else {
		ts.Check(err)
	}
	if got := fmt.Sprint(code); got != args[0] {
		ts.Fatalf("exit code %s, want %s", got, args[0])
	}
}

// request is the program request of the scripts. It prints the body and exits with 1
// unless the status is 200. With credentials it signs a token as the SDKs do.
func request() {
	if err := get(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func get(args []string) error {
	r, err := http.NewRequest(http.MethodGet, args[0], nil)
	if err != nil {
		return err
	}
	client := &http.Client{Timeout: time.Minute}
	if len(args) > 1 {
		pool := x509.NewCertPool()
		text, err := os.ReadFile(args[1])
		if err != nil || !pool.AppendCertsFromPEM(text) {
			return fmt.Errorf("%s holds no certificate: %w", args[1], err)
		}
		client.Transport = &http.Transport{TLSClientConfig: &tls.Config{RootCAs: pool}}
	}
	if len(args) > 2 {
		token, err := sign(args[2])
		if err != nil {
			return err
		}
		r.Header.Set("Authorization", "Bearer "+token)
	}
	answer, err := client.Do(r)
	if err != nil {
		return err
	}
	defer answer.Body.Close()
	if answer.StatusCode != http.StatusOK {
		return fmt.Errorf("%s", answer.Status)
	}
	_, err = io.Copy(os.Stdout, answer.Body)
	return err
}

func post() {
	r, err := http.NewRequest(http.MethodPost, os.Args[1], nil)
	if err == nil {
		r.Header.Set("Authorization", "Bearer "+os.Getenv("VOXEMU_CONTROL_TOKEN"))
		var answer *http.Response
		if answer, err = http.DefaultClient.Do(r); err == nil && answer.StatusCode != http.StatusOK {
			err = errors.New(answer.Status)
		}
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func sign(credentialsFile string) (string, error) {
	text, err := os.ReadFile(credentialsFile)
	if err != nil {
		return "", err
	}
	var credentials struct {
		AccountID  int64  `json:"account_id"`
		KeyID      string `json:"key_id"`
		PrivateKey string `json:"private_key"`
	}
	if err := json.Unmarshal(text, &credentials); err != nil {
		return "", err
	}
	key, err := jwt.ParseRSAPrivateKeyFromPEM([]byte(credentials.PrivateKey))
	if err != nil {
		return "", err
	}
	now := time.Now()
	token := jwt.NewWithClaims(jwt.SigningMethodRS256, jwt.MapClaims{
		"iss": credentials.AccountID, "iat": now.Unix(), "exp": now.Add(time.Hour).Unix(),
	})
	token.Header["kid"] = credentials.KeyID
	return token.SignedString(key)
}
