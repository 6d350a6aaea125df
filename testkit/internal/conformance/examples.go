package main

import (
	"fmt"
	"maps"
	"slices"

	"github.com/getkin/kin-openapi/openapi3"
)

// exampleSections make steps of the examples of openapi.yaml, for methods that
// steps.yaml has no step for: each request begins with a reset, and must have a
// result.
func exampleSections(specification []byte, hasSteps map[string]bool) ([]section, error) {
	api, err := openapi3.NewLoader().LoadFromData(specification)
	if err != nil {
		return nil, fmt.Errorf("openapi.yaml: %w", err)
	}
	var sections []section
	for _, path := range api.Paths.InMatchingOrder() {
		operation := api.Paths.Value(path).Post
		if hasSteps[operation.OperationID] {
			continue
		}
		requests := openapi3.Examples{"": {Value: &openapi3.Example{Summary: "without parameters"}}}
		if operation.RequestBody != nil {
			requests = operation.RequestBody.Value.Content["application/x-www-form-urlencoded"].Examples
		}
		for _, name := range slices.Sorted(maps.Keys(requests)) {
			example := requests[name].Value
			title := operation.OperationID + ": " + example.Summary
			parameters, _ := example.Value.(map[string]any)
			sections = append(sections, section{Name: title, Steps: []step{{
				Name: title, Method: operation.OperationID, As: callerKeys[0],
				Parameters: parameters, Reply: map[string]any{"result": "~"},
			}}})
		}
	}
	return sections, nil
}
