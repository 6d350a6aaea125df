package fault

// DuplicateReply sends the real reply twice on an HTTP/1.1 connection and closes
// it: a client that reuses connections carelessly takes the second one for the
// answer to its next call. The work is done once, in any case. HTTP/2 knows no
// such thing; there the reply comes once.
type DuplicateReply struct{}

func (DuplicateReply) check(*checker) {}
