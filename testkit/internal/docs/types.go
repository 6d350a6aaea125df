package main

import (
	"fmt"
	"os"
	"slices"
	"strings"

	"go.yaml.in/yaml/v4"
)

// controlSpecification describes the objects of the control API.
const controlSpecification = "emulator/internal/control/openapi.yaml"

// schema is the part of a schema in openapi.yaml that types are made from.
type schema struct {
	Ref         string    `yaml:"$ref"`
	Type        string    `yaml:"type"`
	Enum        []string  `yaml:"enum"`
	Description string    `yaml:"description"`
	Required    []string  `yaml:"required"`
	Items       *schema   `yaml:"items"`
	Properties  yaml.Node `yaml:"properties"` // in the order of the file
}

// member is a named schema.
type member struct {
	name string
	schema
}

// members returns a mapping of schemas in its order.
func members(node *yaml.Node) ([]member, error) {
	var list []member
	for i := 0; i+1 < len(node.Content); i += 2 {
		m := member{name: node.Content[i].Value}
		if err := node.Content[i+1].Decode(&m.schema); err != nil {
			return nil, fmt.Errorf("%s: %s: %w", controlSpecification, m.name, err)
		}
		list = append(list, m)
	}
	return list, nil
}

// kitTypes returns the files with the types of the Python and the Node kit.
func kitTypes() (map[string]string, error) {
	text, err := os.ReadFile(controlSpecification)
	if err != nil {
		return nil, err
	}
	var doc struct {
		Components struct {
			Schemas yaml.Node `yaml:"schemas"`
		} `yaml:"components"`
	}
	if err := yaml.Unmarshal(text, &doc); err != nil {
		return nil, fmt.Errorf("%s: %w", controlSpecification, err)
	}
	schemas, err := members(&doc.Components.Schemas)
	if err != nil {
		return nil, err
	}
	python := &writer{comment: "#"}
	python.line(0, `"""The objects of the control API."""`)
	python.line(0, "\nfrom __future__ import annotations\n")
	python.line(0, "from decimal import Decimal\nfrom typing import Literal\n\nfrom ._row import Row")
	node := &writer{comment: "//"}
	for _, s := range schemas {
		if err := python.pythonType(s); err != nil {
			return nil, err
		}
		if err := node.nodeType(s); err != nil {
			return nil, err
		}
	}
	return map[string]string{"testkit/python/voxemu/_types.py": python.text(), "testkit/node/types.d.ts": node.text()}, nil
}

type writer struct {
	comment string
	out     strings.Builder
}

func (w *writer) line(indent int, text string) {
	fmt.Fprintf(&w.out, "%s%s\n", strings.Repeat(" ", indent), text)
}

func (w *writer) text() string {
	return w.comment + " Made from " + controlSpecification + " by go run ./testkit/internal/docs. Do not edit.\n" + w.out.String()
}

func (w *writer) pythonType(s member) error {
	properties, err := members(&s.Properties)
	if err != nil {
		return err
	}
	w.line(0, "\n")
	if s.Type != "object" {
		w.line(0, s.name+" = "+pythonName(s.schema))
		return nil
	}
	w.line(0, "class "+s.name+"(Row):")
	w.line(4, `"""`+sentence(s.Description, "An object of the control API.")+`"""`)
	for _, p := range properties {
		if p.name == "from" { // a keyword; it can be read as row["from"]
			continue
		}
		kind := pythonName(p.schema)
		if !slices.Contains(s.Required, p.name) {
			kind += " | None"
		}
		w.line(4, p.name+": "+kind)
		if p.Description != "" {
			w.line(4, `"""`+sentence(p.Description, "")+`"""`)
		}
	}
	return nil
}

func pythonName(s schema) string {
	switch {
	case s.Ref != "":
		return s.Ref[strings.LastIndex(s.Ref, "/")+1:]
	case len(s.Enum) > 0:
		return `Literal["` + strings.Join(s.Enum, `", "`) + `"]`
	case s.Type == "array" && s.Items != nil:
		return "list[" + pythonName(*s.Items) + "]"
	case s.Type == "object":
		return "Row"
	}
	return map[string]string{"string": "str", "integer": "int", "number": "Decimal", "boolean": "bool"}[s.Type]
}

func (w *writer) nodeType(s member) error {
	properties, err := members(&s.Properties)
	if err != nil {
		return err
	}
	w.line(0, "")
	w.line(0, "/** "+sentence(s.Description, "An object of the control API.")+" */")
	if s.Type != "object" {
		w.line(0, "export type "+s.name+" = "+nodeName(s.schema)+";")
		return nil
	}
	w.line(0, "export interface "+s.name+" {")
	for _, p := range properties {
		if p.Description != "" {
			w.line(2, "/** "+sentence(p.Description, "")+" */")
		}
		optional := "?"
		if slices.Contains(s.Required, p.name) {
			optional = ""
		}
		w.line(2, p.name+optional+": "+nodeName(p.schema)+";")
	}
	w.line(0, "}")
	return nil
}

func nodeName(s schema) string {
	switch {
	case s.Ref != "":
		return s.Ref[strings.LastIndex(s.Ref, "/")+1:]
	case len(s.Enum) > 0:
		return "'" + strings.Join(s.Enum, "' | '") + "'"
	case s.Type == "array" && s.Items != nil:
		return "Array<" + nodeName(*s.Items) + ">"
	case s.Type == "object":
		return "Record<string, unknown>"
	}
	return map[string]string{"string": "string", "integer": "number", "number": "number", "boolean": "boolean"}[s.Type]
}

// sentence returns a description as a sentence.
func sentence(text, otherwise string) string {
	text = strings.TrimSpace(text)
	if text == "" {
		return otherwise
	}
	return strings.ToUpper(text[:1]) + text[1:] + "."
}
