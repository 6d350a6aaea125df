package main

import (
	"os"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"
)

func TestTheAPIInDocsIsThatOfTheCode(t *testing.T) {
	module := os.DirFS("../../..")
	got, err := apiText(module)
	if err != nil {
		t.Fatal(err)
	}
	want, err := os.ReadFile("../../../docs/api.txt")
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(strings.Split(string(want), "\n"), strings.Split(got, "\n")); diff != "" {
		t.Errorf("the exported API changed (-docs/api.txt +code); make golden rewrites it:\n%s", diff)
	}
}

func TestAnExportedDeclarationMayNotNameAnInternalPackage(t *testing.T) {
	for declaration, internal := range map[string]bool{
		"func F(l *lab.Lab) {}":                  true,
		"type T struct{ Lab lab.Lab }":           true,
		"type T struct{ lab.Lab }":               true,
		"type T = lab.Lab":                       true,
		"type T struct{ lab lab.Lab }":           false,
		"func F() { lab.New() }":                 false,
		"func f(l *lab.Lab) {}":                  false,
		"func (t T) M() *lab.Lab; type T int":    true,
		"func (t T) m() *lab.Lab; type T int":    false,
		"type I interface{ M() (lab.X, error) }": true,
	} {
		module := fstest.MapFS{}
		for _, folder := range publicPackages {
			module[folder+"/a.go"] = &fstest.MapFile{Data: []byte("package a\n")}
		}
		delete(module, "./a.go")
		module["a.go"] = &fstest.MapFile{Data: []byte("package a\n")}
		module["emulator/a.go"] = &fstest.MapFile{Data: []byte("package a\nimport \"x/internal/lab\"\n" + strings.ReplaceAll(declaration, "; ", "\n"))}
		if _, err := apiText(module); (err != nil) != internal {
			t.Errorf("%s: %v", declaration, err)
		}
	}
}
