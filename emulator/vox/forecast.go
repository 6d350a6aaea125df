package vox

import (
	"time"
)

// Forecast is what the registrar will answer to a registration, and by what.
type Forecast struct {
	// Rule is the position of the scenario's rule that decides, from 1; 0: none.
	Rule int
	// MagicHost is the host name that decides; empty: none.
	MagicHost string
	// Offline is why the registrar is not asked at all; empty: it is.
	Offline string
	// Answers are one after the other, for example "403 Forbidden"; the last one
	// repeats.
	Answers []string
	// Delay is how long each answer takes.
	Delay time.Duration
}
