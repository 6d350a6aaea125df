package fault

import "slices"

// MalformedJSON sends the real reply with a wrong closing bracket: a complete
// HTTP reply that no JSON parser accepts. The work is done in any case.
type MalformedJSON struct{}

func (MalformedJSON) act(x *Exchange) error {
	reply := x.real()
	reply.Body = slices.Clone(reply.Body)
	if last := len(reply.Body) - 1; last >= 0 {
		reply.Body[last] = ']' // every reply of the API is an object
	}
	x.send(reply)
	return nil
}

func (MalformedJSON) check(*checker) {}
