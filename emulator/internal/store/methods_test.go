package store_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// Each package that can see a generic type compiles all methods of it, for each type of
// row. So tables have functions and no methods, and no method of a type that all importers
// of the emulator import names a generic type.
func TestTablesHaveFunctionsAndNoMethods(t *testing.T) {
	files, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	methods := 0
	for _, name := range files {
		file, err := parser.ParseFile(token.NewFileSet(), name, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		for _, declaration := range file.Decls {
			method, ok := declaration.(*ast.FuncDecl)
			if ok && receiver(method) == "Table" {
				t.Errorf("%s: Table has a method, %s", name, method.Name.Name)
			}
			if !ok || strings.HasSuffix(name, "_test.go") || !slices.Contains([]string{"Tx", "Store", "Kind", "changes", "version"}, receiver(method)) {
				continue
			}
			methods++
			if isGeneric(method.Type) {
				t.Errorf("%s: the signature of %s.%s names a generic type", name, receiver(method), method.Name.Name)
			}
		}
	}
	if methods < 20 {
		t.Errorf("only %d methods found: has a type another name?", methods)
	}
}

// receiver returns the type of a method; empty for a function.
func receiver(fn *ast.FuncDecl) string {
	if fn.Recv == nil {
		return ""
	}
	of := fn.Recv.List[0].Type
	if pointer, ok := of.(*ast.StarExpr); ok {
		of = pointer.X
	}
	switch generic := of.(type) {
	case *ast.IndexExpr:
		of = generic.X
	case *ast.IndexListExpr:
		of = generic.X
	}
	return of.(*ast.Ident).Name
}

// isGeneric reports whether a signature names an instantiated type of this package.
func isGeneric(signature *ast.FuncType) (found bool) {
	ast.Inspect(signature, func(n ast.Node) bool {
		var of ast.Expr
		switch n := n.(type) {
		case *ast.IndexExpr:
			of = n.X
		case *ast.IndexListExpr:
			of = n.X
		}
		_, ours := of.(*ast.Ident)
		found = found || ours
		return true
	})
	return found
}
