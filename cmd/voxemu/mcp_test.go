package main

import (
	"bytes"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/modelcontextprotocol/go-sdk/mcp"
)

// agentSession connects a client to voxemu mcp by its standard input and output. ended
// receives the exit code when the client has closed them.
func agentSession(t *testing.T) (session *mcp.ClientSession, ended <-chan int) {
	t.Helper()
	fromClient, toServer := io.Pipe()
	fromServer, toClient := io.Pipe()
	codes := make(chan int, 1)
	go func() {
		codes <- runWith(t.Context(), []string{"mcp"}, fromClient, toClient, io.Discard)
		_ = toClient.Close()
	}()
	client := mcp.NewClient(&mcp.Implementation{Name: "test"}, nil)
	session, err := client.Connect(t.Context(), &mcp.IOTransport{Reader: fromServer, Writer: toServer}, nil)
	if err != nil {
		t.Fatal(err)
	}
	return session, codes
}

type toolInput map[string]any

// useTool returns what a tool prints, and whether it failed.
func useTool(t *testing.T, session *mcp.ClientSession, name string, input toolInput) (text string, failed bool) {
	t.Helper()
	result, err := session.CallTool(t.Context(), &mcp.CallToolParams{Name: name, Arguments: input})
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	for _, content := range result.Content {
		if text, ok := content.(*mcp.TextContent); ok {
			return text.Text, result.IsError
		}
	}
	t.Fatalf("%s: no text in %+v", name, result)
	return "", false
}

func TestAnAgentStartsLoadsBreaksWatchesVerifiesAndAdvances(t *testing.T) {
	session, ended := agentSession(t)
	tools, err := session.ListTools(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
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
	says("requests", toolInput{}, false, "CreateSipRegistration") // the emulator is the same

	says("start", toolInput{"scenario": []string{"empty"}}, false, "VOXIMPLANT_EMULATOR_HOST=")
	if reply, err := http.Get("http://" + host); err == nil {
		_ = reply.Body.Close()
		t.Error("the first emulator still answers")
	}
	if err := session.Close(); err != nil {
		t.Error(err)
	}
	if code := <-ended; code != 0 {
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
