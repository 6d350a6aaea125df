package evidence

import (
	"cmp"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"sync"

	"go.yaml.in/yaml/v4"

	"github.com/voxemu/voxemu"
)

// cited are the assumptions that openapi.yaml cites.
type cited struct {
	errors  map[int][]string    // by code
	members map[string][]string // of replies, by name
	methods map[string][]string
	asked   map[string][]string // of parameters, by method and name
}

var assumption = regexp.MustCompile(`\bA\d+\b`)

// citations is what openapi.yaml cites, read once per process.
var citations = sync.OnceValue(readCitations)

func readCitations() cited {
	var d struct {
		Errors map[string]struct {
			Code     int    `yaml:"code"`
			Verified string `yaml:"x-verified"`
		} `yaml:"x-errors"`
		Paths map[string]struct {
			Verified string `yaml:"x-verified"`
		}
		Components struct {
			Schemas map[string]struct {
				Verified   string `yaml:"x-verified"`
				Properties map[string]map[string]any
			}
		}
	}
	c := cited{map[int][]string{}, map[string][]string{}, map[string][]string{}, map[string][]string{}}
	if err := yaml.Load(voxemu.OpenAPI(), &d); err != nil { // cannot happen: it was compiled
		return c
	}
	for _, e := range d.Errors {
		c.errors[e.Code] = assumption.FindAllString(e.Verified, -1)
	}
	for path, p := range d.Paths {
		c.methods[strings.TrimPrefix(path, "/platform_api/")] = assumption.FindAllString(p.Verified, -1)
	}
	for schema, s := range d.Components.Schemas {
		for name, property := range s.Properties {
			ids := assumption.FindAllString(fmt.Sprint(property["x-verified"]), -1)
			if method, ok := strings.CutSuffix(schema, "Arguments"); ok {
				shared := strings.TrimPrefix(fmt.Sprint(property["$ref"]), "#/components/schemas/")
				c.asked[method+"."+name] = append(ids, assumption.FindAllString(d.Components.Schemas[shared].Verified, -1)...)
			} else {
				c.members[name] = append(c.members[name], ids...)
			}
		}
	}
	return c
}

// of returns the assumptions that a difference touches: those of the member, or of the
// error and the parameters; if there are none, those of the method.
func (c cited) of(e Exchange, d Difference) []string {
	var ids []string
	switch {
	case d.Kind == OtherCode:
		for _, text := range []string{d.Recorded, d.Emulator} {
			code := 0
			if _, err := fmt.Sscanf(text, "answers %d", &code); err == nil {
				ids = append(ids, c.errors[code]...)
			}
		}
	case d.Path != "":
		name := d.Path[strings.LastIndexByte(d.Path, '.')+1:]
		ids = slices.Clone(c.members[strings.TrimSuffix(name, "[]")])
	}
	if d.Kind == OtherCode || d.Kind == OtherCount || d.Kind == OtherOrder {
		for name := range e.Parameters {
			ids = append(ids, c.asked[e.Method+"."+name]...)
		}
	}
	if len(ids) == 0 || d.Kind == OtherCode || d.Kind == OtherCount || d.Kind == OtherOrder {
		ids = append(ids, c.methods[e.Method]...)
	}
	slices.SortFunc(ids, func(a, b string) int { return cmp.Or(len(a)-len(b), cmp.Compare(a, b)) })
	return slices.Compact(ids)
}
