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
