package contract

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"

	"github.com/voxemu/voxemu/emulator/vox"
)

// Data says what the values of a parameter or of a member of a reply are (x-data).
type Data string

// The kinds of data. Values of [DataPlain] are numbers of rows, booleans, values of an enum
// and the objects and lists that hold the rest.
const (
	DataUnknown Data = "" // not in the specification
	DataPlain   Data = "plain"
	DataSecret  Data = "secret"
	DataID      Data = "id"
	DataName    Data = "name"
	DataHost    Data = "host" // host names, addresses, networks and URLs
	DataPhone   Data = "phone"
	DataText    Data = "text"
	DataMoment  Data = "moment"
	DataMoney   Data = "money"
	DataPrice   Data = "price"
	DataKept    Data = "kept" // texts from a list that the documentation publishes
)

// kindsOfData are the keys of x-data.
var kindsOfData = []Data{
	DataSecret, DataID, DataName, DataHost, DataPhone, DataText, DataMoment, DataMoney, DataPrice, DataKept,
}

// Data returns what the values of a parameter or a member of a reply of the method are.
func (c *Contract) Data(method, name string) Data {
	if of, ok := c.data[method+"."+name]; ok {
		return of
	}
	return c.data[name]
}

// dataKeys reads x-data.
func (c *compiler) dataKeys(value any) {
	var lists map[Data][]string
	c.decode("x-data", value, &lists)
	c.contract.data = map[string]Data{}
	for kind, names := range lists {
		if !slices.Contains(kindsOfData, kind) {
			c.mistake("x-data", "unknown kind %q; known: %v", kind, kindsOfData)
		}
		for _, name := range names {
			if other, ok := c.contract.data[name]; ok {
				c.mistake("x-data", "%s is listed as %s and as %s", name, kind, other)
			}
			c.contract.data[name] = kind
		}
	}
}

// checkData refuses parameters and members whose masking would be a guess, and names in
// x-data that nothing has.
func (c *compiler) checkData() {
	seen := map[string]bool{}
	note := func(method, name string, schema *openapi3.Schema) {
		seen[name], seen[method+"."+name] = true, true
		if c.contract.Data(method, name) != DataUnknown {
			return
		}
		if needsData(schema) {
			c.mistake(method+" "+name, "say in x-data what its values are: one of %v", kindsOfData)
			return
		}
		c.contract.data[name] = DataPlain
	}
	for _, m := range c.contract.Methods() {
		if m.request != nil {
			eachProperty(m.request(), func(name string, s *openapi3.Schema) { note(m.Name, name, s) })
		}
		if m.reply != nil {
			eachProperty(m.reply(), func(name string, s *openapi3.Schema) { note(m.Name, name, s) })
		}
	}
	for name := range c.contract.common {
		note("", name, openapi3.NewStringSchema())
	}
	for name := range c.contract.data {
		if !seen[name] {
			c.mistake("x-data", "nothing has the name %s", name)
		}
	}
}

// eachProperty calls do for all properties of a bare schema, also for those of its items
// and alternatives.
func eachProperty(s *openapi3.Schema, do func(name string, s *openapi3.Schema)) {
	for name, property := range s.Properties {
		do(name, property.Value)
		eachProperty(property.Value, do)
	}
	if s.Items != nil {
		eachProperty(s.Items.Value, do)
	}
	for _, of := range []openapi3.SchemaRefs{s.OneOf, s.AnyOf, s.AllOf} {
		for _, alternative := range of {
			eachProperty(alternative.Value, do)
		}
	}
}

// needsData reports whether values of the schema can be personal: texts that are not of a
// list of values, and numbers that are no counts.
func needsData(s *openapi3.Schema) bool {
	switch {
	case len(s.Enum) > 0:
		return false
	case s.Type.Is("string"), s.Type.Is("number"):
		return true
	}
	return s.Type.Is("integer") && strings.HasPrefix(s.Format, "int64")
}

// Words returns the texts that the specification publishes: names of methods, parameters,
// members, roles and errors, sentences, and the values of enums. Examples are not among
// them.
func (c *Contract) Words() []string {
	words := slices.Collect(maps.Keys(c.data))
	for name, entry := range c.errors {
		words = append(words, string(name), entry.Sentence)
	}
	for _, role := range vox.Roles() {
		words = append(words, string(role))
	}
	for name := range c.notEmulated {
		words = append(words, name)
	}
	enums := func(_ string, s *openapi3.Schema) {
		for _, value := range s.Enum {
			words = append(words, fmt.Sprint(value))
		}
	}
	for _, m := range c.methods {
		words = append(words, m.Name)
		eachProperty(m.request(), enums)
		eachProperty(m.reply(), enums)
	}
	return words
}
