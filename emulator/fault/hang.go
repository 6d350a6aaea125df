package fault

// Hang sends nothing until the client gives up or the server stops, also on a stopped
// clock.
type Hang struct{}

func (Hang) check(*checker) {}
