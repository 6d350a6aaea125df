package control

import (
	"maps"
	"slices"
	"strings"
)

// hinted adds to a line on an unknown name the one that was probably meant.
func hinted(lines []string, meant string) []string {
	if meant != "" {
		for i := range lines {
			lines[i] += "; did you mean " + meant + "?"
		}
	}
	return lines
}

func (a *API) meantMethod(name string) string {
	return meant(name, slices.Collect(maps.Keys(a.Faults.Known().Parameters)))
}

func (a *API) meantParameter(method, name string) string {
	return meant(name, a.Faults.Known().Parameters[method])
}

// meant returns the known name that was probably meant by an unknown one: they differ
// only in case and separators, as in sipUsername, or one contains the other, as in
// persistent. Of several it is the one with the most similar length; empty: none.
func meant(name string, known []string) string {
	best, least := "", 0
	for _, candidate := range slices.Sorted(slices.Values(known)) {
		a, b := folded(name), folded(candidate)
		if candidate == name { // the name is known, but not at the address of the request
			return ""
		}
		if min(len(a), len(b)) < 4 || !strings.Contains(a, b) && !strings.Contains(b, a) {
			continue
		}
		if away := max(len(a), len(b)) - min(len(a), len(b)); best == "" || away < least {
			best, least = candidate, away
		}
	}
	return best
}

// folded returns a name in lower case without dashes and underscores.
func folded(name string) string {
	return strings.ToLower(strings.NewReplacer("_", "", "-", "").Replace(name))
}
