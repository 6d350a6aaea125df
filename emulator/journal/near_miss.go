package journal

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

// NearMiss is a request that nearly matched a filter.
type NearMiss struct {
	// Kind and Number identify the request.
	Kind   RequestKind `json:"kind"`
	Number int64       `json:"number"`
	// Differences are the conditions that did not match.
	Differences []Difference `json:"differences"`
}

// Difference is a condition that a request did not match.
type Difference struct {
	// Field is the name of a parameter or of a member of [Filter].
	Field string `json:"field"`
	// Want and Got are descriptions; texts are in quotes.
	Want string `json:"want"`
	Got  string `json:"got"`
}

// String describes the near miss, for example: request 7 differs in sip_username: want
// "alice", got "bob".
func (m NearMiss) String() string {
	differences := make([]string, len(m.Differences))
	for i, d := range m.Differences {
		differences[i] = fmt.Sprintf("%s: want %s, got %s", d.Field, d.Want, d.Got)
	}
	return fmt.Sprintf("%s %d differs in %s", m.Kind.noun(), m.Number, strings.Join(differences, "; in "))
}

// shownMisses is the maximum number of near misses in an explanation.
const shownMisses = 3

// nearMisses returns the requests with the fewest differences, the latest of equals, in
// the order of the journal, and the number of all similar ones.
func nearMisses(wanted criteria, requests []*Request) (closest []NearMiss, all int) {
	var close []NearMiss
	for _, r := range requests {
		if d := wanted.differences(r); wanted.nearly(d) {
			close = append(close, NearMiss{r.Kind, r.Number, d})
		}
	}
	all = len(close)
	slices.SortFunc(close, func(a, b NearMiss) int {
		return cmp.Or(cmp.Compare(len(a.Differences), len(b.Differences)), cmp.Compare(b.Number, a.Number))
	})
	closest = close[:min(shownMisses, all)]
	slices.SortFunc(closest, func(a, b NearMiss) int { return cmp.Compare(a.Number, b.Number) })
	return closest, all
}

func (c criteria) differences(e *Request) []Difference {
	var found []Difference
	for _, one := range c {
		if !one.fits(e) {
			found = append(found, Difference{one.name, one.want, one.got(e)})
		}
	}
	return found
}

// nearly reports whether a request is similar: its method or callback type match and some
// other condition does, or only its method or callback type differ.
func (c criteria) nearly(found []Difference) bool {
	wrongSubject := slices.ContainsFunc(found, func(d Difference) bool { return subject(d.Field) })
	switch {
	case len(found) == 0 || len(found) == len(c) && len(c) > 1:
		return false
	case wrongSubject:
		telling := func(one criterion) bool { return !subject(one.name) && one.name != "account_id" }
		return len(found) == 1 && slices.ContainsFunc(c, telling)
	}
	return true
}

func subject(name string) bool {
	return name == "kind" || name == "method" || name == "callback_type"
}
