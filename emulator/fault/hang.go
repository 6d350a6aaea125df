package fault

// Hang sends nothing until the client gives up or the server stops. It does so
// on a frozen clock as well.
type Hang struct{}

func (Hang) check(*checker) {}
