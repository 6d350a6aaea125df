package inject

import (
	"time"

	"github.com/voxemu/voxemu/emulator/fault"
)

// Rules returns the armed rules in their order, with consistent counters.
func (e *Engine) Rules() []fault.Status {
	e.mu.Lock()
	defer e.mu.Unlock()
	all := make([]fault.Status, 0, len(e.list()))
	for _, a := range e.list() {
		all = append(all, a.status())
	}
	return all
}

func (a *armed) status() fault.Status {
	s := fault.Status{Rule: a.rule, Seen: a.seen, Hits: a.hits}
	if times := int64(a.rule.Times); times != 0 {
		s.Remaining = new(times - a.hits)
	}
	return s
}

// Explain returns a verdict on a request for each rule, without counting it. The rule of
// the first verdict without Unmet would be applied.
func (e *Engine) Explain(call Call) []fault.Verdict {
	now := e.now()
	e.mu.Lock()
	defer e.mu.Unlock()
	var verdicts []fault.Verdict
	for _, a := range e.list() {
		v := fault.Verdict{Rule: a.rule.Name, Unmet: differs(a.rule.When, call, a.since, now)}
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

// Dated is a call with its time on the emulator's clock.
type Dated struct {
	Call
	At time.Time
}

// Preview returns the verdicts on calls as if a rule had been armed before the first of
// them, alone. Nothing is armed or counted. The error is [vox.Mistakes].
func (e *Engine) Preview(rule fault.Rule, calls []Dated) ([]fault.Verdict, error) {
	if err := e.Check(rule); err != nil || len(calls) == 0 {
		return nil, err
	}
	a, seed := arm(rule, e.known, calls[0].At), e.Seed()
	verdicts := make([]fault.Verdict, len(calls))
	for i, call := range calls {
		v := fault.Verdict{Rule: rule.Name, Unmet: differs(rule.When, call.Call, a.since, call.At)}
		if v.Unmet == "" {
			a.seen++
			v.Number = a.seen
			spent := a.spent()
			switch _, unmet := a.decide(seed, v.Number); {
			case unmet != "":
				v.Unmet = unmet
			case spent:
				v.Unmet = "times"
			case a.claim(seed, call.Call, call.At) == nil:
				v.Unmet = "then.rate_limit"
			}
		}
		verdicts[i] = v
	}
	return verdicts, nil
}
