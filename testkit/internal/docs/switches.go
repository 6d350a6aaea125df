package main

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"reflect"
	"strings"

	"github.com/voxemu/voxemu/emulator"
	"github.com/voxemu/voxemu/scenarios"
)

// switchTable lists the members of behaviour: in the order of the struct that they
// are read into, with the words of its comments.
func switchTable(source string) (string, error) {
	comments, err := fieldComments(source, "Behaviour")
	if err != nil {
		return "", err
	}
	assumptions, err := emulator.Assumptions()
	if err != nil {
		return "", err
	}
	out := "| switch | values, the default first | what it decides | assumed |\n| --- | --- | --- | --- |\n"
	behaviour := reflect.TypeOf(scenarios.Scenario{}.Behaviour)
	for i := range behaviour.NumField() {
		field := behaviour.Field(i)
		name, _, _ := strings.Cut(field.Tag.Get("yaml"), ",")
		var values, because []string
		for option := range strings.SplitSeq(field.Tag.Get("jsonschema"), ",") {
			if value, ok := strings.CutPrefix(option, "enum="); ok {
				values = append(values, "`"+value+"`")
			}
		}
		for _, a := range assumptions {
			if a.Behaviour == name {
				because = append(because, fmt.Sprintf("%s: [%s, %s](evidence.md#%s)", a.ID, a.Mark, a.Date, a.Source))
			}
		}
		if len(values) < 2 || len(because) == 0 || comments[field.Name] == "" {
			return "", fmt.Errorf("%s: want a comment, two values and an assumption, found %q, %v and %v", name, comments[field.Name], values, because)
		}
		out += fmt.Sprintf("| `%s` | %s | %s | %s |\n", name, strings.Join(values, ", "), cell(comments[field.Name]), strings.Join(because, "; "))
	}
	return out, nil
}

// fieldComments are the comments of a struct's fields, without the field's name and
// verb at the beginning and the assumption at the end.
func fieldComments(source, structure string) (map[string]string, error) {
	file, err := parser.ParseFile(token.NewFileSet(), source, nil, parser.ParseComments)
	if err != nil {
		return nil, err
	}
	comments := map[string]string{}
	ast.Inspect(file, func(n ast.Node) bool {
		spec, ok := n.(*ast.TypeSpec)
		if !ok || spec.Name.Name != structure {
			return true
		}
		for _, f := range spec.Type.(*ast.StructType).Fields.List {
			words := strings.Fields(f.Doc.Text())
			if len(words) < 4 {
				continue
			}
			last := strings.TrimSuffix(words[len(words)-1], ".")
			if strings.HasPrefix(last, "A") {
				words = words[:len(words)-1]
			}
			comments[f.Names[0].Name] = strings.Join(words[2:], " ")
		}
		return false
	})
	return comments, nil
}
