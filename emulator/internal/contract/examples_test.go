package contract

import (
	"context"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"

	"github.com/voxemu/voxemu"
)

// The precompiled form, used at start-up, does not contain the examples.
func TestTheExamplesOfTheSpecificationFitTheirSchemas(t *testing.T) {
	doc, err := openapi3.NewLoader().LoadFromData(voxemu.OpenAPI())
	if err != nil {
		t.Fatal(err)
	}
	if err := doc.Validate(context.Background(), openapi3.EnableExamplesValidation()); err != nil {
		t.Error(err)
	}
	for path, item := range doc.Paths.Map() {
		for verb, operation := range item.Operations() {
			reply := operation.Responses.Status(200).Value.Content.Get("application/json")
			if len(reply.Examples) < 2 {
				t.Errorf("%s %s: want an example of a success and one of an error", verb, path)
			}
		}
	}
}
