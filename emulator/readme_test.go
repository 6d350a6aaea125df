package emulator_test

import (
	"encoding/json"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// addedFilter tells this test's child that it is built with the README's diff.
const addedFilter = "VOXEMU_TEST_ADDED_FILTER"

// The diff with which the README adds a filter is laid over the sources of a
// second build of this test, which then asks with the filter.
func TestTheREADMEAddsAFilterThatWorks(t *testing.T) {
	if os.Getenv(addedFilter) != "" {
		text := answer(t, newServer(t).Handler(), get("GetSipRegistrations", url.Values{"auth_user": {"dagny.taggart"}}))
		if !strings.Contains(text, `"auth_user":"dagny.taggart"`) || !strings.Contains(text, `"count":1}`) {
			t.Errorf("want the one registration that has the value: %s", text)
		}
		return
	}
	command := exec.Command("go", "test", "-vet=off", "-overlay", overlay(t), "-run", "^"+t.Name()+"$", ".")
	command.Env = append(os.Environ(), addedFilter+"=1")
	if out, err := command.CombinedOutput(); err != nil {
		t.Errorf("%v\n%s", err, out)
	}
}

// overlay applies the diff to copies of its files and tells the go command where
// they are.
func overlay(t *testing.T) string {
	t.Helper()
	readme := sourceText(t, "../README.md")
	_, diff, ok := strings.Cut(readme, "<!-- a filter")
	_, diff, ok2 := strings.Cut(diff, "```diff\n")
	diff, _, ok3 := strings.Cut(diff, "```\n")
	if !ok || !ok2 || !ok3 {
		t.Fatal("README.md lacks the diff that adds a filter")
	}
	replaced := map[string]string{}
	for _, part := range strings.Split(diff, "--- a/")[1:] {
		name, _, _ := strings.Cut(part, "\n")
		path, err := filepath.Abs(filepath.Join("..", name))
		if err != nil {
			t.Fatal(err)
		}
		replaced[path] = filepath.Join(t.TempDir(), filepath.Base(name))
		write(t, replaced[path], patched(t, sourceText(t, path), part))
	}
	list, err := json.Marshal(map[string]any{"Replace": replaced})
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "overlay.json")
	write(t, path, string(list))
	return path
}

// patched applies the one hunk of a file's diff.
func patched(t *testing.T, text, diff string) string {
	t.Helper()
	_, hunk, _ := strings.Cut(diff, " @@\n")
	var before, after strings.Builder
	for line := range strings.Lines(hunk) {
		switch line[0] {
		case ' ':
			before.WriteString(line[1:])
			after.WriteString(line[1:])
		case '+':
			after.WriteString(line[1:])
		case '-':
			before.WriteString(line[1:])
		}
	}
	if n := strings.Count(text, before.String()); n != 1 {
		t.Fatalf("the diff's context occurs %d times, want once:\n%s", n, before.String())
	}
	return strings.Replace(text, before.String(), after.String(), 1)
}

func sourceText(t *testing.T, path string) string {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func write(t *testing.T, path, text string) {
	t.Helper()
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}
