package control

import (
	"context"
	"fmt"
	"net/http"
	"reflect"

	"github.com/voxemu/voxemu/scenarios"
	"github.com/voxemu/voxemu/scenarios/document"
)

type addRowsInput struct {
	AccountID int64 `query:"account_id"`
	Body      []byte
}

// addRows adds rows and replies with them as they are stored.
func (a *API) addRows(ctx context.Context, in addRowsInput) (textReply, error) {
	var reply textReply
	err := a.reading(ctx, func() error {
		var rows scenarios.Scenario
		if err := document.Read(document.Source{Name: "rows", Text: in.Body}, &rows); err != nil {
			return err
		}
		if !hasRowsOnly(rows) {
			return &Problem{Status: http.StatusUnprocessableEntity, Message: "the body: want rows only; settings, faults, extends and generate belong into a scenario"}
		}
		if in.AccountID != 0 {
			rows = rows.OwnedBy(in.AccountID)
		}
		added, err := a.Lab.Add(rows)
		if err != nil {
			return err
		}
		text, err := added.YAML()
		if err != nil {
			return fmt.Errorf("the added rows: %w", err)
		}
		reply.mediaType = jsonType
		reply.text, err = document.ToJSON(document.Source{Name: "rows", Text: text, Large: true})
		return err
	})
	return reply, err
}

// hasRowsOnly reports whether a scenario has no members other than lists of rows.
func hasRowsOnly(s scenarios.Scenario) bool {
	for _, section := range s.Sections() {
		reflect.ValueOf(section.Rows).Elem().SetZero()
	}
	return reflect.ValueOf(s).IsZero()
}
