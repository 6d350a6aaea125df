package control

import (
	"bytes"
	"errors"
	"net/http"
	"strings"

	"github.com/voxemu/voxemu/emulator/vox"
	"github.com/voxemu/voxemu/scenarios/document"
)

// Body is the undecoded JSON body of a request.
type Body []byte

// Decode decodes the body; see [document.ReadJSON]. An empty body is an empty object. The
// error is a [*Problem].
func (b Body) Decode(into any) error {
	if text, err := document.UTF8(b); err == nil && len(bytes.TrimSpace(text)) == 0 {
		b = Body("{}")
	}
	err := document.ReadJSON(document.Source{Text: b}, into)
	var mistakes vox.Mistakes
	if !errors.As(err, &mistakes) {
		return err
	}
	var found problems
	for _, m := range mistakes {
		message := m.Text()
		switch {
		case strings.HasPrefix(message, "is "):
			message = "the body " + message
		case m.Place == "":
			message = "the body: " + message
		}
		found.add(&Problem{Status: http.StatusBadRequest, Member: m.Place, Allowed: m.Allowed, Message: message})
	}
	return found.err()
}

func inWords(allowed []string) string {
	if len(allowed) == 0 {
		return "none"
	}
	return strings.Join(allowed, ", ")
}
