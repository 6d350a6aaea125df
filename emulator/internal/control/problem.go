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

// Problem is the error in a reply.
type Problem struct {
	// Status is the HTTP status: 400 malformed, 401 wrong token, 403 forbidden, 404 not
	// found, 405 wrong verb, 409 not possible in the current state, 413 too large, 422
	// not allowed values, 500 a bug.
	Status int `json:"-"`
	// Message states what is wrong and what is allowed.
	Message string `json:"message"`
	// Member is the place in the body, for example applications[0].name.
	Member string `json:"member,omitempty"`
	// Parameter is the name of the path, query or header parameter.
	Parameter string `json:"parameter,omitempty"`
	// Allowed are the allowed values, if they form a list.
	Allowed []string `json:"allowed,omitempty"`
	// Detail contains more data for programs; its form depends on the operation.
	Detail any `json:"detail,omitempty"`
	// More are the other mistakes of the same request.
	More []*Problem `json:"more,omitempty"`
}

// Error returns the message.
func (p *Problem) Error() string { return p.Message }

type problems []*Problem

func (p *problems) add(found ...*Problem) { *p = append(*p, found...) }

// err returns the first mistake with the others in More; nil if there are none.
func (p problems) err() error {
	if len(p) == 0 {
		return nil
	}
	first := *p[0]
	first.More = p[1:]
	return &first
}

// problemOf maps errors to HTTP statuses; no other code does.
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
	_, _ = w.Write(append(body, '\n')) // fails only if the client is gone
}
