package main

import (
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"time"
)

type question struct {
	name         string // create or list
	verb, target string
	body         string // urlencoded
	header       [2]string
	begins       string // start of the expected reply
}

func (q question) path() string {
	path, _, _ := strings.Cut(q.target, "?")
	return path
}

type server struct {
	name    string
	version []string // the command that prints it, or the version itself
	does    string   // how it creates a reply
	command func(port string) []string
	create  question
	list    question
	loaded  func(port string) []string // command for the load, if it differs
	reset   string                     // path that reloads the scenario; empty: none

	address string
	running *exec.Cmd
	started time.Duration
	memory  int64 // resident when idle, bytes; 0: unknown
	results map[string][]measurement
	notRun  string
}

// Credentials of the requests to voxemu.
const credentials = "?account_id=1&api_key=demo-key"

var (
	create = question{name: "create", verb: "POST", target: "/platform_api/CreateSipRegistration" + credentials, body: "sip_username=sales&proxy=sip.example.com&password=secret", begins: `{"result"`}
	list   = question{name: "list", verb: "POST", target: "/platform_api/GetSipRegistrations" + credentials, body: "count=20", begins: `{"result"`}
)

// stripe converts a request for stripe-mock, which supports only Stripe's API.
func stripe(q question, verb, target, body string) question {
	q.verb, q.target, q.body, q.begins = verb, target, body, "{"
	q.header = [2]string{"Authorization", "Bearer sk_test_123"}
	return q
}

// servers returns the servers to measure. Those with constant replies use voxemu's, so
// that all send replies of the same size.
func servers(o options, folder string) ([]*server, error) {
	self, err := os.Executable()
	if err != nil {
		return nil, err
	}
	voxemu := &server{
		name: "voxemu", version: []string{o.binary, "version"}, create: create, list: list, reset: "/_voxemu/reset",
		does:    "validates, charges, stores, journals; lists 20 of 1,000 rows",
		command: func(port string) []string { return voxemuCommand(o, port, "demo") },
		loaded:  func(port string) []string { return voxemuCommand(o, port, filepath.Join(folder, "scenario.yaml")) },
	}
	if err := writeScenario(folder); err != nil {
		return nil, err
	}
	if err := keepAnswers(voxemu, folder); err != nil {
		return nil, err
	}
	jar, err := filepath.Glob("node_modules/wiremock/build/*.jar")
	if err != nil {
		return nil, err
	}
	return []*server{
		{name: "net/http", version: []string{runtime.Version()}, does: "reads the body and writes a constant: the floor", create: create, list: list,
			command: func(port string) []string { return []string{self, "floor", folder, "127.0.0.1:" + port} }},
		voxemu,
		{name: "stripe-mock", version: []string{"go", "list", "-m", "-f", "{{.Version}}", "github.com/stripe/stripe-mock"},
			does:   "validates and writes a fixture of Stripe's API; nothing is stored",
			create: stripe(create, "POST", "/v1/customers", "email=sales%40example.com&name=sales"), list: stripe(list, "GET", "/v1/customers?limit=20", ""),
			command: func(port string) []string { return []string{"bin/stripe-mock", "-http-port", port} }},
		{name: "WireMock", version: npmVersion("wiremock"), does: "matches the path, writes a constant, journals", create: create, list: list,
			command: func(port string) []string {
				return []string{"java", "-jar", strings.Join(jar, ""), "--port", port, "--bind-address", "127.0.0.1", "--root-dir", folder, "--disable-banner"}
			}},
		{name: "Mockoon", version: npmVersion("@mockoon/cli"), does: "matches the path, writes a constant", create: create, list: list,
			command: func(port string) []string {
				return []string{"node_modules/.bin/mockoon-cli", "start", "--data", filepath.Join(folder, "mockoon.json"), "--hostname", "127.0.0.1", "--port", port, "--disable-log-to-file"}
			}},
		{name: "Prism", version: npmVersion("@stoplight/prism-cli"), does: "validates against voxemu's openapi.yaml, writes its example", create: create, list: list,
			command: func(port string) []string {
				return []string{"node_modules/.bin/prism", "mock", "../../../openapi.yaml", "-h", "127.0.0.1", "-p", port, "--verboseLevel", "silent"}
			}},
	}, nil
}

func npmVersion(name string) []string {
	text, err := os.ReadFile(filepath.Join("node_modules", name, "package.json"))
	var about struct{ Version string }
	if err != nil || json.Unmarshal(text, &about) != nil {
		return []string{"?"}
	}
	return []string{about.Version}
}

func voxemuCommand(o options, port, scenario string) []string {
	return []string{o.binary, "serve", "--addr", "127.0.0.1:" + port, "--tls-addr", "127.0.0.1:0", "--log-level", "error", "--scenario", scenario}
}

// writeScenario writes an account with 1,000 registrations and enough money for more.
func writeScenario(folder string) error {
	var out strings.Builder
	out.WriteString("accounts: [{id: 1, name: demo, api_key: demo-key, balance: 900000000}]\nregistrations:\n")
	for i := range 1000 {
		fmt.Fprintf(&out, "- {id: %d, sip_username: user%d, proxy: sip.example.com, state: successful, status_code: 200}\n", i+1, i+1)
	}
	return os.WriteFile(filepath.Join(folder, "scenario.yaml"), []byte(out.String()), 0o644)
}

func (s *server) questions() []question { return []question{s.list, s.create} }

func (s *server) add(q question, m measurement) {
	if s.results == nil {
		s.results = map[string][]measurement{}
	}
	s.results[q.name] = append(s.results[q.name], m)
}

func (s *server) versionText() string {
	if len(s.version) < 2 {
		return strings.Join(s.version, "")
	}
	text, err := exec.Command(s.version[0], s.version[1:]...).Output()
	if err != nil {
		return "?"
	}
	return strings.TrimSpace(strings.TrimPrefix(string(text), "voxemu version "))
}
