package fault

// MalformedJSON sends the real reply with a wrong closing bracket: a complete
// HTTP reply that no JSON parser accepts. The work is done in any case.
type MalformedJSON struct{}

func (MalformedJSON) check(*checker) {}
