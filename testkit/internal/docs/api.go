package main

import (
	"bytes"
	"fmt"
	"go/ast"
	"go/doc"
	"go/parser"
	"go/printer"
	"go/token"
	"io/fs"
	"path"
	"regexp"
	"strings"
)

// publicPackages are the folders of the packages whose exported names are public.
var publicPackages = [...]string{
	".", "emulator", "emulator/vox", "emulator/clock", "emulator/fault", "emulator/journal", "scenarios", "scenarios/document", "testkit",
}

// apiText returns docs/api.txt: the exported declarations of the public packages without
// comments, so that a diff shows each change. It returns an error if a declaration names
// an internal package.
func apiText(module fs.FS) (string, error) {
	var out strings.Builder
	for _, folder := range publicPackages {
		p := &api{set: token.NewFileSet(), internal: map[string]string{}}
		if err := p.read(module, folder); err != nil {
			return "", err
		}
		declarations, err := p.declarations(folder)
		if err != nil {
			return "", fmt.Errorf("%s: %w", folder, err)
		}
		fmt.Fprintf(&out, "# %s: %d names\n\n%s\n", folder, p.names, strings.Join(declarations, "\n"))
	}
	return strings.TrimSuffix(out.String(), "\n"), nil
}

type api struct {
	set      *token.FileSet
	files    []*ast.File
	internal map[string]string // paths of imported internal packages, by name
	names    int               // number of exported names, methods included
}

func (p *api) read(module fs.FS, folder string) error {
	entries, err := fs.ReadDir(module, folder)
	if err != nil {
		return err
	}
	for _, entry := range entries {
		if !strings.HasSuffix(entry.Name(), ".go") || strings.HasSuffix(entry.Name(), "_test.go") {
			continue
		}
		text, err := fs.ReadFile(module, path.Join(folder, entry.Name()))
		if err != nil {
			return err
		}
		file, err := parser.ParseFile(p.set, entry.Name(), text, parser.SkipObjectResolution|parser.ParseComments)
		if err != nil {
			return err
		}
		p.files = append(p.files, file)
		p.noteImports(file)
	}
	return nil
}

func (p *api) noteImports(file *ast.File) {
	for _, spec := range file.Imports {
		imported := strings.Trim(spec.Path.Value, `"`)
		name := path.Base(imported)
		if spec.Name != nil {
			name = spec.Name.Name
		}
		if strings.Contains(imported, "/internal/") {
			p.internal[name] = imported
		}
	}
}

// declarations returns the exported declarations in the order of go doc.
func (p *api) declarations(folder string) ([]string, error) {
	documented, err := doc.NewFromFiles(p.set, p.files, folder)
	if err != nil {
		return nil, err
	}
	var all []ast.Decl
	values := func(values []*doc.Value) {
		for _, v := range values {
			all = append(all, v.Decl)
			p.names += len(v.Names)
		}
	}
	functions := func(functions []*doc.Func) {
		for _, f := range functions {
			all = append(all, f.Decl)
			p.names++
		}
	}
	values(documented.Consts)
	values(documented.Vars)
	functions(documented.Funcs)
	for _, t := range documented.Types {
		all = append(all, t.Decl)
		p.names++
		values(t.Consts)
		values(t.Vars)
		functions(t.Funcs)
		functions(t.Methods)
	}
	texts := make([]string, len(all))
	for i, declaration := range all {
		if texts[i], err = p.text(declaration); err != nil {
			return nil, err
		}
	}
	return texts, nil
}

// text returns a declaration without comments and bodies.
func (p *api) text(declaration ast.Decl) (string, error) {
	var internal error
	ast.Inspect(declaration, func(node ast.Node) bool {
		switch node := node.(type) {
		case *ast.FuncDecl:
			node.Doc, node.Body = nil, nil
		case *ast.GenDecl:
			node.Doc = nil
			if node.Tok == token.VAR {
				withoutValues(node)
			}
		case *ast.TypeSpec:
			node.Doc, node.Comment = nil, nil
		case *ast.ValueSpec:
			node.Doc, node.Comment = nil, nil
		case *ast.Field:
			node.Doc, node.Comment = nil, nil
		case *ast.SelectorExpr:
			if name, ok := node.X.(*ast.Ident); ok && p.internal[name.Name] != "" {
				internal = fmt.Errorf("%s: an exported declaration names %s of %s",
					p.set.Position(node.Pos()), node.Sel.Name, p.internal[name.Name])
			}
		}
		return true
	})
	var out bytes.Buffer
	config := printer.Config{Mode: printer.UseSpaces | printer.TabIndent, Tabwidth: 8}
	if err := config.Fprint(&out, token.NewFileSet(), declaration); err != nil {
		return "", err
	}
	text := opaque.ReplaceAllString(out.String(), "{ unexported }")
	return strings.TrimSuffix(text, "// contains filtered or unexported fields\n"), internal
}

// opaque matches go/printer's text for a type without exported fields or methods.
var opaque = regexp.MustCompile(`(?s)\{\s*\}?\s*// contains filtered or unexported (fields|methods)\s*\}?\s*$`)

// withoutValues removes the values of variables, which are not part of the API.
func withoutValues(declaration *ast.GenDecl) {
	for _, spec := range declaration.Specs {
		spec.(*ast.ValueSpec).Values = nil
	}
}
