package scenarios_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/voxemu/voxemu/scenarios"
)

// Each block of README.md and docs/ marked yaml is a scenario, alone or merged over demo.
func TestTheScenariosOfThePagesAreValid(t *testing.T) {
	pages, err := filepath.Glob("../docs/*.md")
	if err != nil {
		t.Fatal(err)
	}
	demo, _ := scenarios.Builtin("demo")
	found := 0
	for _, page := range append(pages, "../README.md") {
		text, err := os.ReadFile(page)
		if err != nil {
			t.Fatal(err)
		}
		for _, part := range strings.Split(string(text), "```yaml\n")[1:] {
			part, _, _ := strings.Cut(part, "```")
			found++
			if strings.Contains("\n"+part, "\nextends: ") {
				_, err = scenarios.Read(source("page", part))
			} else {
				_, err = scenarios.Read(source("demo", string(demo)), source("page", part))
			}
			if err != nil {
				t.Errorf("%s: %v", page, err)
			}
		}
	}
	if found == 0 {
		t.Error("no page has a scenario")
	}
}

func TestRegistrarAndClockSurviveARoundTrip(t *testing.T) {
	first, err := scenarios.Read(source("f", base+`
clock: {start: 2026-01-31T12:00:00Z, stopped: true}
registrar:
  delay: 1s
  expires: 30m
  rules:
    - {proxy: "*.example.com", sip_username: "a?", auth_user: "[xy]*", password: "p*", status_code: 403, reason: No, delay: 2s, expires: 60s}
    - {answers: [503, 503, 200]}
registrations:
  - {id: 1, sip_username: a, proxy: b, state: failed, status_code: 503, due: 2026-02-01T00:00:00Z, answers: 2}
  - {id: 2, sip_username: a, proxy: b}
`))
	if err != nil {
		t.Fatal(err)
	}
	roundTrip(t, first)
	if rules := first.WithoutSecrets().Registrar.Rules; len(rules) != 1 || len(rules[0].Answers) != 3 {
		t.Errorf("without secrets %+v, want only the rule that asks for no password", rules)
	}
	if len(first.Registrar.Rules) != 2 {
		t.Error("leaving out secrets has changed the scenario")
	}
}
