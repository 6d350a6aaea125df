package emulator_test

import (
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/voxemu/voxemu/emulator/internal/contract"
	"github.com/voxemu/voxemu/emulator/internal/store"
)

// A fenced block whose first line names a file is a part of that file.
func TestWhatThePagesQuoteStandsInTheFiles(t *testing.T) {
	pages, err := filepath.Glob("../docs/*.md")
	if err != nil || len(pages) == 0 {
		t.Fatal(pages, err)
	}
	block := regexp.MustCompile("(?s)```(?:go|yaml) (\\S+)\n(.*?)\n```")
	for _, page := range pages {
		text, err := os.ReadFile(page)
		if err != nil {
			t.Fatal(err)
		}
		for _, quoted := range block.FindAllStringSubmatch(string(text), -1) {
			source, err := os.ReadFile(filepath.Join("..", quoted[1]))
			if err != nil {
				t.Errorf("%s: %v", page, err)
			}
			if !strings.Contains(string(source), quoted[2]) {
				t.Errorf("%s quotes what %s does not contain:\n%s", page, quoted[1], quoted[2])
			}
		}
	}
}

// The worked example is the whole difference between an emulator with the method
// GetKeys and one without: what it adds stands in the files, and without it the
// specification is whole but for this method.
func TestTheWorkedExampleIsAllThatAMethodNeeds(t *testing.T) {
	page, err := os.ReadFile("../docs/adding-a-method.md")
	if err != nil {
		t.Fatal(err)
	}
	before := map[string]string{}
	for _, block := range regexp.MustCompile("(?s)```diff\ndiff --git a/(\\S+) .*?\n(@@.*?)\n```").FindAllStringSubmatch(string(page), -1) {
		before[block[1]] = takenBack(t, block[1], block[2])
	}
	const file, table, spec = "emulator/internal/accounts/getkeys.go", "emulator/server.go", "openapi.yaml"
	if diff := cmp.Diff([]string{file, table, spec}, slices.Sorted(maps.Keys(before))); diff != "" {
		t.Fatalf("files of the example (-want +got):\n%s", diff)
	}
	if before[file] != "" {
		t.Errorf("%s is not shown whole; the rest:\n%s", file, before[file])
	}
	now, err := os.ReadFile("../" + table)
	if err != nil || strings.Count(string(now), "\n") != strings.Count(before[table], "\n")+1 {
		t.Errorf("%v: %s differs by more than a line", err, table)
	}
	without, err := contract.Compile([]byte(before[spec]), store.Filters())
	if err != nil {
		t.Fatal(err)
	}
	if _, has := without.Method("GetKeys"); has || !without.NotEmulated("GetKeys") || len(without.Methods()) != len(specification(t).Methods())-1 {
		t.Error("without the example there must be one method less, GetKeys, which is known by name only")
	}
}

// takenBack is a file of the repository without the changes of some hunks. Where
// they stand is judged by their text, which must be there once: line numbers grow
// old.
func takenBack(t *testing.T, path, hunks string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("..", path))
	if err != nil {
		t.Fatal(err)
	}
	whole := string(text)
	for _, hunk := range regexp.MustCompile(`(?m)^@@.*\n`).Split(hunks, -1)[1:] {
		var old, now strings.Builder
		for line := range strings.Lines(strings.TrimSuffix(hunk, "\n") + "\n") {
			if !strings.HasPrefix(line, "+") {
				old.WriteString(line[1:])
			}
			if !strings.HasPrefix(line, "-") {
				now.WriteString(line[1:])
			}
		}
		if n := strings.Count(whole, now.String()); n != 1 {
			t.Fatalf("%s has this %d times, want once: bring docs/adding-a-method.md up to date\n%s", path, n, now.String())
		}
		whole = strings.Replace(whole, now.String(), old.String(), 1)
	}
	return whole
}

// A direct dependency of any module has a line in the README's tables: its path
// without github.com and without the version.
func TestTheREADMENamesEveryDirectDependency(t *testing.T) {
	readme := sourceText(t, "../README.md")
	direct := regexp.MustCompile(`(?m)^(?:\t|require |tool )(?:github\.com/)?(\S+?/\S+?)(?:/v\d+)?(?: v\S+)?$`)
	for _, module := range []string{"..", "../testkit/internal/soak", "../testkit/internal/peers", "../testkit/internal/conformance/generated"} {
		found := direct.FindAllStringSubmatch(sourceText(t, filepath.Join(module, "go.mod")), -1)
		if len(found) == 0 {
			t.Errorf("%s/go.mod: no direct dependency was found", module)
		}
		for _, dependency := range found {
			if !strings.Contains(readme, "\n| "+dependency[1]+" |") {
				t.Errorf("README.md has no line for %s of %s/go.mod", dependency[1], module)
			}
		}
	}
}
