package report

import (
	"bytes"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
)

// Minimum is the share that has to be covered.
type Minimum struct {
	// Aspect is what has to be covered; empty: everything.
	Aspect Aspect
	// Percent is the least share, from 0 to 100.
	Percent float64
}

// ParseMinimum reads a percentage, such as 80, or one of an aspect, such as errors=40.
func ParseMinimum(text string) (Minimum, error) {
	var m Minimum
	aspect, number, given := strings.Cut(text, "=")
	if !given {
		aspect, number = "", text
	}
	m.Aspect = Aspect(aspect)
	percent, err := strconv.ParseFloat(strings.TrimSuffix(number, "%"), 64)
	if err != nil || !(percent >= 0 && percent <= 100) || given && !slices.Contains(Aspects(), m.Aspect) {
		return Minimum{}, fmt.Errorf("%q: want a percentage from 0 to 100 such as 80, or one of an aspect such as errors=40; aspects: %s", text, aspectsInWords())
	}
	m.Percent = percent
	return m, nil
}

func aspectsInWords() string {
	var words []string
	for _, aspect := range Aspects() {
		words = append(words, string(aspect))
	}
	return strings.Join(words, ", ")
}

// Baseline is what a run must cover again: the keys of covered items.
type Baseline []string

const baselineHead = "# What the tests covered: voxemu report, docs/report.md. Made with --update-baseline."

// Baseline returns the keys of the covered items, sorted.
func (r *Report) Baseline() Baseline {
	var b Baseline
	for key, item := range r.Items() {
		if item.Times > 0 {
			b = append(b, key.String())
		}
	}
	slices.Sort(b)
	return b
}

// Text returns the baseline as a file with a key per line.
func (b Baseline) Text() []byte { return []byte(baselineHead + "\n" + strings.Join(b, "\n") + "\n") }

// ReadBaseline reads a file; lines that begin with # and empty ones are left out. The
// error lists the lines that are no keys.
func ReadBaseline(text []byte) (Baseline, error) {
	var b Baseline
	var mistakes []error
	number := 0
	for line := range bytes.Lines(text) {
		number++
		key := string(bytes.TrimSpace(line))
		if key == "" || key[0] == '#' {
			continue
		}
		aspect, name, _ := strings.Cut(key, " ")
		if !slices.Contains(Aspects(), Aspect(aspect)) || name == "" {
			mistakes = append(mistakes, fmt.Errorf("line %d: %q: want an aspect and a name, such as methods GetUsers; aspects: %s", number, key, aspectsInWords()))
			continue
		}
		b = append(b, key)
	}
	return b, errors.Join(mistakes...)
}

// Check returns what is missing for the minima and for the baseline, a line each; nil:
// nothing.
func (r *Report) Check(minima []Minimum, baseline Baseline) []string {
	var failures []string
	for _, m := range minima {
		for _, share := range r.Shares() {
			if share.Aspect == m.Aspect && share.Percent() < m.Percent {
				what := "coverage"
				if m.Aspect != "" {
					what = "coverage of " + string(m.Aspect)
				}
				failures = append(failures, fmt.Sprintf("%s is %s; want at least %v %%", what, share, m.Percent))
			}
		}
	}
	items := map[string]*Item{}
	for key, item := range r.Items() {
		items[key.String()] = item
	}
	for _, key := range slices.Compact(slices.Sorted(slices.Values(baseline))) {
		switch item := items[key]; {
		case item == nil:
			failures = append(failures, key+": the baseline has it, the report does not: it is no longer part of the API, or not of the selected methods")
		case item.Times == 0:
			failures = append(failures, key+": the baseline has it, the tests no longer cover it")
		}
	}
	return failures
}

// Gained returns the covered keys that the baseline lacks, sorted.
func (r *Report) Gained(baseline Baseline) []string {
	had := map[string]bool{}
	for _, key := range baseline {
		had[key] = true
	}
	gained := map[string]bool{}
	for _, key := range r.Baseline() {
		if !had[key] {
			gained[key] = true
		}
	}
	return slices.Sorted(maps.Keys(gained))
}
