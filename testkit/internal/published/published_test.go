// Package published compares openapi.yaml with the reference of the real service:
// roles.csv and parameters.csv, as of 2026-09 (docs/evidence.md#roles).
package published

import (
	"embed"
	"encoding/csv"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"

	"github.com/voxemu/voxemu"
)

//go:embed *.csv
var files embed.FS

// TestEveryDifferenceFromTheReferenceHasAReason finds differences between openapi.yaml
// and the reference in both directions. It fails for a difference that is not in reasons,
// and for a reason without a difference.
func TestEveryDifferenceFromTheReferenceHasAReason(t *testing.T) {
	doc, err := openapi3.NewLoader().LoadFromData(voxemu.OpenAPI())
	if err != nil {
		t.Fatal(err)
	}
	found := map[string]string{}
	roles, parameters := publishedRoles(t), publishedParameters(t)
	for path, item := range doc.Paths.Map() {
		method := strings.TrimPrefix(path, "/platform_api/")
		published, ok := roles[method]
		if !ok {
			found[method] = "the reference lacks it"
			continue
		}
		if ours := ourRoles(item); ours != published {
			found[method+" roles"] = fmt.Sprintf("ours %q, published %q", ours, published)
		}
		compare(found, method, ourParameters(item), parameters[method])
	}
	for method := range roles {
		if doc.Paths.Value("/platform_api/"+method) == nil {
			found[method] = "openapi.yaml lacks it"
		}
	}
	for _, difference := range slices.Sorted(maps.Keys(found)) {
		if reasons[difference] == "" {
			t.Errorf("%s: %s: add a reason, or remove the difference", difference, found[difference])
		}
	}
	for _, difference := range slices.Sorted(maps.Keys(reasons)) {
		if found[difference] == "" {
			t.Errorf("%s: there is a reason, but no difference", difference)
		}
	}
}

// parameter is the part of a parameter that both sources describe.
type parameter struct {
	kind     string // number, text, flag, numbers, texts; empty: not stated
	required bool   // in all cases
}

func compare(found map[string]string, method string, ours, published map[string]parameter) {
	for name, p := range published {
		own, ok := ours[name]
		switch {
		case !ok:
			found[method+" "+name] = "openapi.yaml lacks it"
		case own.kind != p.kind && own.kind != "" && p.kind != "":
			found[method+" "+name] = fmt.Sprintf("our type is %s, the published one %s", own.kind, p.kind)
		case own.required != p.required:
			found[method+" "+name] = fmt.Sprintf("required: ours %v, published %v", own.required, p.required)
		}
	}
	for name := range ours {
		if _, ok := published[name]; !ok {
			found[method+" "+name] = "the reference lacks it"
		}
	}
}

func ourRoles(item *openapi3.PathItem) string {
	var names []string
	list, _ := item.Extensions["x-roles"].([]any)
	for _, name := range list {
		names = append(names, strings.ToLower(fmt.Sprint(name)))
	}
	slices.Sort(names)
	return strings.Join(names, ", ")
}

// ourParameters returns the parameters of the request's schema and, without type, the
// ignored ones.
func ourParameters(item *openapi3.PathItem) map[string]parameter {
	all := map[string]parameter{}
	if body := item.Post.RequestBody; body != nil {
		schema := body.Value.Content.Get("application/x-www-form-urlencoded").Schema.Value
		for name, property := range schema.Properties {
			all[name] = parameter{ourKind(property.Value), slices.Contains(schema.Required, name)}
		}
	}
	ignored, _ := item.Extensions["x-ignored"].(map[string]any)
	for name := range ignored {
		all[name] = parameter{}
	}
	return all
}

func ourKind(schema *openapi3.Schema) string {
	switch {
	case schema.Format == "intlist" || schema.Format == "selection":
		return "numbers"
	case schema.Format == "stringlist":
		return "texts"
	case schema.Type.Is("integer"):
		return "number"
	case schema.Type.Is("boolean"):
		return "flag"
	}
	return "text"
}

// publishedRoles returns the sorted roles of each method in the spelling of openapi.yaml.
func publishedRoles(t *testing.T) map[string]string {
	roles := map[string]string{}
	for _, row := range rows(t, "roles.csv", "call", "callers") {
		names := strings.FieldsFunc(strings.ToLower(row[1]), func(r rune) bool { return r == ';' })
		for i, name := range names {
			names[i] = strings.Replace(name, "call list", "calllist", 1)
		}
		slices.Sort(names)
		roles[row[0]] = strings.Join(names, ", ")
	}
	return roles
}

func publishedParameters(t *testing.T) map[string]map[string]parameter {
	methods := map[string]map[string]parameter{}
	for _, row := range rows(t, "parameters.csv", "call", "argument", "kind", "must") {
		if methods[row[0]] == nil {
			methods[row[0]] = map[string]parameter{}
		}
		kind := row[2]
		if kind == "date" {
			kind = "text"
		}
		methods[row[0]][row[1]] = parameter{kind, row[3] == "always"}
	}
	return methods
}

// rows returns the rows below the heading, which must be the given one.
func rows(t *testing.T, name string, heading ...string) [][]string {
	t.Helper()
	file, err := files.Open(name)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	all, err := csv.NewReader(file).ReadAll()
	if err != nil || len(all) < 2 || !slices.Equal(all[0], heading) {
		t.Fatalf("%s: want rows below %v (%v)", name, heading, err)
	}
	return all[1:]
}
