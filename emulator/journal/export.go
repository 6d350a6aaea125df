package journal

import (
	"encoding/json"
	"io"
)

// WriteJSONLines writes requests as JSON, one a line. Error: that of the writer.
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
