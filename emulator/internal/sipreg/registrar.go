package sipreg

import (
	"cmp"
	"slices"
	"time"

	"github.com/voxemu/voxemu/emulator/vox"
)

type answer struct {
	status int64
	reason string
}

var accepted = answer{status: 200, reason: "OK"}

func (a answer) accepts() bool { return a.status == 200 }

// answerOf returns an answer with the standard reason if reason is empty.
func answerOf(status int64, reason string) answer {
	if status == 200 {
		return accepted
	}
	return answer{status, cmp.Or(reason, reasonOf(status))}
}

// script is the sequence of all future answers to a registration. It is a pure function
// of the scenario's settings and the row.
type script struct {
	answers []answer // at least one; the last one repeats
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
	s := script{answers: []answer{accepted}, delay: settings.Delay, expires: cmp.Or(settings.Expires, defaultExpires)}
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
		statuses = []int64{cmp.Or(rule.StatusCode, accepted.status)}
	}
	s.answers = make([]answer, len(statuses))
	for i, status := range statuses {
		s.answers[i] = answerOf(status, rule.Reason)
	}
	return s
}

// index returns the position in the list of the n-th answer, from 0.
func (s script) index(n int64) int { return int(min(n, int64(len(s.answers)-1))) }

// answer returns the n-th answer, from 0.
func (s script) answer(n int64) answer { return s.answers[s.index(n)] }

// failures returns the number of consecutive failures that end with the n-th answer.
func (s script) failures(n int64) int64 {
	failures := int64(0)
	for _, a := range s.answers[:s.index(n)+1] {
		failures++
		if a.accepts() {
			failures = 0
		}
	}
	return failures
}

// repeats reports whether all answers from the n-th on equal a.
func (s script) repeats(a answer, n int64) bool {
	return !slices.ContainsFunc(s.answers[s.index(n):], func(next answer) bool { return next != a })
}
