package contract

import (
	"encoding/json"
	"fmt"

	"github.com/getkin/kin-openapi/openapi3"
)

// CheckReply compares a success body with the specification. It costs more than
// the rest of a request (docs/design-notes.md#checking-replies) and is meant for
// strict mode and tests.
func (m *Method) CheckReply(body []byte) error {
	var decoded any
	if err := json.Unmarshal(body, &decoded); err != nil {
		return fmt.Errorf("%s: the reply is no JSON: %w", m.Name, err)
	}
	err := m.reply().VisitJSON(decoded, openapi3.MultiErrors(), openapi3.DisableSchemaErrorDetails())
	if err != nil {
		return fmt.Errorf("%s: the reply does not fit openapi.yaml: %w", m.Name, err)
	}
	return nil
}
