package scenarios

import (
	_ "embed"
	"slices"
)

// schema is generated from the types of this package and of package vox. The test that
// compares them rewrites it with -update.
//
//go:embed scenario.schema.json
var schema []byte

// Schema returns the JSON Schema of scenario files, for editors.
func Schema() []byte { return slices.Clone(schema) }
