package emulator

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"

	"github.com/voxemu/voxemu/emulator/internal/control"
	"github.com/voxemu/voxemu/emulator/journal"
)

// The room of the control door that asks the journal.

func (s *Server) requestsRoom() control.Requests {
	return control.Requests{
		Find:  s.findRequests,
		Count: s.countRequests,
		Clear: s.clearRequests,
		Wait:  s.waitForRequests,
		Lines: func(f control.Filter) ([]byte, error) {
			return s.writeRequests(f, journal.WriteJSONLines)
		},
		HAR: func(f control.Filter) ([]byte, error) {
			return s.writeRequests(f, func(w io.Writer, entries []journal.Entry) error {
				return journal.WriteHAR(w, Version(), entries)
			})
		},
		Verify: s.verifyRequests,
	}
}

func (s *Server) findRequests(f control.Filter) (entries any, evicted int64, err error) {
	filter, err := journalFilter(f)
	if err != nil {
		return nil, 0, err
	}
	found := s.journal.Find(filter)
	if found == nil {
		found = []journal.Entry{} // a list in JSON
	}
	return found, s.journal.Evicted(f.AccountID), nil
}

func (s *Server) countRequests(f control.Filter) (int, error) {
	filter, err := journalFilter(f)
	if err != nil {
		return 0, err
	}
	return s.journal.Count(filter), nil
}

func (s *Server) clearRequests(accountID int64) {
	if accountID == 0 {
		s.journal.Clear()
		return
	}
	s.journal.ClearAccount(accountID)
}

func (s *Server) waitForRequests(ctx context.Context, f control.Filter, n int) error {
	filter, err := journalFilter(f)
	if err != nil {
		return err
	}
	if err := s.journal.Wait(ctx, filter, n); err != nil {
		return control.Unmet(err.Error(), nil)
	}
	return nil
}

func (s *Server) writeRequests(f control.Filter, write func(io.Writer, []journal.Entry) error) ([]byte, error) {
	filter, err := journalFilter(f)
	if err != nil {
		return nil, err
	}
	var text bytes.Buffer
	err = write(&text, s.journal.Find(filter))
	return text.Bytes(), err
}

// verifyRequests explains what was not met.
func (s *Server) verifyRequests(body control.Body) error {
	var expectation journal.Expectation
	if err := body.Decode(&expectation); err != nil {
		return err
	}
	if times := expectation.Times; times.Min < 0 || times.Max != nil && *times.Max < times.Min {
		return &control.Problem{Status: http.StatusUnprocessableEntity, Member: "times", Message: "times: no number fits; want min of at least 0 and max, if given, of at least min"}
	}
	err := s.journal.Verify(expectation)
	if unmet := (*journal.Unmet)(nil); errors.As(err, &unmet) {
		return control.Unmet(unmet.Error(), unmet)
	}
	return err
}

// journalFilter is the filter of a query as the journal takes it.
func journalFilter(f control.Filter) (journal.Filter, error) {
	out := journal.Filter{
		Method: f.Method, CallbackType: f.CallbackType, CallbackID: f.CallbackID, AccountID: f.AccountID,
		KeyID: f.KeyID, Code: f.Code, Error: f.Error, Fault: f.Fault,
		NotEmulated: f.NotEmulated, Aborted: f.Aborted, After: f.After,
	}
	if err := out.Kind.UnmarshalText([]byte(f.Kind)); err != nil {
		return out, unreadable("kind", err)
	}
	if err := out.Mistake.UnmarshalText([]byte(f.Mistake)); err != nil {
		return out, unreadable("mistake", err)
	}
	if f.Since != nil {
		out.Since = *f.Since
	}
	if f.Until != nil {
		out.Until = *f.Until
	}
	for _, pair := range f.Parameters {
		name, value, _ := strings.Cut(pair, "=") // the door has checked the form
		if journal.Secret(name) {
			return out, unreadable("parameter", fmt.Errorf("parameter: the journal masks %s; ask /_voxemu/verify whether it was given", name))
		}
		out = out.With(name, value)
	}
	return out, nil
}

// unreadable refuses a parameter of the query.
func unreadable(parameter string, err error) error {
	return &control.Problem{Status: http.StatusBadRequest, Parameter: parameter, Message: err.Error()}
}
