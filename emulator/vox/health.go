package vox

// Health describes a running emulator.
type Health struct {
	Status    string            `json:"status"`    // always ok
	Version   string            `json:"version"`   // of the module, or the revision that it was built from
	Scenario  []string          `json:"scenario"`  // as loaded, in order
	Counts    map[string]int    `json:"counts"`    // rows by kind
	Listeners map[string]string `json:"listeners"` // http, https and control, when open
}
