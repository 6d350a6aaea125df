package scenarios

import "time"

// Clock is the time at which a scenario starts. It is not part of the state: exports do
// not contain it, because the clock never goes back.
type Clock struct {
	// Start is the emulator's time when the scenario is loaded. A new emulator starts at
	// it; a running one moves forward to it, and refuses a time in the past. Default: the
	// time does not change.
	Start time.Time `yaml:"start,omitempty"`
	// Stopped stops the clock: it moves only on request. Default: it is live or stopped
	// as before.
	Stopped bool `yaml:"stopped,omitempty"`
	// Frozen is the former name of stopped; old files have it.
	Frozen bool `yaml:"frozen,omitempty"`
}

// Stops reports whether the scenario stops the clock.
func (c Clock) Stops() bool { return c.Stopped || c.Frozen }
