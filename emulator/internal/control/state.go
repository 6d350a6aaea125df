package control

import (
	"context"
	"fmt"
	"net/http"
	"strings"
)

// State is everything that the emulator remembers.
type State struct {
	// Reset goes back to the scenarios loaded last.
	Reset func() error
	// Export writes the state as a scenario, in YAML or in JSON.
	Export func(secrets, json bool) ([]byte, error)
	// Import replaces the state by a scenario in YAML or JSON, all or nothing.
	Import func([]byte) error
}

func (s State) reset(context.Context, nothing) (done, error) { return ok, s.Reset() }

type exportInput struct {
	Secrets bool   `query:"secrets"`
	Format  string `query:"format"`
	Accept  string `header:"Accept"`
}

func (s State) export(_ context.Context, in exportInput) (document, error) {
	format := in.Format
	if format == "" && strings.Contains(in.Accept, "application/json") {
		format = "json"
	}
	switch format {
	case "", "yaml":
		text, err := s.Export(in.Secrets, false)
		return document{"application/yaml", text}, err
	case "json":
		text, err := s.Export(in.Secrets, true)
		return document{jsonType, text}, err
	}
	return document{}, &Problem{
		Status: http.StatusBadRequest, Parameter: "format", Allowed: []string{"yaml", "json"},
		Message: fmt.Sprintf("format: there is no %q; want yaml or json", format),
	}
}

type importInput struct{ Body []byte }

func (s State) importState(_ context.Context, in importInput) (done, error) {
	return ok, s.Import(in.Body)
}
