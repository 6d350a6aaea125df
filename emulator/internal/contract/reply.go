package contract

import (
	"encoding/json"
	"fmt"
	"sync"

	"github.com/getkin/kin-openapi/openapi3"
)

// replyValidation are the options for validating replies, including formats of texts.
var replyValidation = sync.OnceValue(func() []openapi3.SchemaValidationOption {
	return []openapi3.SchemaValidationOption{
		openapi3.MultiErrors(), openapi3.DisableSchemaErrorDetails(),
		openapi3.WithStringFormatValidators(map[string]openapi3.StringFormatValidator{
			"timestamp": openapi3.NewRegexpFormatValidator(`^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$`),
			"money":     openapi3.NewRegexpFormatValidator(`^-?\d+\.\d{2,6}$`),
		}),
	}
})

// CheckReply validates the body of a successful reply. It takes longer than the rest of a
// request (docs/design-notes.md#checking-replies); only strict mode and tests use it.
func (m *Method) CheckReply(body []byte) error {
	var decoded any
	if err := json.Unmarshal(body, &decoded); err != nil {
		return fmt.Errorf("%s: the reply is no JSON: %w", m.Name, err)
	}
	err := m.reply().VisitJSON(decoded, replyValidation()...)
	if err != nil {
		return fmt.Errorf("%s: the reply does not fit openapi.yaml: %w", m.Name, err)
	}
	return nil
}
