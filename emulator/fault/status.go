package fault

// Status is an armed rule and what became of it.
type Status struct {
	Rule `yaml:",inline"`
	// Seen is the number of calls that the rule has counted.
	Seen int64 `yaml:"seen" json:"seen"`
	// Hits is the number of calls that it has taken.
	Hits int64 `yaml:"hits" json:"hits"`
	// Remaining is how often it may still fire; nil: without limit.
	Remaining *int64 `yaml:"remaining,omitempty" json:"remaining,omitempty"`
}

// Unspent reports whether a rule was armed for nothing: it never fired, or it may
// still fire a limited number of times. Optional rules never are.
func (s Status) Unspent() bool {
	return !s.Optional && (s.Hits == 0 || s.Remaining != nil && *s.Remaining > 0)
}

// Verdict says what a rule would make of a call.
type Verdict struct {
	// Rule is its name.
	Rule string `yaml:"rule" json:"rule"`
	// Number is the one that the call would have among those that the rule
	// counts, from 1; 0: it would not be counted.
	Number int64 `yaml:"number,omitempty" json:"number,omitempty"`
	// Unmet is the first condition that does not hold, for example
	// when.method, times or, for a call within the limit, then.rate_limit;
	// empty: the rule would take the call.
	Unmet string `yaml:"unmet,omitempty" json:"unmet,omitempty"`
}
