package vox

import "github.com/agnivade/levenshtein"

// typo is the largest number of differing letters in a suggestion.
const typo = 2

// Nearest returns the known word with the fewest letters changed from word, the first of
// several; false if all differ in more than two letters.
func Nearest(word string, known []string) (string, bool) {
	nearest, fewest := "", typo+1
	for _, candidate := range known {
		if length := len(word) - len(candidate); length < -typo || length > typo {
			continue // limits the time for long words
		}
		if n := levenshtein.ComputeDistance(word, candidate); n < fewest && n < len(word) {
			nearest, fewest = candidate, n
		}
	}
	return nearest, nearest != ""
}
