// Command docs writes the parts of pages that repeat code, measurements and the
// specification. Run it in the project's folder:
//
//	go run ./testkit/internal/docs          rewrites the pages
//	go run ./testkit/internal/docs -check   lists those that are out of date, exit status 1
package main

import (
	"bytes"
	"flag"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
)

func main() {
	check := flag.Bool("check", false, "write nothing; fail when a page is out of date")
	flag.Parse()
	stale, err := update(*check)
	if err != nil {
		fmt.Fprintln(os.Stderr, "docs:", err)
		os.Exit(1)
	}
	if len(stale) > 0 && *check {
		fmt.Fprintf(os.Stderr, "docs: out of date: %v; run make golden\n", stale)
		os.Exit(1)
	}
}

// update compares files with their generated texts, and writes the changed ones unless
// check is true. It returns the names of files that differ.
func update(check bool) ([]string, error) {
	files, err := generated()
	if err != nil {
		return nil, err
	}
	var stale []string
	for _, name := range slices.Sorted(maps.Keys(files)) {
		have, err := os.ReadFile(name)
		if err == nil && bytes.Equal(have, []byte(files[name])) {
			continue
		}
		stale = append(stale, name)
		if !check {
			if err := os.WriteFile(name, []byte(files[name]), 0o644); err != nil {
				return nil, err
			}
		}
	}
	return stale, nil
}

// generated returns the text of each file that is generated, entirely or in parts.
func generated() (map[string]string, error) {
	m, err := readMeasurements("docs/performance.txt")
	if err != nil {
		return nil, err
	}
	coverage, err := coveragePage()
	if err != nil {
		return nil, err
	}
	exported, err := apiText(os.DirFS("."))
	if err != nil {
		return nil, err
	}
	files := map[string]string{"docs/api.txt": exported, "docs/coverage.md": coverage, "docs/layers.svg": layersPicture(), "docs/performance.svg": m.plot()}
	types, err := kitTypes()
	if err != nil {
		return nil, err
	}
	maps.Copy(files, types)
	parts, err := parts(m)
	if err != nil {
		return nil, err
	}
	pages, err := filepath.Glob("docs/*.md")
	if err != nil {
		return nil, err
	}
	used := map[string]bool{}
	for _, page := range append(pages, "README.md") {
		if _, whole := files[page]; whole {
			continue
		}
		text, err := os.ReadFile(page)
		if err != nil {
			return nil, err
		}
		if files[page], err = replaceParts(page, string(text), parts, used); err != nil {
			return nil, fmt.Errorf("%s: %w", page, err)
		}
	}
	for name := range parts {
		if !used[name] {
			return nil, fmt.Errorf("no page has the part <!-- %s -->", name)
		}
	}
	return files, nil
}
