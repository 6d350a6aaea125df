package scenarios

import "embed"

// schemas are generated from the types of this package, of package vox, of package fault
// and of package journal. The test that compares them rewrites them with -update.
//
//go:embed *.schema.json
var schemas embed.FS

// Schema returns the JSON Schema of scenario files, for editors. It refuses what [Read]
// refuses as far as a schema can tell, except that it wants a value for each member.
func Schema() []byte { return schemaFile("scenario") }

// RuleSchema returns the JSON Schema of a file with one fault rule, whose name may be
// omitted.
func RuleSchema() []byte { return schemaFile("rule") }

// ExpectationSchema returns the JSON Schema of a file with an expectation.
func ExpectationSchema() []byte { return schemaFile("expectation") }

func schemaFile(name string) []byte {
	text, err := schemas.ReadFile(name + ".schema.json")
	if err != nil { // cannot happen: the file is embedded
		panic(err)
	}
	return text
}
