package control

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"github.com/voxemu/voxemu/scenarios"
)

type builtin struct {
	Name        string `json:"name"`
	Description string `json:"description"`
}

type scenarioList struct {
	Scenarios []builtin `json:"scenarios"`
}

func (a *API) listScenarios(nothing) (scenarioList, error) {
	list := []builtin{}
	for _, name := range scenarios.Names() {
		list = append(list, builtin{name, scenarios.Description(name)})
	}
	return scenarioList{list}, nil
}

func (a *API) getScenarioSchema(nothing) (textReply, error) {
	return textReply{mediaType: jsonType, text: scenarios.Schema()}, nil
}

func (a *API) getRuleSchema(nothing) (textReply, error) {
	return textReply{mediaType: jsonType, text: scenarios.RuleSchema()}, nil
}

func (a *API) getExpectationSchema(nothing) (textReply, error) {
	return textReply{mediaType: jsonType, text: scenarios.ExpectationSchema()}, nil
}

type loadScenarioInput struct {
	Body struct {
		Name string `json:"name"`
		YAML string `json:"yaml"`
	}
}

// loadScenario loads a built-in scenario, a text, or a text merged over a built-in one.
// It opens no files, because the sender of a request may not be allowed to read them.
func (a *API) loadScenario(ctx context.Context, in loadScenarioInput) (done, error) {
	var sources []scenarios.Source
	if name := in.Body.Name; name != "" {
		text, found := scenarios.Builtin(name)
		if !found || !slices.Contains(scenarios.Names(), name) {
			return done{}, &Problem{
				Status: http.StatusNotFound, Member: "name", Allowed: scenarios.Names(),
				Message: fmt.Sprintf("name: no scenario %q is built in; want one of %s, or the text of a file as yaml", name, strings.Join(scenarios.Names(), ", ")),
			}
		}
		sources = append(sources, scenarios.Source{Name: name, Text: text})
	}
	if in.Body.YAML != "" {
		sources = append(sources, scenarios.Source{Name: "yaml", Text: []byte(in.Body.YAML), Interrupt: ctx.Done()})
	}
	if sources == nil {
		return done{}, &Problem{Status: http.StatusBadRequest, Member: "name", Message: "want name (a built-in scenario), yaml (a text), or both: then the text is laid on top"}
	}
	return ok, a.reading(ctx, func() error { return a.Lab.LoadSources(sources...) })
}
