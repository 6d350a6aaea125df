package journal

import (
	"encoding/json"
	"io"
)

// WriteJSONLines writes each request as a line of JSON. It returns errors of w.
func WriteJSONLines(w io.Writer, requests []Request) error {
	encoder := json.NewEncoder(w)
	encoder.SetEscapeHTML(false)
	for _, e := range requests {
		if err := encoder.Encode(e); err != nil {
			return err
		}
	}
	return nil
}
