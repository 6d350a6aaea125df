package registrar

import (
	"cmp"
	"fmt"
	"slices"
	"time"

	"github.com/voxemu/voxemu/emulator/vox"
)

// script is the sequence of all future answers to a registration. It is a pure function
// of the scenario's settings and the row.
type script struct {
	answers []Answer // at least one; the last one repeats
	delay   time.Duration
	expires time.Duration
	source  source
}

// source is what selected a script: the position, from 1, of a rule of the scenario, or a
// magic host; the zero value: neither, the registrar accepts.
type source struct {
	rule  int
	magic string
}

// defaultExpires is how long a registrar keeps a registration (A29).
const defaultExpires = time.Hour

// scriptOf is the simulated registrar. It is the only place that selects answers: those
// of the first rule that matches, else of the magic host name, else success.
func scriptOf(settings vox.Registrar, r *vox.Registration) script {
	s := script{answers: []Answer{accepted()}, delay: settings.Delay, expires: cmp.Or(settings.Expires, defaultExpires)}
	for i := range settings.Rules {
		if rule := &settings.Rules[i]; appliesTo(rule, r) {
			s.source.rule = i + 1
			return s.by(rule)
		}
	}
	return s.byMagic(r)
}

// by returns the script with the settings of a rule.
func (s script) by(rule *vox.RegistrarRule) script {
	s.delay = cmp.Or(rule.Delay, s.delay)
	s.expires = cmp.Or(rule.Expires, s.expires)
	statuses := rule.Answers
	if len(statuses) == 0 {
		statuses = []int64{cmp.Or(rule.StatusCode, accepted().Status)}
	}
	s.answers = make([]Answer, len(statuses))
	for i, status := range statuses {
		s.answers[i] = AnswerOf(status, rule.Reason)
	}
	return s
}

// index returns the position in the list of the n-th answer, from 0.
func (s script) index(n int64) int { return int(min(n, int64(len(s.answers)-1))) }

// Delay returns the time from a request to its answer, which is always known.
func (s script) Delay() (time.Duration, bool) { return s.delay, true }

// Expires returns how long an accepted registration is kept.
func (s script) Expires() time.Duration { return s.expires }

// Answer returns the n-th answer, from 0, and the number of consecutive failures that end
// with it.
func (s script) Answer(n int64) (a Answer, failures int64) {
	for _, a := range s.answers[:s.index(n)+1] {
		failures++
		if a.Accepts() {
			failures = 0
		}
	}
	return s.answers[s.index(n)], failures
}

// Repeats reports whether all answers from the n-th on equal a.
func (s script) Repeats(a Answer, n int64) bool {
	return !slices.ContainsFunc(s.answers[s.index(n):], func(next Answer) bool { return next != a })
}

// Forecast predicts the answers.
func (s script) Forecast() vox.Forecast {
	f := vox.Forecast{Rule: s.source.rule, MagicHost: s.source.magic, Delay: s.delay}
	for _, a := range s.answers {
		f.Answers = append(f.Answers, fmt.Sprint(a.Status, " ", a.Reason))
	}
	return f
}
