package fault

// TruncatedJSON sends half of the real reply's body under the Content-Length of
// the whole, then ends the connection or stream. The work is done in any case.
type TruncatedJSON struct{}

func (TruncatedJSON) check(*checker) {}
