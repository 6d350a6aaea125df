package contract

import (
	"encoding/json"
	"fmt"
	"maps"
	"sync"

	"github.com/getkin/kin-openapi/openapi3"
)

// schema returns the schema of a method's parameters or reply. Schemas of the precompiled
// form are decoded on first use.
type schema func() *openapi3.Schema

func known(s *openapi3.Schema) schema { return func() *openapi3.Schema { return s } }

// decoded returns a schema of the precompiled form.
func decoded(text []byte) schema {
	return sync.OnceValue(func() *openapi3.Schema {
		var s openapi3.Schema
		if err := json.Unmarshal(text, &s); err != nil { // cannot happen: a test decodes all schemas
			panic(fmt.Sprintf("contract: the precompiled schema is broken: %v", err))
		}
		return &s
	})
}

// bare returns a schema without references and with validation keywords only. It does not
// end for a recursive schema; openapi.yaml has none.
func bare(s *openapi3.Schema) *openapi3.Schema {
	out := *s
	out.Title, out.Description, out.Example, out.Extensions, out.Origin = "", "", nil, nil, nil
	out.Properties = maps.Clone(s.Properties)
	for name, property := range out.Properties {
		out.Properties[name] = &openapi3.SchemaRef{Value: bare(property.Value)}
	}
	for _, name := range orList(s) {
		single := out.Properties[name]
		list := openapi3.NewArraySchema().WithItems(single.Value).WithMinItems(1)
		out.Properties[name] = openapi3.NewOneOfSchema(single.Value, list).NewRef()
	}
	if s.Items != nil {
		out.Items = &openapi3.SchemaRef{Value: bare(s.Items.Value)}
	}
	out.OneOf, out.AnyOf, out.AllOf = alternatives(s.OneOf), alternatives(s.AnyOf), alternatives(s.AllOf)
	return &out
}

// orList returns the properties of a reply whose value can also be a list of the
// described values (x-or-list). openapi.yaml avoids a union because generated clients
// handle it badly.
func orList(s *openapi3.Schema) []string {
	list, _ := s.Extensions["x-or-list"].([]any)
	var names []string
	for _, name := range list {
		if name, ok := name.(string); ok && s.Properties[name] != nil {
			names = append(names, name)
		}
	}
	return names
}

func alternatives(of openapi3.SchemaRefs) openapi3.SchemaRefs {
	out := make(openapi3.SchemaRefs, len(of))
	for i, s := range of {
		out[i] = &openapi3.SchemaRef{Value: bare(s.Value)}
	}
	return out
}
