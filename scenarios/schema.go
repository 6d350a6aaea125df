package scenarios

import (
	_ "embed"
	"slices"
)

// schema is generated from the types of this package and of package vox; the
// test that compares them rewrites it with -update.
//
//go:embed scenario.schema.json
var schema []byte

// Schema is the JSON Schema of a scenario file, for editors.
func Schema() []byte { return slices.Clone(schema) }
