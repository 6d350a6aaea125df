package control

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"github.com/voxemu/voxemu/emulator/vox"
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

type scenarioInput struct {
	Name string `path:"name"`
}

func (a *API) getScenario(in scenarioInput) (textReply, error) {
	text, err := builtinText(in.Name)
	if err != nil {
		err.Parameter = "name"
		return textReply{}, err
	}
	return textReply{mediaType: "application/yaml", text: text}, nil
}

// builtinText returns the text of a built-in scenario.
func builtinText(name string) ([]byte, *Problem) {
	text, found := scenarios.Builtin(name)
	if !found || !slices.Contains(scenarios.Names(), name) {
		return nil, &Problem{
			Status: http.StatusNotFound, Allowed: scenarios.Names(),
			Message: fmt.Sprintf("name: no scenario %q is built in; want one of %s, or the text of a file as yaml", name, strings.Join(scenarios.Names(), ", ")),
		}
	}
	return text, nil
}

func (a *API) getLoadedScenario(nothing) (textReply, error) {
	text, err := a.Lab.Loaded().WithoutSecrets().YAML()
	return textReply{mediaType: "application/yaml", text: text}, err
}

type loadScenarioInput struct{ Body scenarioToLoad }

type scenarioToLoad struct {
	Name string `json:"name"`
	YAML string `json:"yaml"`
}

// sources returns a built-in scenario, a text, or both: then the text is merged over it.
func (s scenarioToLoad) sources(ctx context.Context) ([]scenarios.Source, error) {
	var sources []scenarios.Source
	if s.Name != "" {
		text, err := builtinText(s.Name)
		if err != nil {
			err.Member = "name"
			return nil, err
		}
		sources = append(sources, scenarios.Source{Name: s.Name, Text: text})
	}
	if s.YAML != "" {
		sources = append(sources, scenarios.Source{Name: "yaml", Text: []byte(s.YAML), Interrupt: ctx.Done()})
	}
	if sources == nil {
		return nil, &Problem{Status: http.StatusBadRequest, Member: "name", Message: "want name (a built-in scenario), yaml (a text), or both: then the text is laid on top"}
	}
	return sources, nil
}

// scenarioCheck is the result of a check: mistakes, or what loading would change.
type scenarioCheck struct {
	Mistakes []scenarioMistake `json:"mistakes"`
	differences
}

// scenarioMistake is a mistake with its place in the text.
type scenarioMistake struct {
	Source  string   `json:"source,omitempty"`
	Line    int      `json:"line,omitempty"`
	Column  int      `json:"column,omitempty"`
	Place   string   `json:"place,omitempty"`
	Message string   `json:"message"`
	Allowed []string `json:"allowed,omitempty"`
}

func (a *API) checkScenario(ctx context.Context, in loadScenarioInput) (scenarioCheck, error) {
	result := scenarioCheck{Mistakes: []scenarioMistake{}, differences: differences{Differences: []difference{}}}
	sources, err := in.Body.sources(ctx)
	if err != nil {
		return result, err
	}
	err = a.reading(ctx, func() error {
		after, err := a.Lab.DryRun(sources...)
		if err != nil {
			return err
		}
		before, err := a.Lab.State()
		if err != nil {
			return err
		}
		result.differences, err = compareStates(before, after)
		return err
	})
	var mistakes vox.Mistakes
	if !errors.As(err, &mistakes) {
		return result, err
	}
	for _, m := range mistakes {
		result.Mistakes = append(result.Mistakes, scenarioMistake{m.File, m.Line, m.Column, m.Place, m.Message, m.Allowed})
	}
	return result, nil
}

// loadScenario loads a built-in scenario, a text, or a text merged over a built-in one.
// It opens no files, because the sender of a request may not be allowed to read them.
func (a *API) loadScenario(ctx context.Context, in loadScenarioInput) (done, error) {
	sources, err := in.Body.sources(ctx)
	if err != nil {
		return done{}, err
	}
	return ok, a.reading(ctx, func() error { return a.Lab.LoadSources(sources...) })
}
