package main

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// The recipes of docs/ci.md run unchanged, in a folder with the files that they use.
func TestTheRecipesForCIRun(t *testing.T) {
	document := file(t, "../../docs/ci.md")
	for _, test := range []struct{ recipe, program, says string }{
		{"voxemu exec --require-faults -- sh test.sh", "sh", "as expected\nas expected\n"},
		{"voxemu exec -- npm test", "npm", "# pass 1"},
		{"voxemu exec --scenario low-balance -- pytest", "pytest", "1 passed"},
	} {
		t.Run(test.program, func(t *testing.T) {
			if !strings.Contains(document, "\n"+test.recipe+"\n") {
				t.Fatal("docs/ci.md has no such recipe")
			}
			if _, err := exec.LookPath(test.program); err != nil {
				if os.Getenv("VOXEMU_CI") != "" { // .ci/run installs all of them
					t.Fatal(err)
				}
				t.Skip("not installed here")
			}
			out, err := runRecipe(t, document, test.recipe)
			if err != nil || !strings.Contains(out, test.says) {
				t.Errorf("error %v, want %q in:\n%s", err, test.says, out)
			}
		})
	}
}

// runRecipe runs a recipe with voxemu and curl in the PATH.
func runRecipe(t *testing.T, document, recipe string) (string, error) {
	t.Helper()
	dir := t.TempDir()
	for name, text := range map[string]string{
		"test.sh":               block(t, document, "sh", "# test.sh"),
		"provisioning.test.mjs": block(t, document, "js", "// provisioning.test.mjs"),
		"test_provisioning.py":  block(t, document, "python", "# test_provisioning.py"),
		"package.json":          `{"scripts": {"test": "node --test"}}`,
	} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	command := exec.CommandContext(t.Context(), "sh", "-c", recipe)
	command.Dir = dir
	command.Env = append(os.Environ(), "PATH="+programs(t)+string(os.PathListSeparator)+os.Getenv("PATH"), "GORACE=atexit_sleep_ms=0")
	out, err := command.CombinedOutput()
	return string(out), err
}

// block returns the block of a document that is in a language and begins with a line.
func block(t *testing.T, document, language, first string) string {
	t.Helper()
	_, after, ok := strings.Cut(document, "\n```"+language+"\n"+first+"\n")
	text, _, ok2 := strings.Cut(after, "\n```\n")
	if !ok || !ok2 {
		t.Fatalf("no part %s begins with %s", language, first)
	}
	return text + "\n"
}

func TestTheImageIsHealthyWhenAnEmulatorAnswers(t *testing.T) {
	found := regexp.MustCompile(`\nHEALTHCHECK .* CMD (\[.*\])\n`).FindStringSubmatch(file(t, "../../docs/Dockerfile"))
	if found == nil {
		t.Fatal("docs/Dockerfile has no HEALTHCHECK")
	}
	var command []string
	if err := json.Unmarshal([]byte(found[1]), &command); err != nil {
		t.Fatal(err)
	}
	t.Setenv(hostVar, started(t).URL())
	var said strings.Builder
	if code := run(command[1:], &said, &said); command[0] != "/voxemu" || code != exitFine {
		t.Errorf("%q: exit code %d\n%s", command, code, said.String())
	}
}

// The tests in docs/python.md and docs/node.md pass with the kits and the official SDKs,
// which make conformance installs.
func TestTheTestsOfThePagesPassWithTheSDKs(t *testing.T) {
	judges, err := filepath.Abs("../../testkit/internal/conformance")
	if err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct{ page, language, comment, name, needs, command, says string }{
		{"python.md", "python", "# ", "test_provisioning.py", "python/venv/lib/python*/site-packages", "pytest -p voxemu._pytest", "4 passed"},
		{"node.md", "js", "// ", "provisioning.test.mjs", "node/node_modules", "node --test", "# pass 3"},
	} {
		t.Run(test.page, func(t *testing.T) {
			installed, err := filepath.Glob(filepath.Join(judges, test.needs))
			if err != nil {
				t.Fatal(err)
			}
			program, _, _ := strings.Cut(test.command, " ")
			if _, err := exec.LookPath(program); err != nil || len(installed) == 0 {
				if os.Getenv("VOXEMU_CI") != "" { // in .ci/run, make conformance comes before the tests
					t.Fatal(err, installed)
				}
				t.Skip("not installed here")
			}
			shell := newShell(t)
			kits, err := filepath.Abs("../../testkit")
			if err != nil {
				t.Fatal(err)
			}
			shell.write(t, test.name, block(t, file(t, "../../docs/"+test.page), test.language, test.comment+test.name))
			link(t, installed[0], shell.dir, "node_modules/@voximplant", "@voximplant")
			link(t, kits, shell.dir, "node_modules/@voxemu/voxemu", "node")
			shell.env = append(shell.env, "PYTHONPATH="+kits+"/python:"+installed[0])
			// Each test has an emulator of its own, not that of the page.
			out, err := shell.run("unset VOXIMPLANT_EMULATOR_HOST; VOXEMU_BINARY=$(command -v voxemu) " + test.command)
			if err != nil || !strings.Contains(out, test.says) {
				t.Errorf("error %v, want %q in:\n%s", err, test.says, out)
			}
		})
	}
}

// link links name in dir to a path in a folder.
func link(t *testing.T, folder, dir, name, path string) {
	t.Helper()
	at := filepath.Join(dir, name)
	err := os.MkdirAll(filepath.Dir(at), 0o755)
	if err == nil {
		err = os.Symlink(filepath.Join(folder, path), at)
	}
	if err != nil {
		t.Fatal(err)
	}
}
