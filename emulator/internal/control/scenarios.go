package control

import (
	"context"
	"net/http"
)

// Scenarios are the seeds.
type Scenarios struct {
	// List describes the built-in scenarios.
	List func() []Scenario
	// Load replaces the state by a built-in scenario, by a text in YAML, or by
	// the text laid on top of the built-in one.
	Load func(name, yaml string) error
	// Schema is the JSON Schema of scenario files.
	Schema func() []byte
}

// Scenario describes a built-in scenario.
type Scenario struct {
	Name        string `json:"name"`
	Description string `json:"description"`
}

type scenarioList struct {
	Scenarios []Scenario `json:"scenarios"`
}

func (s Scenarios) list(context.Context, nothing) (scenarioList, error) {
	return scenarioList{s.List()}, nil
}

func (s Scenarios) schema(context.Context, nothing) (document, error) {
	return document{jsonType, s.Schema()}, nil
}

type loadInput struct {
	Body struct {
		Name string `json:"name"`
		YAML string `json:"yaml"`
	}
}

func (s Scenarios) load(_ context.Context, in loadInput) (done, error) {
	if in.Body.Name == "" && in.Body.YAML == "" {
		return done{}, &Problem{Status: http.StatusBadRequest, Member: "name", Message: "want name (a built-in scenario), yaml (a text), or both: then the text is laid on top"}
	}
	return ok, s.Load(in.Body.Name, in.Body.YAML)
}
