package inject

import "slices"

func sendMalformedJSON(x *Exchange) error {
	reply := x.real()
	reply.Body = slices.Clone(reply.Body)
	if last := len(reply.Body) - 1; last >= 0 {
		reply.Body[last] = ']' // every reply of the API is an object
	}
	x.send(reply)
	return nil
}
