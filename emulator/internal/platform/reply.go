package platform

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strconv"

	"github.com/voxemu/voxemu/emulator/internal/inject"
	"github.com/voxemu/voxemu/emulator/vox"
)

// apiError is an error as the service writes it (docs/evidence.md#error-replies).
type apiError struct {
	Code  int    `json:"code"`
	Msg   string `json:"msg"`
	Field string `json:"field_name,omitempty"`
}

// errorReply carries the first error and all of them (A22).
type errorReply struct {
	Error  apiError   `json:"error"`
	Errors []apiError `json:"errors"`
}

// reply makes the reply with the result or an error, always with status 200.
func (h *Handler) reply(c *call, err error) inject.Reply {
	var body []byte
	if err == nil {
		body, err = h.success(c)
	}
	if err != nil {
		return refuse(c, h.failure(c, err))
	}
	return finish(c, body)
}

// faultReply is the reply with an error that a rule names. The method need not
// list it: a fault is no bug of ours.
func (h *Handler) faultReply(c *call, r vox.Refusal) inject.Reply {
	code, sentence, _ := h.Contract.Explain(r) // rules name known errors only
	e := apiError{Code: code, Msg: sentence, Field: r.Field}
	c.recording.Code, c.recording.Error, c.recording.Field = code, string(r.Name), r.Field
	return refuse(c, errorReply{Error: e, Errors: []apiError{e}})
}

func refuse(c *call, failure errorReply) inject.Reply {
	body, err := json.Marshal(failure)
	if err != nil { // numbers and texts always marshal
		panic(err)
	}
	return finish(c, body)
}

// success writes a result; in strict mode the specification judges it, and a
// reply that does not fit is our bug.
func (h *Handler) success(c *call) ([]byte, error) {
	body, err := json.Marshal(c.result)
	if err == nil && h.Strict {
		err = c.endpoint.spec.CheckReply(body)
	}
	return body, err
}

// failure looks up number and sentence; this is the only place that knows them.
// An error without a name is logged with its chain and answered as internal,
// without detail.
func (h *Handler) failure(c *call, err error) errorReply {
	var out errorReply
	for _, r := range refusals(err) {
		e, ok := h.explain(c, r)
		if !ok {
			h.Logger.Error("internal error", "number", c.recording.Number, "method", c.method, "error", err)
			r = vox.Refusal{Name: vox.ErrInternal}
			e, _ = h.explain(c, r)
		}
		if len(out.Errors) == 0 {
			out.Error = e
			c.recording.Code, c.recording.Error, c.recording.Field = e.Code, string(r.Name), e.Field
		}
		out.Errors = append(out.Errors, e)
	}
	return out
}

// refusals finds the named errors in err; one with an empty name stands for an
// unnamed error.
func refusals(err error) []vox.Refusal {
	var several vox.Refusals
	var one vox.Refusal
	var name vox.Error
	switch {
	case errors.As(err, &several) && len(several) > 0:
		return several
	case errors.As(err, &one):
		return []vox.Refusal{one}
	case errors.As(err, &name):
		return []vox.Refusal{{Name: name}}
	}
	return []vox.Refusal{{}}
}

// explain refuses errors that the specification does not list for the method:
// answering them would break the contract.
func (h *Handler) explain(c *call, r vox.Refusal) (apiError, bool) {
	code, sentence, ok := h.Contract.Explain(r)
	if !ok || h.Strict && !h.Contract.CanAnswer(c.endpoint.spec, r.Name) {
		return apiError{}, false
	}
	if r.Detail != "" {
		c.warn("%s", explanation(r))
	}
	return apiError{Code: code, Msg: sentence, Field: r.Field}, true
}

func explanation(r vox.Refusal) string {
	if r.Field == "" {
		return "want " + r.Detail
	}
	return fmt.Sprintf("%s: want %s", r.Field, r.Detail)
}

// contentType is that of every reply. The charset matters to Java, the type to
// Python (docs/evidence.md#replies-that-sdks-accept).
const contentType = "application/json; charset=utf-8"

// finish puts the header before the body.
func finish(c *call, body []byte) inject.Reply {
	header := http.Header{"Content-Type": {contentType}}
	for _, text := range c.warnings {
		quoted := strconv.QuoteToASCII(text)
		quoted = quoted[1 : len(quoted)-1]
		header.Add("X-Voxemu-Warning", quoted[:min(len(quoted), maxWarningLength)])
	}
	return inject.Reply{Status: http.StatusOK, Header: header, Body: body}
}
