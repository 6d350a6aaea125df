package vox

import "time"

// Health describes a running emulator.
type Health struct {
	Status    string            `json:"status"`          // always ok
	Version   string            `json:"version"`         // of the module, or the revision that it was built from
	Scenario  []string          `json:"scenario"`        // as loaded, in order
	Counts    map[string]int    `json:"counts"`          // rows by kind
	Listeners map[string]string `json:"listeners"`       // http, https and control, when open
	Saved     *Saved            `json:"saved,omitempty"` // nil: the state is not kept in a file
	SIP       *SIPHealth        `json:"sip,omitempty"`   // nil: all registrars are simulated
}

// SIPHealth is the real registrations of a running emulator.
type SIPHealth struct {
	Real          []string `json:"real"`              // patterns of their proxies
	Address       string   `json:"address,omitempty"` // HOST:PORT of the sockets; empty: not open
	Registrations int      `json:"registrations"`     // that register
	Accepted      int      `json:"accepted"`          // of these, by their PBX
}

// Saved is how often the state was saved to a file.
type Saved struct {
	At       time.Time `json:"at"`                // start of the last save that succeeded, on the machine's clock
	Failures int       `json:"failures"`          // number of failed saves since the start
	Failure  string    `json:"failure,omitempty"` // error of the last save; empty: it succeeded
}
