package control

import (
	"context"
	"fmt"
	"net/http"
	"strings"

	"github.com/voxemu/voxemu/scenarios/document"
)

type resetInput struct {
	AccountID int64 `query:"account_id"`
}

func (a *API) reset(in resetInput) (done, error) {
	if in.AccountID != 0 {
		return ok, a.Lab.ResetAccount(in.AccountID)
	}
	return ok, a.Lab.Reset()
}

type exportInput struct {
	Secrets bool   `query:"secrets"`
	Format  string `query:"format"`
	Accept  string `header:"Accept"`
}

func (a *API) exportState(in exportInput) (textReply, error) {
	format := in.Format
	if format == "" {
		format = "yaml"
		if strings.Contains(in.Accept, "application/json") {
			format = "json"
		}
	}
	if format != "yaml" && format != "json" {
		return textReply{}, &Problem{
			Status: http.StatusBadRequest, Parameter: "format", Allowed: []string{"yaml", "json"},
			Message: fmt.Sprintf("format: there is no %q; want yaml or json", format),
		}
	}
	text, err := a.Lab.Export(in.Secrets)
	if err != nil || format == "yaml" {
		return textReply{mediaType: "application/yaml", text: text}, err
	}
	text, err = document.ToJSON(document.Source{Name: "state", Text: text, Large: true})
	return textReply{mediaType: jsonType, text: text}, err
}

type importInput struct{ Body []byte }

func (a *API) importState(ctx context.Context, in importInput) (done, error) {
	return ok, a.reading(ctx, func() error { return a.Lab.Import(in.Body, ctx.Done()) })
}

// reading runs the reading of a text that can be large, one at a time: each may take some
// hundred megabytes. Error: the client disconnected while it waited.
func (a *API) reading(ctx context.Context, read func() error) error {
	select {
	case a.readers <- struct{}{}:
		defer func() { <-a.readers }()
		return read()
	case <-ctx.Done():
		return ctx.Err()
	}
}
