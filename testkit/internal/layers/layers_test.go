package layers_test

import (
	"go/parser"
	"go/token"
	"io/fs"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/voxemu/voxemu/testkit/internal/layers"
)

const (
	module = "github.com/voxemu/voxemu"
	root   = "../../.."
)

func TestPackagesImportWhatTheListSays(t *testing.T) {
	allowed := map[string][]string{}
	for _, layer := range append(layers.All(), layers.Layer{Packages: layers.Judges()}) {
		for _, p := range layer.Packages {
			allowed[p.Path] = p.Imports()
		}
	}
	found := map[string][]string{}
	err := filepath.WalkDir(root, func(name string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if base := entry.Name(); entry.IsDir() && name != root && (strings.HasPrefix(base, ".") || base == "node_modules" || base == "testdata") {
			return filepath.SkipDir
		}
		if strings.HasSuffix(name, ".go") && !strings.HasSuffix(name, "_test.go") {
			note(t, found, name)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(allowed, found); diff != "" {
		t.Errorf("who imports whom (-allowed +found); a new edge needs a reason in testkit/internal/layers:\n%s", diff)
	}
}

// note adds the imports of a file to those of its package.
func note(t *testing.T, found map[string][]string, name string) {
	t.Helper()
	file, err := parser.ParseFile(token.NewFileSet(), name, nil, parser.ImportsOnly)
	if err != nil {
		t.Fatal(err)
	}
	dir, err := filepath.Rel(root, filepath.Dir(name))
	if err != nil {
		t.Fatal(err)
	}
	dir = filepath.ToSlash(dir)
	for _, spec := range file.Imports {
		target, ours := strings.CutPrefix(strings.Trim(spec.Path.Value, `"`), module)
		if target = path.Base(strings.TrimPrefix(target, "/")); ours && !slices.Contains(found[dir], target) {
			found[dir] = append(found[dir], target)
		}
	}
	found[dir] = append([]string{}, found[dir]...) // lists packages without imports too
	slices.Sort(found[dir])
}

func TestImportsPointDown(t *testing.T) {
	var below []string
	for _, layer := range slices.Backward(layers.All()) {
		for _, p := range slices.Backward(layer.Packages) {
			for _, name := range p.Imports() {
				if !slices.Contains(below, name) {
					t.Errorf("%s imports %s, which is not below it", p.Path, name)
				}
			}
			if slices.Contains(below, p.Name()) {
				t.Errorf("two packages are called %s: imports are listed by name", p.Name())
			}
			below = append(below, p.Name())
		}
	}
}
