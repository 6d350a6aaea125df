package journal

import (
	"encoding/json"
	"io"
)

// WriteJSONLines writes entries as JSON, one a line. Error: that of the writer.
func WriteJSONLines(w io.Writer, entries []Entry) error {
	encoder := json.NewEncoder(w)
	encoder.SetEscapeHTML(false)
	for _, e := range entries {
		if err := encoder.Encode(e); err != nil {
			return err
		}
	}
	return nil
}
