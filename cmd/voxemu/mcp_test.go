package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
)

// session is a client of voxemu mcp, which speaks to it in lines of JSON.
type session struct {
	in    io.WriteCloser
	out   *bufio.Reader
	ended <-chan int // receives the exit code
}

func agentSession(t *testing.T) session {
	t.Helper()
	fromClient, toServer := io.Pipe()
	fromServer, toClient := io.Pipe()
	codes := make(chan int, 1)
	go func() {
		codes <- runWith(t.Context(), []string{"mcp"}, fromClient, toClient, io.Discard)
		_ = toClient.Close()
	}()
	s := session{toServer, bufio.NewReader(fromServer), codes}
	s.request(t, "initialize", map[string]any{"protocolVersion": "2025-11-25", "capabilities": map[string]any{}, "clientInfo": map[string]any{"name": "test", "version": "1"}}, nil)
	return s
}

// request sends a request and reads the result into out.
func (s session) request(t *testing.T, method string, parameters map[string]any, out any) {
	t.Helper()
	if err := json.NewEncoder(s.in).Encode(map[string]any{"jsonrpc": "2.0", "id": 1, "method": method, "params": parameters}); err != nil {
		t.Fatal(err)
	}
	line, err := s.out.ReadBytes('\n')
	if err != nil {
		t.Fatal(err)
	}
	var reply struct{ Result json.RawMessage }
	if err := json.Unmarshal(line, &reply); err != nil || reply.Result == nil {
		t.Fatalf("%s: %s", method, line)
	}
	if out != nil {
		if err := json.Unmarshal(reply.Result, out); err != nil {
			t.Fatalf("%s: %v in %s", method, err, line)
		}
	}
}

type toolInput map[string]any

// useTool returns what a tool prints, and whether it failed.
func useTool(t *testing.T, s session, name string, input toolInput) (text string, failed bool) {
	t.Helper()
	var result struct {
		Content []struct{ Type, Text string }
		IsError bool
	}
	s.request(t, "tools/call", map[string]any{"name": name, "arguments": input}, &result)
	if len(result.Content) != 1 || result.Content[0].Type != "text" {
		t.Fatalf("%s: no text in %+v", name, result)
	}
	return result.Content[0].Text, result.IsError
}

func TestAnAgentStartsLoadsBreaksWatchesVerifiesAndAdvances(t *testing.T) {
	session := agentSession(t)
	var tools struct{ Tools []struct{ Name string } }
	session.request(t, "tools/list", nil, &tools)
	var names []string
	for _, tool := range tools.Tools {
		names = append(names, tool.Name)
	}
	for _, name := range []string{"start", "load", "requests", "explain", "faults", "faults_add", "advance", "verify"} {
		if !slices.Contains(names, name) {
			t.Errorf("no tool %s: %v", name, names)
		}
	}
	variables, failed := useTool(t, session, "start", toolInput{})
	host := valueOf(variables, "VOXIMPLANT_EMULATOR_HOST")
	if failed || host == "" || valueOf(variables, "NODE_EXTRA_CA_CERTS") == "" {
		t.Fatalf("start: %s", variables)
	}
	// The words are those of the command.
	same := func(name string, input toolInput, fails bool, args ...string) {
		t.Helper()
		got, failed := useTool(t, session, name, input)
		var want bytes.Buffer
		run(append(args, "--host", host), &want, &want)
		if failed != fails || got != strings.TrimRight(want.String(), "\n") {
			t.Errorf("%s: failed %v:\n%s\nthe command says:\n%s", name, failed, got, want.String())
		}
	}
	says := func(name string, input toolInput, fails bool, want string) {
		t.Helper()
		if got, failed := useTool(t, session, name, input); failed != fails || !strings.Contains(got, want) {
			t.Errorf("%s: failed %v:\n%s\nwant: %s", name, failed, got, want)
		}
	}
	says("load", toolInput{"arguments": []string{"demo", "-"}, "stdin": "billing: {monthly_fee: 2.00}"}, false, "loaded demo")
	says("faults_add", toolInput{"arguments": []string{"{name: poor, when: {method: CreateSipRegistration}, then: {api_error: INSUFFICIENT_MONEY}, times: 1}"}}, false, "armed poor")
	for range 2 {
		reply, err := http.PostForm("http://"+host+"/platform_api/CreateSipRegistration", url.Values{
			"account_id": {"1"}, "api_key": {"demo-key"}, "sip_username": {"a"}, "proxy": {"sip.example.com"},
		})
		if err != nil {
			t.Fatal(err)
		}
		_ = reply.Body.Close()
	}
	same("requests", toolInput{"method": "CreateSipRegistration"}, false, "requests", "--method", "CreateSipRegistration")
	same("faults", toolInput{}, false, "faults")
	same("verify", toolInput{"method": "CreateSipRegistration", "times": "2", "account": 1}, false, "verify", "--method", "CreateSipRegistration", "--times", "2")
	same("verify", toolInput{"parameter": []string{"proxy=pbx.example.com"}}, true, "verify", "--parameter", "proxy=pbx.example.com")
	same("report", toolInput{}, false, "report")
	says("advance", toolInput{"arguments": []string{"31d"}}, false, "now ")
	says("explain", toolInput{"arguments": []string{"CreateSipRegistration", "sip_username=a", "proxy=sip-403.test"}}, false, "403 Forbidden")
	says("reset", toolInput{"account": "1"}, false, "reset")

	// What is wrong is said, and nothing is changed.
	says("requests", toolInput{"colour": "red"}, true, "no such property: colour; known here: ")
	says("requests", toolInput{"code": toolInput{}}, true, "code: want a text, a number, true or false")
	says("advance", toolInput{"arguments": []string{"--host=127.0.0.1:1"}}, true, "Run 'voxemu advance --help' for usage.")
	says("advance", toolInput{"arguments": []string{"soon"}}, true, "soon")
	says("load", toolInput{"arguments": []string{"nobody"}}, true, `scenario "nobody" is neither a file nor built in`)
	says("start", toolInput{"scenario": []string{"nobody"}}, true, "nobody")
	says("start", toolInput{"colour": "red"}, true, "start: no such property: colour; known here: scenario")
	says("requests", toolInput{}, false, "CreateSipRegistration") // the emulator is the same

	says("start", toolInput{"scenario": []string{"empty"}}, false, "VOXIMPLANT_EMULATOR_HOST=")
	if reply, err := http.Get("http://" + host); err == nil {
		_ = reply.Body.Close()
		t.Error("the first emulator still answers")
	}
	if err := session.in.Close(); err != nil {
		t.Error(err)
	}
	if code := <-session.ended; code != 0 {
		t.Errorf("exit code %d, want 0", code)
	}
}

func valueOf(variables, name string) string {
	for line := range strings.Lines(variables) {
		if value, ok := strings.CutPrefix(strings.TrimSpace(line), name+"="); ok {
			return value
		}
	}
	return ""
}

// Every command that is a tool exists, and its input can be said.
func TestTheToolsOfAgentsAreCommands(t *testing.T) {
	for _, name := range agentCommands() {
		c, rest, err := newRoot().Find(strings.Fields(name))
		if err != nil || len(rest) > 0 || c.CommandPath() != "voxemu "+name {
			t.Errorf("%s: %v %v %s", name, err, rest, c.CommandPath())
		}
	}
	if _, _, err := arguments(newRoot(), []byte("[]")); err == nil {
		t.Error("a list as input")
	}
}
