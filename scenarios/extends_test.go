package scenarios_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/voxemu/voxemu/scenarios"
)

// files are scenarios that extend each other.
func files() fstest.MapFS {
	return fstest.MapFS{
		"base.yaml":         {Data: []byte("accounts: [{id: 1, name: demo}]\napplications: [{id: 10, name: myapp}]\n")},
		"sub/middle.yaml":   {Data: []byte("extends: ../base.yaml\nrules: [{id: 11, application_id: 10, name: in}]\n")},
		"sub/top.yaml":      {Data: []byte("extends: middle.yaml\nrules: [{id: 11, application_id: 10, name: out}]\n")},
		"onto-builtin.yaml": {Data: []byte("extends: demo\nregistrations: [{id: 9, sip_username: a, proxy: b}]\n")},
		"self.yaml":         {Data: []byte("extends: other.yaml\n")},
		"other.yaml":        {Data: []byte("extends: self.yaml\n")},
		"missing.yaml":      {Data: []byte("extends: nowhere.yaml\n")},
		"number.yaml":       {Data: []byte("extends: 7\n")},
	}
}

func TestAScenarioLiesOnTopOfTheOneThatItExtends(t *testing.T) {
	got, err := scenarios.LoadFS(files(), "sub/top.yaml")
	if err != nil {
		t.Fatal(err)
	}
	if len(got.Applications) != 1 || len(got.Rules) != 1 || got.Rules[0].Name != "out" || got.Extends != "" {
		t.Errorf("%+v", got)
	}
}

func TestAScenarioThatLiesThereAlreadyIsNotLaidAgain(t *testing.T) {
	demo, err := scenarios.Load("demo")
	if err != nil {
		t.Fatal(err)
	}
	renamed := fstest.MapFS{
		"renamed.yaml": {Data: []byte("accounts: [{id: 1, name: renamed}]")},
		"onto.yaml":    files()["onto-builtin.yaml"],
	}
	got, err := scenarios.LoadFS(renamed, "demo", "renamed.yaml", "onto.yaml")
	if err != nil {
		t.Fatal(err)
	}
	if got.Accounts[0].Name != "renamed" || len(got.Registrations) != len(demo.Registrations)+1 {
		t.Errorf("account %+v, %d registrations", got.Accounts[0], len(got.Registrations))
	}
}

func TestMistakesInWhatIsExtendedAreNamedWithTheirPlace(t *testing.T) {
	for name, want := range map[string]string{
		"self.yaml":    "other.yaml:1:10: extends: a scenario cannot extend itself: self.yaml, other.yaml, self.yaml",
		"missing.yaml": "missing.yaml:1:10: extends: scenario \"nowhere.yaml\" is neither a readable file",
		"number.yaml":  "number.yaml:1:10: extends: want a text, found a number",
	} {
		_, err := scenarios.LoadFS(files(), name)
		if err == nil || strings.Count(err.Error(), "extends: ") != 2 || !strings.Contains(err.Error(), want) { // and the excerpt
			t.Errorf("%s: %v\nwant %s", name, err, want)
		}
	}
}

func TestTextsAtHandExtendOnlyWhatIsBuiltIn(t *testing.T) {
	path := filepath.Join(t.TempDir(), "secret.yaml")
	if err := os.WriteFile(path, []byte("accounts: [{id: 1, name: demo}]"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := scenarios.Read(source("f", "extends: "+path)); err == nil || !strings.Contains(err.Error(), "is not built in") {
		t.Errorf("a file was read: %v", err)
	}
	if _, err := scenarios.Read(source("f", "extends: empty")); err != nil {
		t.Error(err)
	}
}

func TestEveryBuiltInScenarioSaysWhatItIsFor(t *testing.T) {
	for _, name := range scenarios.Names() {
		scenario, err := scenarios.Load(name)
		if err != nil {
			t.Fatal(err)
		}
		if got := scenarios.Description(name); got == "" || got != scenario.Description {
			t.Errorf("%s: %q, read as a whole %q", name, got, scenario.Description)
		}
	}
	if got := scenarios.Description("nobody"); got != "" {
		t.Errorf("an unknown one: %q", got)
	}
}
