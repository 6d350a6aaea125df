package emulator_test

import (
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

const module = "github.com/voxemu/voxemu"

// edges is the whole list of who imports whom inside the module, tests left
// out. Imports only point down the layers; the sideways arrows are
// sipreg → billing, and applications → sipreg, because only sipreg knows what
// becomes of a registration whose application, rule or user goes. Two absences
// carry the design: sipreg imports neither contract nor platform, platform does
// not import sipreg.
var edges = map[string][]string{
	".":                              {},
	"emulator/vox":                   {},
	"emulator/clock":                 {},
	"emulator/internal/scheduler":    {"emulator/clock"},
	"emulator/fault":                 {"emulator/vox"},
	"emulator/internal/inject":       {"emulator/fault", "emulator/vox"},
	"emulator/journal":               {},
	"emulator/internal/query":        {},
	"emulator/internal/contract":     {"emulator/internal/query", "emulator/vox"},
	"emulator/internal/store":        {"emulator/internal/query", "emulator/vox"},
	"scenarios":                      {"emulator/fault", "emulator/vox"},
	"emulator/internal/billing":      {"emulator/internal/store", "emulator/vox"},
	"emulator/internal/reference":    {"emulator/internal/query", "emulator/internal/store", "emulator/vox"},
	"emulator/internal/reply":        {"emulator/internal/query", "emulator/internal/store"},
	"emulator/internal/sipreg":       {"emulator/internal/billing", "emulator/internal/query", "emulator/internal/reference", "emulator/internal/reply", "emulator/internal/store", "emulator/vox"},
	"emulator/internal/applications": {"emulator/internal/query", "emulator/internal/reference", "emulator/internal/reply", "emulator/internal/sipreg", "emulator/internal/store", "emulator/vox"},
	"emulator/internal/accounts":     {"emulator/internal/query", "emulator/internal/reply", "emulator/internal/store", "emulator/vox"},
	// platform → query: who may call from where stands in a table (A75), and rows
	// of a table are found with words of query.
	"emulator/internal/platform": {
		"emulator/fault", "emulator/internal/contract", "emulator/internal/inject", "emulator/internal/query", "emulator/internal/scheduler", "emulator/internal/store", "emulator/journal", "emulator/vox",
	},
	"emulator/internal/callback": {"emulator/internal/query", "emulator/internal/store", "emulator/vox"},
	"emulator/internal/lab": {
		"emulator/clock", "emulator/fault", "emulator/internal/billing", "emulator/internal/callback", "emulator/internal/inject", "emulator/internal/listen",
		"emulator/internal/scheduler", "emulator/internal/sipreg", "emulator/internal/store", "emulator/journal", "emulator/vox", "scenarios",
	},
	"emulator/internal/control": {"emulator/clock", "emulator/internal/lab", "emulator/vox"},
	"emulator/internal/listen":  {},
	// of tests only
	"emulator/internal/control/described": {},
	"emulator": {
		".", "emulator/clock", "emulator/fault", "emulator/internal/accounts", "emulator/internal/applications",
		"emulator/internal/contract", "emulator/internal/control", "emulator/internal/inject", "emulator/internal/lab",
		"emulator/internal/listen", "emulator/internal/platform", "emulator/internal/scheduler",
		"emulator/internal/sipreg", "emulator/internal/store", "emulator/journal", "emulator/vox", "scenarios",
	},
	"testkit":    {"emulator", "emulator/clock", "emulator/fault", "emulator/journal", "emulator/vox", "scenarios"},
	"cmd/voxemu": {"emulator", "emulator/clock", "emulator/fault", "emulator/journal", "emulator/vox", "scenarios"},
	// Judges: they know the emulator by its address only.
	"testkit/internal/conformance":           {},
	"testkit/internal/conformance/wire":      {},
	"testkit/internal/conformance/generated": {},
	"testkit/internal/docs":                  {".", "emulator", "scenarios"},
	"testkit/internal/soak":                  {},
	"testkit/internal/peers":                 {},
}

func TestImportsPointDownOnly(t *testing.T) {
	found := map[string][]string{}
	root := ".."
	err := filepath.WalkDir(root, func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if name := entry.Name(); entry.IsDir() && path != root && (strings.HasPrefix(name, ".") || name == "node_modules" || name == "testdata") {
			return filepath.SkipDir
		}
		if strings.HasSuffix(path, ".go") && !strings.HasSuffix(path, "_test.go") {
			note(t, found, root, path)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(edges, found); diff != "" {
		t.Errorf("who imports whom (-allowed +found); a new edge needs a reason:\n%s", diff)
	}
}

// note adds one file's imports of this module to its package's.
func note(t *testing.T, found map[string][]string, root, path string) {
	t.Helper()
	file, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.ImportsOnly)
	if err != nil {
		t.Fatal(err)
	}
	dir, err := filepath.Rel(root, filepath.Dir(path))
	if err != nil {
		t.Fatal(err)
	}
	if found[dir] == nil {
		found[dir] = []string{}
	}
	for _, spec := range file.Imports {
		name := strings.Trim(spec.Path.Value, `"`)
		if name != module && !strings.HasPrefix(name, module+"/") {
			continue
		}
		target := strings.TrimPrefix(strings.TrimPrefix(name, module), "/")
		if target == "" {
			target = "."
		}
		if !slices.Contains(found[dir], target) {
			found[dir] = append(found[dir], target)
			slices.Sort(found[dir])
		}
	}
}
