package fault

import (
	"encoding/json"
	"fmt"
	"strings"
)

// Status is an armed rule with its counters.
type Status struct {
	Rule `yaml:",inline"`
	// Seen is the number of requests that the rule has counted.
	Seen int64 `yaml:"seen" json:"seen"`
	// Hits is the number of requests to which the rule was applied.
	Hits int64 `yaml:"hits" json:"hits"`
	// Remaining is how often the rule can still be applied; nil: unlimited.
	Remaining *int64 `yaml:"remaining,omitempty" json:"remaining,omitempty"`
}

// Unspent reports whether a rule that is not Optional was never applied, or applied fewer
// times than its Times.
func (s Status) Unspent() bool {
	return !s.Optional && (s.Hits == 0 || s.Remaining != nil && *s.Remaining > 0)
}

// Describe returns the rule and how often it was triggered, in a line.
func (s Status) Describe() string {
	when, _ := json.Marshal(s.When) // cannot fail: armed rules can be encoded
	then, _ := json.Marshal(s.Then)
	line := fmt.Sprintf("%s, when %s then %s, was triggered by %d of the %d requests that it counted", s.Name, cut(when), cut(then), s.Hits, s.Seen)
	if s.Hits > 0 && s.Remaining != nil {
		line += fmt.Sprintf(", %d to go", *s.Remaining)
	}
	return line
}

// cut limits the shown part of a rule, because the body of a reply can be long.
func cut(text []byte) string {
	const most = 160
	if len(text) <= most {
		return string(text)
	}
	return strings.ToValidUTF8(string(text[:most]), "") + "…"
}

// Verdict states whether a rule would be applied to a request, and why not.
type Verdict struct {
	// Rule is the name of the rule.
	Rule string `yaml:"rule" json:"rule"`
	// Number is the number that the request would have among those that the rule counts,
	// from 1; 0: the rule would not count it.
	Number int64 `yaml:"number,omitempty" json:"number,omitempty"`
	// Unmet is the first condition that does not match, for example when.method, times
	// or, for a request within a rate limit, then.rate_limit; empty: the rule would be
	// applied.
	Unmet string `yaml:"unmet,omitempty" json:"unmet,omitempty"`
}
