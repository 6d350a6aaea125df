package fault

// TruncatedJSON sends half of the real reply's body with the Content-Length of the whole,
// then closes the connection, or resets the stream over HTTP/2. The request is always
// processed.
type TruncatedJSON struct{}

func (TruncatedJSON) check(*checker) {}
