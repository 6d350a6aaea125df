// Package mcp_test lets the official SDK of the Model Context Protocol use voxemu mcp.
package mcp_test

import (
	"errors"
	"flag"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/modelcontextprotocol/go-sdk/jsonrpc"
	"github.com/modelcontextprotocol/go-sdk/mcp"
)

var binary = flag.String("binary", "../../../../bin/voxemu", "the program to test")

// agent is a client and the process of the server.
type agent struct {
	*testing.T
	session *mcp.ClientSession
	binary  string
}

// start starts voxemu mcp and connects a client of a version of the protocol.
func start(t *testing.T, version string) agent {
	t.Helper()
	path, err := filepath.Abs(*binary)
	if err != nil {
		t.Fatal(err)
	}
	command := exec.Command(path, "mcp")
	command.Env = append(os.Environ(), "VOXEMU_CONFIG_DIR="+t.TempDir())
	command.Stderr = os.Stderr
	client := mcp.NewClient(&mcp.Implementation{Name: "test", Version: "1"}, nil)
	session, err := client.Connect(t.Context(), &mcp.CommandTransport{Command: command}, &mcp.ClientSessionOptions{ProtocolVersion: version})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := session.Close(); err != nil { // waits for the process, and returns how it ended
			t.Errorf("the end of the session: %v", err)
		}
	})
	if got := session.InitializeResult(); got.ProtocolVersion != version || got.ServerInfo.Name != "voxemu" || got.ServerInfo.Version == "" || got.Instructions == "" {
		t.Errorf("server: %+v", got)
	}
	return agent{t, session, path}
}

// use calls a tool and returns what it prints, and whether it failed.
func (a agent) use(name string, input map[string]any) (text string, failed bool) {
	a.Helper()
	result, err := a.session.CallTool(a.Context(), &mcp.CallToolParams{Name: name, Arguments: input})
	if err != nil {
		a.Fatalf("%s: %v", name, err)
	}
	if len(result.Content) == 1 {
		if text, ok := result.Content[0].(*mcp.TextContent); ok {
			return text.Text, result.IsError
		}
	}
	a.Fatalf("%s: no text in %+v", name, result)
	return "", false
}

// says checks the output of a tool.
func (a agent) says(name string, input map[string]any, fails bool, want string) {
	a.Helper()
	if got, failed := a.use(name, input); failed != fails || !strings.Contains(got, want) {
		a.Errorf("%s: failed %v:\n%s\nwant: %s", name, failed, got, want)
	}
}

// The tools of an agent do and say what the commands do, in each version of the protocol.
func TestAnAgentStartsLoadsBreaksWatchesVerifiesAndAdvances(t *testing.T) {
	for _, version := range []string{"2026-07-28", "2025-11-25", "2025-06-18", "2025-03-26", "2024-11-05"} {
		t.Run(version, func(t *testing.T) {
			a := start(t, version)
			var names []string
			for tool, err := range a.session.Tools(t.Context(), nil) {
				if err != nil {
					t.Fatal(err)
				}
				names = append(names, tool.Name)
				if schema, _ := tool.InputSchema.(map[string]any); schema["type"] != "object" || tool.Description == "" {
					t.Errorf("%s: %v", tool.Name, schema)
				}
			}
			for _, name := range []string{"start", "load", "requests", "explain", "faults", "faults_add", "advance", "verify"} {
				if !slices.Contains(names, name) {
					t.Errorf("no tool %s: %v", name, names)
				}
			}
			variables, failed := a.use("start", map[string]any{})
			_, host, found := strings.Cut(variables, "VOXIMPLANT_EMULATOR_HOST=")
			host, _, _ = strings.Cut(host, "\n")
			if failed || !found || !strings.Contains(variables, "NODE_EXTRA_CA_CERTS=") {
				t.Fatalf("start: %s", variables)
			}
			a.says("load", map[string]any{"arguments": []string{"demo", "-"}, "stdin": "billing: {monthly_fee: 2.00}"}, false, "loaded demo")
			a.says("faults_add", map[string]any{"arguments": []string{"{name: poor, when: {method: CreateSipRegistration}, then: {api_error: INSUFFICIENT_MONEY}, times: 1}"}}, false, "armed poor")
			for range 2 {
				reply, err := http.PostForm("http://"+host+"/platform_api/CreateSipRegistration", url.Values{
					"account_id": {"1"}, "api_key": {"demo-key"}, "sip_username": {"a"}, "proxy": {"sip.example.com"},
				})
				if err != nil {
					t.Fatal(err)
				}
				_ = reply.Body.Close()
			}
			printed, err := exec.Command(a.binary, "requests", "--host", host, "--method", "CreateSipRegistration").CombinedOutput()
			if err != nil {
				t.Fatal(err)
			}
			a.says("requests", map[string]any{"method": "CreateSipRegistration"}, false, strings.TrimSpace(string(printed)))
			a.says("verify", map[string]any{"method": "CreateSipRegistration", "times": "2", "account": 1}, false, "")
			a.says("verify", map[string]any{"parameter": []string{"proxy=pbx.example.com"}}, true, "proxy")
			a.says("advance", map[string]any{"arguments": []string{"31d"}}, false, "now ")
			a.says("requests", map[string]any{"colour": "red"}, true, "no such property: colour")
			a.says("start", map[string]any{"scenario": []string{"empty"}}, false, "VOXIMPLANT_EMULATOR_HOST=")
			if reply, err := http.Get("http://" + host); err == nil {
				_ = reply.Body.Close()
				t.Error("the first emulator still answers")
			}
			_, err = a.session.CallTool(t.Context(), &mcp.CallToolParams{Name: "nobody"})
			if failure := (*jsonrpc.Error)(nil); !errors.As(err, &failure) || failure.Code != jsonrpc.CodeInvalidParams {
				t.Errorf("an unknown tool: %v", err)
			}
			if _, err := a.session.ListResources(t.Context(), nil); err == nil {
				t.Error("resources")
			}
		})
	}
}
