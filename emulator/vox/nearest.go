package vox

import "github.com/agnivade/levenshtein"

// typo is the most letters that a typing mistake changes.
const typo = 2

// Nearest is the known word that was probably meant by one that is not: the one
// with the fewest letters changed, the first of several; false: none is near.
func Nearest(word string, known []string) (string, bool) {
	nearest, fewest := "", typo+1
	for _, candidate := range known {
		if length := len(word) - len(candidate); length < -typo || length > typo {
			continue // spares the work of comparing with a long word that somebody made up
		}
		if n := levenshtein.ComputeDistance(word, candidate); n < fewest && n < len(word) {
			nearest, fewest = candidate, n
		}
	}
	return nearest, nearest != ""
}
