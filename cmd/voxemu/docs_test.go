package main

import (
	"cmp"
	"context"
	"io/fs"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"

	"github.com/voxemu/voxemu/emulator"
)

// pages returns README.md and docs/*.md by their path in the project's folder.
func pages(t *testing.T) map[string]string {
	t.Helper()
	paths, err := filepath.Glob("../../docs/*.md")
	if err != nil {
		t.Fatal(err)
	}
	text := map[string]string{}
	for _, path := range append(paths, "../../README.md") {
		text[strings.TrimPrefix(filepath.ToSlash(path), "../../")] = file(t, path)
	}
	return text
}

func file(t *testing.T, path string) string {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// fence is a block between ``` and ```: its info string and its lines.
type fence struct{ info, text string }

// fences returns the blocks of a page, in order, including those in lists.
func fences(page string) []fence {
	var found []fence
	for _, block := range regexp.MustCompile("(?ms)^```(.*?)\n(.*?)^```$").FindAllStringSubmatch(page, -1) {
		found = append(found, fence{block[1], block[2]})
	}
	return found
}

// ownTests are the pages with their own tests of examples.
var ownTests = []string{"docs/ci.md"}

// Each block marked sh must run without an error against an emulator with the scenario
// demo, in the order of the page; a block marked "sh fails" must fail. A block marked
// text after it is its expected output, where … matches anything. Blocks that begin with
// "# NAME.yaml" are files in its folder.
func TestTheExamplesOfThePagesRun(t *testing.T) {
	for name, page := range pages(t) {
		if slices.Contains(ownTests, name) {
			continue
		}
		t.Run(filepath.Base(name), func(t *testing.T) {
			t.Parallel()
			if now := withOutputs(t, page); *update && now != page {
				if err := os.WriteFile("../../"+name, []byte(now), 0o644); err != nil {
					t.Fatal(err)
				}
			} else if diff := gocmp.Diff(page, now); diff != "" {
				t.Errorf("%s (-is +should be):\n%s", name, diff)
			}
		})
	}
}

// withOutputs runs the examples of a page and returns the page with their outputs.
func withOutputs(t *testing.T, page string) string {
	t.Helper()
	blocks := fences(page)
	if !slices.ContainsFunc(blocks, func(b fence) bool { return strings.HasPrefix(b.info, "sh") }) {
		return page
	}
	shell := newShell(t)
	for _, b := range blocks {
		if name := regexp.MustCompile(`^# ([\w-]+\.yaml)\b`).FindStringSubmatch(b.text); name != nil {
			shell.write(t, name[1], b.text)
		}
	}
	for i, b := range blocks {
		if b.info != "sh" && b.info != "sh fails" {
			continue
		}
		out, err := shell.run(b.text)
		if failed := err != nil; failed != (b.info == "sh fails") {
			t.Errorf("%v:\n%s%s", err, b.text, out)
		}
		if i+1 == len(blocks) || blocks[i+1].info != "text" || likeness(blocks[i+1].text).MatchString(out) {
			continue
		}
		_, after, _ := strings.Cut(page, b.text)
		old := "```text\n" + blocks[i+1].text + "```"
		page = strings.TrimSuffix(page, after) + strings.Replace(after, old, "```text\n"+out+"```", 1)
	}
	return page
}

// likeness matches the output on a page, where … matches anything.
func likeness(printed string) *regexp.Regexp {
	return regexp.MustCompile(`(?s)^` + strings.ReplaceAll(regexp.QuoteMeta(printed), "…", ".*?") + `$`)
}

// shell runs examples in its own folder, with voxemu, curl and a running emulator.
type shell struct {
	dir       string
	env       []string
	addresses *strings.Replacer // from addresses on the page to real ones
	printed   *strings.Replacer // from real addresses to those on the page
}

func newShell(t *testing.T) shell {
	t.Helper()
	s := shell{dir: t.TempDir()}
	config := filepath.Join(s.dir, "config")
	emu, err := emulator.New(emulator.WithScenario("demo"), emulator.WithListen("127.0.0.1:0", "127.0.0.1:0"), emulator.WithConfigDir(config))
	if err == nil {
		err = emu.Start()
	}
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := emu.Close(context.Background()); err != nil { // t.Context() has ended
			t.Error(err)
		}
	})
	plain, secure := strings.TrimPrefix(emu.URL(), "http://"), strings.TrimPrefix(emu.TLSURL(), "https://")
	s.addresses = strings.NewReplacer("127.0.0.1:15060", plain, "127.0.0.1:15061", secure)
	s.printed = strings.NewReplacer(plain, "127.0.0.1:15060", secure, "127.0.0.1:15061", s.dir, "…")
	s.env = append(os.Environ(), "CURL_CA_BUNDLE=", "SSL_CERT_DIR=", "http_proxy=", "https_proxy=", "all_proxy=", "HTTP_PROXY=", "HTTPS_PROXY=", "ALL_PROXY=",
		"PATH="+programs(t)+string(os.PathListSeparator)+os.Getenv("PATH"), "VOXEMU_CONFIG_DIR="+config,
		hostVar+"="+plain, "GORACE=atexit_sleep_ms=0")
	return s
}

