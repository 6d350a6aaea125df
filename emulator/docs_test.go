package emulator_test

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// A fenced block whose first line names a file is a part of that file.
func TestWhatThePagesQuoteStandsInTheFiles(t *testing.T) {
	pages, err := filepath.Glob("../docs/*.md")
	pages = append(pages, "../README.md")
	if err != nil || len(pages) < 2 {
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

// The patch of the recipe for a kind of row touches the files that its page lists, at
// most four, and fits them as they are. CI applies it and runs tests.
func TestTheRecipeForAKindOfRowFitsTheFiles(t *testing.T) {
	page, patch := sourceText(t, "../docs/adding-a-row-kind.md"), sourceText(t, "../docs/adding-a-row-kind.patch")
	var touched, listed []string
	for _, change := range strings.Split("\n"+patch, "\ndiff --git a/")[1:] {
		name, _, _ := strings.Cut(change, " ")
		touched = append(touched, name)
		if strings.Contains(change, "\nnew file mode") {
			if _, err := os.Stat(filepath.Join("..", name)); err == nil {
				t.Errorf("%s is there already", name)
			}
			continue
		}
		source := sourceText(t, filepath.Join("..", name))
		for _, hunk := range regexp.MustCompile(`(?m)^@@.*\n`).Split(change, -1)[1:] {
			before := regexp.MustCompile(`(?m)^\+.*\n`).ReplaceAllString(hunk+"\n", "")
			before = strings.TrimSpace(regexp.MustCompile(`(?m)^[ -]`).ReplaceAllString(before, ""))
			if !strings.Contains(source, before) {
				t.Errorf("%s does not contain what the patch expects:\n%s", name, before)
			}
		}
	}
	for _, row := range regexp.MustCompile("(?m)^\\| `([^`]+/[^`]+)` \\|").FindAllStringSubmatch(page, -1) {
		listed = append(listed, row[1])
	}
	slices.Sort(listed)
	if diff := cmp.Diff(listed, touched); diff != "" || len(touched) > 4 {
		t.Errorf("the patch touches %d files, want at most 4 (-listed +touched):\n%s", len(touched), diff)
	}
	for _, quoted := range regexp.MustCompile("(?s)```diff\n(.*?)```").FindAllStringSubmatch(page, -1) {
		if !strings.Contains(patch, quoted[1]) {
			t.Errorf("the page quotes what the patch does not contain:\n%s", quoted[1])
		}
	}
}

// Each direct dependency of a module has a line in the tables of docs/contributing.md,
// with its path without github.com and without the version.
func TestEveryDirectDependencyHasAReason(t *testing.T) {
	reasons := sourceText(t, "../docs/contributing.md")
	direct := regexp.MustCompile(`(?m)^(?:\t|require |tool )(?:github\.com/)?(\S+?/\S+?)(?:/v\d+)?(?: v\S+)?$`)
	for _, module := range []string{"..", "../testkit/internal/soak", "../testkit/internal/peers", "../testkit/internal/conformance/generated", "../testkit/internal/conformance/mcp"} {
		found := direct.FindAllStringSubmatch(sourceText(t, filepath.Join(module, "go.mod")), -1)
		if len(found) == 0 {
			t.Errorf("%s/go.mod: no direct dependency was found", module)
		}
		for _, dependency := range found {
			if !strings.Contains(reasons, "\n| "+dependency[1]+" |") {
				t.Errorf("docs/contributing.md has no line for %s of %s/go.mod", dependency[1], module)
			}
		}
	}
}

func sourceText(t *testing.T, path string) string {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}
