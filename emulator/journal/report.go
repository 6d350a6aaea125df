package journal

// Allowed are the mistakes that a test makes on purpose.
type Allowed struct {
	// AccountID is the account whose requests are reported; 0: all.
	AccountID int64 `json:"account_id,omitempty"`
	// After limits the report to requests with a larger number; default: all.
	After int64 `json:"after,omitempty"`
	// Unknown allows methods and parameters that the API does not have.
	Unknown bool `json:"allow_unknown,omitempty"`
	// Mistakes select requests whose refused values are allowed; an empty filter selects
	// all.
	Mistakes []Filter `json:"allow_mistakes,omitempty"`
}

// Report is what a test should fail for at its end.
type Report struct {
	// Unknown describes requests with methods or parameters that the API does not have,
	// each in several lines.
	Unknown []string `json:"unknown"`
	// Refused describes requests with values that the specification does not allow.
	Refused []string `json:"refused"`
	// NotEmulated describes requests for methods that the real service has and the
	// emulator does not. They are not mistakes.
	NotEmulated []string `json:"not_emulated"`
	// Untriggered are the armed faults, except optional ones, that were not triggered
	// often enough.
	Untriggered []Untriggered `json:"untriggered"`
	// Evicted is the number of older requests that the journal has dropped.
	Evicted int64 `json:"evicted"`
}

// Untriggered is a fault that was not triggered, or not often enough.
type Untriggered struct {
	// Name is the name of the fault.
	Name string `json:"name"`
	// Text describes the fault and how often it was triggered.
	Text string `json:"text"`
}
