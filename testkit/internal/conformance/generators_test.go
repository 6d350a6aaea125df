package main

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// The commands of docs/clients.md are those that the judges run, apart from the names of
// files and from settings of the programs.
func TestThePageOfClientsShowsTheCommandsOfTheJudges(t *testing.T) {
	page, err := os.ReadFile("../../../docs/clients.md")
	if err != nil {
		t.Fatal(err)
	}
	scripts := ""
	for _, path := range must(filepath.Glob("generators/*.sh")) {
		text := strings.NewReplacer(`"$TOOLS"/venv/bin/`, "", `"$API"`, "openapi.yaml", "$GENERATE", "openapi-generator-cli generate").Replace(string(must(os.ReadFile(path))))
		scripts += text
	}
	commands := regexp.MustCompile("(?m)^\\| [A-Za-z]+ \\| `([^` ]+ [^`]+)`").FindAllStringSubmatch(string(page), -1)
	if len(commands) < 7 {
		t.Errorf("%d commands are on the page", len(commands))
	}
	for _, command := range commands {
		if !strings.Contains(scripts, command[1]) {
			t.Errorf("no judge runs %s", command[1])
		}
	}
}

func TestEachGeneratorHasItsScriptAndItsVersions(t *testing.T) {
	pinned := versions("generators")
	for _, g := range generators {
		if !exists(filepath.Join("generators", g.name+".sh")) {
			t.Errorf("%s has no script", g.name)
		}
		for name := range strings.FieldsSeq(g.packages) {
			if pinned[name] == "" {
				t.Errorf("%s: no version of %s is pinned", g.name, name)
			}
		}
	}
	if scripts := must(filepath.Glob("generators/*.sh")); len(scripts) != len(generators) {
		t.Errorf("%d scripts, %d generators", len(scripts), len(generators))
	}
}

func must[T any](value T, err error) T {
	if err != nil {
		panic(err)
	}
	return value
}
