// Package applications decides what the methods of the sections Applications,
// Users, Rules and Scenarios do: the rows that a registration can be bound to,
// and the VoxEngine scenarios that rules name. Scenarios are stored, never run.
package applications

// Done is the reply of the methods that answer nothing but 1.
type Done struct {
	Result int `json:"result"`
}

func done(err error) (Done, error) {
	if err != nil {
		return Done{}, err
	}
	return Done{Result: 1}, nil
}
