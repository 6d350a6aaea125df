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

// Rules lists the armed rules in their order, with their counts at one moment.
func (e *Engine) Rules() []Status {
	e.mu.Lock()
	defer e.mu.Unlock()
	all := make([]Status, 0, len(e.list()))
	for _, a := range e.list() {
		all = append(all, a.status())
	}
	return all
}

// Unspent lists the rules that were armed for nothing: those that never fired,
// and those that may still fire a limited number of times. Optional rules are
// left out.
func (e *Engine) Unspent() []Status {
	var unspent []Status
	for _, s := range e.Rules() {
		if left := s.Remaining; !s.Optional && (s.Hits == 0 || left != nil && *left > 0) {
			unspent = append(unspent, s)
		}
	}
	return unspent
}

func (a *armed) status() Status {
	s := Status{Rule: a.rule, Seen: a.seen, Hits: a.hits}
	if times := int64(a.rule.Times); times != 0 {
		s.Remaining = new(times - a.hits)
	}
	return s
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

// Explain says, rule by rule, what would become of a call, and counts nothing.
// The first verdict without Unmet is the rule that would take it.
func (e *Engine) Explain(call Call) []Verdict {
	now := e.now()
	e.mu.Lock()
	defer e.mu.Unlock()
	var verdicts []Verdict
	for _, a := range e.list() {
		v := Verdict{Rule: a.rule.Name, Unmet: a.rule.When.differs(call, a.since, now)}
		if v.Unmet == "" {
			v.Number = a.seen + 1
			_, v.Unmet = a.decide(e.seed, v.Number)
		}
		if v.Unmet == "" && a.spent() {
			v.Unmet = "times"
		}
		if v.Unmet == "" && a.limiter != nil && a.limiter.allows(call, now) {
			v.Unmet = "then.rate_limit"
		}
		verdicts = append(verdicts, v)
	}
	return verdicts
}
