package vox

// Assumption is something believed about the real service that no source
// settles.
type Assumption struct {
	// ID is cited in the specification and in the code, for example A7.
	ID string
	// Says is what the emulator does.
	Says string `json:"says"`
	// Because is the evidence, with its source.
	Because string `json:"because"`
	// Experiment is a call to the real service that would settle it.
	Experiment string `json:"experiment"`
	// Behaviour is the scenario switch that chooses otherwise; empty: none.
	Behaviour string `json:"behaviour"`
}
