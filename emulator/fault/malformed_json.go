package fault

// MalformedJSON sends the real reply with a wrong closing bracket, so that it is complete
// HTTP but not JSON. The request is always processed.
type MalformedJSON struct{}

func (MalformedJSON) check(*checker) {}
