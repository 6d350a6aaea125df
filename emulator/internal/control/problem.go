package control

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"

	"github.com/voxemu/voxemu/emulator/clock"
	"github.com/voxemu/voxemu/emulator/fault"
	"github.com/voxemu/voxemu/emulator/internal/lab"
	"github.com/voxemu/voxemu/emulator/journal"
	"github.com/voxemu/voxemu/emulator/vox"
)

// Problem is why a request was not carried out, as the reply says it.
type Problem struct {
	// Status is the HTTP status: 400 cannot be read, 401 wrong token, 403
	// forbidden, 404 no such thing, 405 wrong verb, 409 the state does not
	// allow it, 413 too large, 422 makes no sense, 500 a bug.
	Status int `json:"-"`
	// Message says what is wrong and what is wanted instead.
	Message string `json:"message"`
	// Member is the place in the body, for example applications[0].name.
	Member string `json:"member,omitempty"`
	// Parameter is the path, query or header parameter.
	Parameter string `json:"parameter,omitempty"`
	// Allowed lists what may stand there instead, when that is a list.
	Allowed []string `json:"allowed,omitempty"`
	// Detail explains further, for programs; its form depends on the request.
	Detail any `json:"detail,omitempty"`
	// More are the other mistakes of the same request.
	More []*Problem `json:"more,omitempty"`
}

// Error is the message.
func (p *Problem) Error() string { return p.Message }

// problems gathers all mistakes of one request.
type problems []*Problem

func (p *problems) add(found ...*Problem) { *p = append(*p, found...) }

// err is nil without mistakes, else the first one with the others under More.
func (p problems) err() error {
	if len(p) == 0 {
		return nil
	}
	first := *p[0]
	first.More = p[1:]
	return &first
}

// problemOf is the one table of errors and their HTTP statuses.
func problemOf(err error) *Problem {
	var problem *Problem
	var member *lab.MemberError
	var mistakes vox.Mistakes
	var unmet *journal.Unmet
	switch {
	case errors.As(err, &problem):
		return problem
	case errors.As(err, &unmet):
		return &Problem{Status: http.StatusConflict, Message: err.Error(), Detail: unmet}
	case errors.As(err, &mistakes):
		problem = &Problem{Status: http.StatusUnprocessableEntity, Message: mistakes[0].Error()}
		for _, mistake := range mistakes[1:] {
			problem.More = append(problem.More, &Problem{Message: mistake.Error()})
		}
		return problem
	case errors.Is(err, fault.ErrTaken), errors.Is(err, clock.ErrBack):
		err = fmt.Errorf("%w: %w", vox.ErrConflict, err)
	}
	problem = &Problem{Status: http.StatusInternalServerError, Message: err.Error()}
	if errors.As(err, &member) {
		problem.Member = member.Member
	}
	for _, known := range []struct {
		err    error
		status int
	}{
		{vox.ErrForbidden, http.StatusForbidden},
		{vox.ErrNotFound, http.StatusNotFound},
		{vox.ErrConflict, http.StatusConflict},
		{vox.ErrInvalid, http.StatusUnprocessableEntity},
	} {
		if errors.Is(err, known.err) {
			problem.Status = known.status
			break
		}
	}
	return problem
}

// fail writes {"error": …}.
func fail(w http.ResponseWriter, err error) {
	problem := problemOf(err)
	writeJSON(w, problem.Status, map[string]*Problem{"error": problem})
}

func writeJSON(w http.ResponseWriter, status int, value any) {
	body, err := json.MarshalIndent(value, "", "  ")
	if err != nil {
		status, body = http.StatusInternalServerError, []byte(`{"error": {"message": "the reply cannot be written as JSON"}}`)
	}
	w.Header().Set("Content-Type", jsonType)
	w.WriteHeader(status)
	_, _ = w.Write(append(body, '\n')) // fails only when the caller is gone
}
