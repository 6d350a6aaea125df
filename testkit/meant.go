package testkit

import (
	"maps"
	"slices"
	"strings"

	"github.com/voxemu/voxemu/emulator"
)

// hinted adds to a line about a name which one was probably meant.
func hinted(lines []string, meant string) []string {
	if meant != "" {
		for i := range lines {
			lines[i] += "; did you mean " + meant + "?"
		}
	}
	return lines
}

func meantMethod(name string) string { return meant(name, slices.Collect(maps.Keys(parameters()))) }

func meantParameter(method, name string) string { return meant(name, parameters()[method]) }

// parameters are the methods of the emulator with what they accept. A broken
// specification has none; it has been told of when the emulator started.
func parameters() map[string][]string {
	reader, _ := emulator.ScenarioReader()
	return reader.Known.Parameters
}

// meant is the known name that a wrong one is made of, or that is a part of it:
// SDKs write sipUsername, people persistent. Of several it is the one whose
// length differs least; empty: none.
func meant(name string, known []string) string {
	best, least := "", 0
	for _, candidate := range slices.Sorted(slices.Values(known)) {
		a, b := folded(name), folded(candidate)
		if candidate == name { // known, but not at the address that was called
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

// folded is a name in small letters without dashes and underscores.
func folded(name string) string {
	return strings.ToLower(strings.NewReplacer("_", "", "-", "").Replace(name))
}
