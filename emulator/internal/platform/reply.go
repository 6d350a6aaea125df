package platform

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"strings"

	"github.com/voxemu/voxemu/emulator/internal/inject"
	"github.com/voxemu/voxemu/emulator/internal/jsontext"
	"github.com/voxemu/voxemu/emulator/vox"
)

// apiError is an error in a reply (docs/evidence.md#error-replies).
type apiError struct {
	Code  int    `json:"code"`
	Msg   string `json:"msg"`
	Field string `json:"field_name,omitempty"`
}

// errorReply contains the first error and the list of all errors (A22).
type errorReply struct {
	Error  apiError   `json:"error"`
	Errors []apiError `json:"errors"`
}

// reply returns the reply with the result or the error, always with status 200.
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

// faultReply returns the reply for an error that a rule names. The specification need not
// list it for the method.
func (h *Handler) faultReply(c *call, r vox.Refusal) inject.Reply {
	code, sentence, _ := h.Contract.Explain(r) // known: rules with unknown errors are refused
	e := apiError{Code: code, Msg: sentence, Field: r.Field}
	c.recording.Code, c.recording.Error, c.recording.Field = code, string(r.Name), r.Field
	return refuse(c, errorReply{Error: e, Errors: []apiError{e}})
}

func refuse(c *call, failure errorReply) inject.Reply {
	body, err := json.Marshal(failure)
	if err != nil { // cannot happen: numbers and texts always marshal
		panic(err)
	}
	return finish(c, body)
}

// success returns the result as JSON. Strict mode validates it; a reply that does not
// match the specification is a bug of the emulator.
func (h *Handler) success(c *call) ([]byte, error) {
	err := c.encode()
	if err == nil && h.Strict {
		err = c.endpoint.spec.CheckReply(c.resultJSON)
	}
	return c.resultJSON, err
}

// encode encodes the result, once for the audit log and the reply.
func (c *call) encode() (err error) {
	if c.resultJSON != nil {
		return nil
	}
	if result, ok := c.result.(jsontext.Appender); ok {
		c.resultJSON = result.AppendJSON(nil)
		return nil
	}
	c.resultJSON, err = json.Marshal(c.result)
	return err
}

// failure returns the reply with the numbers and texts of errors; no other code looks
// them up. An error without a name is logged and sent as internal error without details.
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

// refusals returns the named errors in err, or one with an empty name if there are none.
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

// explain returns false for errors that the specification does not list for the method,
// because replying with them would violate it.
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

// contentType is the Content-Type of all replies. The Java SDK needs the charset, the
// Python SDK the media type (docs/evidence.md#replies-that-sdks-accept).
const contentType = "application/json; charset=utf-8"

// asHeader returns a text as the value of a header: printable ASCII, with other
// characters as in Go, and not longer than [maxWarningLength].
func asHeader(text string) string {
	quoted := strconv.QuoteToASCII(text)
	quoted = strings.NewReplacer(`\"`, `"`, `\\`, `\`).Replace(quoted[1 : len(quoted)-1])
	return quoted[:min(len(quoted), maxWarningLength)]
}

func finish(c *call, body []byte) inject.Reply {
	header := http.Header{"Content-Type": {contentType}}
	for _, text := range c.warnings {
		header.Add("X-Voxemu-Warning", asHeader(text))
	}
	return inject.Reply{Status: http.StatusOK, Header: header, Body: body}
}
