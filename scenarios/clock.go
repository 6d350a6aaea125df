package scenarios

import "time"

// Clock is the time at which a scenario begins. It is a wish and no state: an
// export has none, because time goes on and never goes back.
type Clock struct {
	// Start is the emulator's time when the scenario is loaded. A new emulator
	// begins there; a running one goes forward to it, and refuses one that has
	// passed. Default: the time stays as it is.
	Start time.Time `yaml:"start,omitempty"`
	// Stopped stops the clock: it moves only on request. Default: it runs or is
	// stopped, as before.
	Stopped bool `yaml:"stopped,omitempty"`
}
