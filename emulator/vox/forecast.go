package vox

import (
	"time"
)

// Forecast predicts what the registrar will answer to a registration and states which
// rule or host name decides it.
type Forecast struct {
	// Rule is the position, from 1, of the scenario's registrar rule that decides; 0:
	// none.
	Rule int
	// Real is the pattern that makes the registration real, so that a PBX decides; empty:
	// none.
	Real string
	// MagicHost is the magic host name that decides; empty: none.
	MagicHost string
	// Offline is the reason why the registrar is not asked; empty: it is asked.
	Offline string
	// Answers are the next answers in order, for example "403 Forbidden"; the last one
	// repeats.
	Answers []string
	// Delay is the time that each answer takes.
	Delay time.Duration
}
