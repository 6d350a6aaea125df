package evidence

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"regexp"
	"slices"
	"strings"
	"sync"

	"github.com/voxemu/voxemu/emulator/internal/contract"
)

// ErrLeak reports a recording in which a value stands that had been masked elsewhere.
var ErrLeak = errors.New("the recording is refused: a value that was masked in one place stands in another")

// shortestAudited is the length from which values are looked for: shorter ones stand in
// other texts by chance.
const shortestAudited = 6

// ourOwn are placeholders, which a value can be like by chance.
var ourOwn = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`(?i)^(name|text|unknown)-\d+x*$|^s?e?c?r?e?t+-*[a-z0-9]{1,6}$|^[05]0+\d+$|^2001:db8::`)
})

// audit looks for masked values in the lines of a recording: secrets anywhere, other
// values where they are a whole word.
func (m *masker) audit(lines io.Reader) error {
	var asWords []string
	anywhere := map[string][]string{} // by their first letters
	for _, value := range slices.Sorted(maps.Keys(m.masked)) {
		switch {
		case len(value) < shortestAudited, m.vocabulary[value], ourOwn().MatchString(value):
		case m.masked[value] == contract.DataSecret:
			anywhere[value[:shortestAudited]] = append(anywhere[value[:shortestAudited]], value)
		default:
			asWords = append(asWords, value)
		}
	}
	scanner := bufio.NewScanner(lines)
	scanner.Buffer(nil, maxLine)
	for number := 1; scanner.Scan(); number++ {
		var line any
		decoder := json.NewDecoder(bytes.NewReader(scanner.Bytes()))
		decoder.UseNumber()
		if err := decoder.Decode(&line); err != nil {
			return err
		}
		for _, text := range textsOf(line) {
			masked := func(word string) bool {
				_, found := slices.BinarySearch(asWords, word)
				return found
			}
			if contains(text, anywhere) || masked(text) || slices.ContainsFunc(wordsOf(text), masked) {
				return fmt.Errorf("%w: line %d", ErrLeak, number)
			}
		}
	}
	return scanner.Err()
}

// contains reports whether a text contains one of the values, which are listed by their
// first letters.
func contains(text string, values map[string][]string) bool {
	for i := 0; i+shortestAudited <= len(text); i++ {
		for _, value := range values[text[i:i+shortestAudited]] {
			if strings.HasPrefix(text[i:], value) {
				return true
			}
		}
	}
	return false
}

func wordsOf(text string) []string {
	return strings.FieldsFunc(text, func(r rune) bool { return r < 0x80 && !inWord(r) && r != '.' && r != '@' && r != '+' })
}

// textsOf returns all texts and numbers of a decoded JSON value, the names of members too.
func textsOf(value any) []string {
	switch value := value.(type) {
	case string:
		return []string{value}
	case json.Number:
		return []string{value.String()}
	case []any:
		var texts []string
		for _, item := range value {
			texts = append(texts, textsOf(item)...)
		}
		return texts
	case map[string]any:
		var texts []string
		for name, member := range value {
			texts = append(append(texts, name), textsOf(member)...)
		}
		return texts
	}
	return nil
}