// programs returns a folder with voxemu and curl, which are links to this test.
func programs(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	for _, name := range []string{"voxemu", "curl"} { // TestMain runs the program with this name
		self, err := os.Executable()
		if err == nil {
			err = os.Symlink(self, filepath.Join(dir, name))
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

func (s shell) write(t *testing.T, name, text string) {
	t.Helper()
	if err := os.WriteFile(filepath.Join(s.dir, name), []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

// run returns the output of a script, including standard error.
func (s shell) run(script string) (string, error) {
	command := exec.Command("sh", "-ec", s.addresses.Replace(script))
	command.Dir, command.Env = s.dir, s.env
	out, err := command.CombinedOutput()
	text := s.printed.Replace(string(out))
	if text != "" && !strings.HasSuffix(text, "\n") {
		text += "\n"
	}
	return text, err
}

// Links within the project lead to an existing file, and their fragments to a heading.
func TestLinksOfThePagesLeadSomewhere(t *testing.T) {
	all := pages(t)
	anchors := map[string][]string{}
	for name, page := range all {
		anchors[name] = headings(page)
	}
	label := regexp.MustCompile(`\[([^\]]*)\]\[([^\]]*)\]`)
	link := regexp.MustCompile(`\]\(([^)\s]+)\)|(?m)^\[[^\]]+\]: (\S+)$`)
	for _, name := range slices.Sorted(maps.Keys(all)) {
		text := regexp.MustCompile("`[^`\n]*`").ReplaceAllString(withoutFences(all[name]), "code")
		for _, found := range link.FindAllStringSubmatch(text, -1) {
			target := found[1] + found[2]
			if strings.Contains(target, "://") {
				continue
			}
			path, fragment, _ := strings.Cut(target, "#")
			to := name
			if path != "" {
				to = filepath.ToSlash(filepath.Join(filepath.Dir(name), path))
			}
			if _, err := os.Stat("../../" + to); err != nil {
				t.Errorf("%s links to %s: %v", name, target, err)
			}
			if fragment != "" && !slices.Contains(anchors[to], fragment) {
				t.Errorf("%s links to %s, which has no such heading", name, target)
			}
		}
		for _, found := range label.FindAllStringSubmatch(text, -1) {
			if reference := cmp.Or(found[2], found[1]); !strings.Contains(text, "\n["+reference+"]: ") {
				t.Errorf("%s: the link [%s] has no address", name, reference)
			}
		}
	}
}

// headings are the anchors that GitHub gives a page's headings.
func headings(page string) []string {
	var found []string
	for _, line := range regexp.MustCompile(`(?m)^#{1,6} (.*)$`).FindAllStringSubmatch(withoutFences(page), -1) {
		text := regexp.MustCompile(`\]\([^)]*\)`).ReplaceAllString(line[1], "")
		text = regexp.MustCompile(`[^\p{L}\p{N} _-]`).ReplaceAllString(strings.ToLower(text), "")
		found = append(found, strings.ReplaceAll(text, " ", "-"))
	}
	return found
}

// withoutFences is a page without its blocks of code.
func withoutFences(page string) string {
	return regexp.MustCompile("(?ms)^```.*?^```$").ReplaceAllString(page, "")
}

// The front page is read in one go: its words, tables included, are counted as wc does.
func TestTheFrontPageIsShort(t *testing.T) {
	if n := len(strings.Fields(pages(t)["README.md"])); n > 1200 {
		t.Errorf("README.md has %d words, want at most 1200", n)
	}
}

// The index of docs/ names every page, and every page is short enough to be read;
// those that are made by programs, and the evidence, may be as long as they are.
func TestEveryPageIsShortAndInTheIndex(t *testing.T) {
	long := []string{"docs/evidence.md", "docs/assumptions.md", "docs/coverage.md", "docs/conformance.md"}
	all := pages(t)
	for name, page := range all {
		if n := strings.Count(page, "\n"); n > 200 && !slices.Contains(long, name) {
			t.Errorf("%s has %d lines, want at most 200", name, n)
		}
		base := strings.TrimPrefix(name, "docs/")
		if base != "README.md" && !strings.Contains(all["docs/README.md"], "]("+base+")") {
			t.Errorf("docs/README.md does not name %s", base)
		}
	}
}

// What code, specification and pages cite is in the repository: the headings of
// docs/evidence.md and docs/design-notes.md exist, and nothing else is named.
func TestCitationsLeadToTheEvidence(t *testing.T) {
	all := pages(t)
	anchors := map[string][]string{"evidence": headings(all["docs/evidence.md"]), "design-notes": headings(all["docs/design-notes.md"])}
	cited := regexp.MustCompile(`docs/(evidence|design-notes)\.md#([a-z0-9-]+)`)
	outside := regexp.MustCompile(`\b(facts(-2)?\.md|errors\.tsv|parameters\.tsv|roles\.tsv|spike(-2)?\.md|query-measurements)`)
	err := filepath.WalkDir("../..", func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() && (entry.Name() == ".git" || entry.Name() == "node_modules" || entry.Name() == "venv") {
			return cmp.Or(err, fs.SkipDir)
		}
		if !slices.Contains([]string{".go", ".yaml", ".md", ".json", ".txtar"}, filepath.Ext(path)) || entry.Name() == "docs_test.go" {
			return nil
		}
		text := file(t, path)
		for _, found := range cited.FindAllStringSubmatch(text, -1) {
			if !slices.Contains(anchors[found[1]], found[2]) {
				t.Errorf("%s cites %s, which has no such heading", path, found[0])
			}
		}
		if found := outside.FindString(text); found != "" {
			t.Errorf("%s cites %s, which is not in the repository", path, found)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// llms.txt has links to pages that exist, and to all of those for users.
func TestTheListForAgentsNamesThePages(t *testing.T) {
	text := file(t, "../../docs/llms.txt")
	listed := map[string]bool{}
	for _, link := range regexp.MustCompile(`\]\(([a-z0-9-]+\.md)\)`).FindAllStringSubmatch(text, -1) {
		listed[link[1]] = true
		if _, err := os.Stat("../../docs/" + link[1]); err != nil {
			t.Error(err)
		}
	}
	for _, page := range []string{"install.md", "go.md", "ci.md", "scenarios.md", "faults.md", "verify.md", "report.md", "agents.md", "control-api.md"} {
		if !listed[page] {
			t.Errorf("llms.txt lacks %s", page)
		}
	}
	if !strings.HasPrefix(text, "# voxemu\n\n> ") {
		t.Error("want a title and a summary at the beginning, as https://llmstxt.org says")
	}
}
