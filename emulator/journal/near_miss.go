package journal

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

// NearMiss is an entry that nearly matched.
type NearMiss struct {
	// Kind and Number say which entry.
	Kind   RequestKind `json:"kind"`
	Number int64       `json:"number"`
	// Differences are what kept it from matching.
	Differences []Difference `json:"differences"`
}

// Difference is one thing that an entry was asked for and is not.
type Difference struct {
	// Field is a parameter or a member of [Filter].
	Field string `json:"field"`
	// Want and Got are in words; texts are quoted.
	Want string `json:"want"`
	Got  string `json:"got"`
}

// String explains the near miss:
// call 7 differs in sip_username: want "alice", got "bob".
func (m NearMiss) String() string {
	differences := make([]string, len(m.Differences))
	for i, d := range m.Differences {
		differences[i] = fmt.Sprintf("%s: want %s, got %s", d.Field, d.Want, d.Got)
	}
	return fmt.Sprintf("%s %d differs in %s", m.Kind, m.Number, strings.Join(differences, "; in "))
}

// shownMisses is how many near misses an explanation lists.
const shownMisses = 3

// nearMisses gives the entries with the fewest differences, the latest among
// equals, in their order, and how many came close in all.
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

// nearly tells whether an entry came close: it is the method or callback that
// was wanted and something fits, or it is another one and all the rest fits.
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
