package fault

// DuplicateReply sends the real reply twice on an HTTP/1.1 connection and closes it. A
// client that reuses connections without checks reads the second reply as the answer to
// its next request. The request is processed once. Over HTTP/2, which has no equivalent,
// the reply is sent once.
type DuplicateReply struct{}

func (DuplicateReply) check(*checker) {}
