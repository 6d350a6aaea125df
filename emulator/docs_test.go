package emulator_test

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
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

// Each direct dependency of a module has a line in the tables of docs/contributing.md,
// with its path without github.com and without the version.
func TestEveryDirectDependencyHasAReason(t *testing.T) {
	reasons := sourceText(t, "../docs/contributing.md")
	direct := regexp.MustCompile(`(?m)^(?:\t|require |tool )(?:github\.com/)?(\S+?/\S+?)(?:/v\d+)?(?: v\S+)?$`)
	for _, module := range []string{"..", "../testkit/internal/soak", "../testkit/internal/peers", "../testkit/internal/conformance/generated"} {
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
