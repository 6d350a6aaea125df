package sipreg

import (
	"cmp"
	"slices"
	"time"

	"github.com/voxemu/voxemu/emulator/vox"
)

// answer is what a registrar says to a REGISTER request.
type answer struct {
	status int64
	reason string
}

// accepted is the answer of a registrar that accepts.
var accepted = answer{status: 200, reason: "OK"}

// accepts reports whether the registration succeeded.
func (a answer) accepts() bool { return a.status == 200 }

// answerOf gives a status its standard reason unless it has one of its own.
func answerOf(status int64, reason string) answer {
	if status == 200 {
		return accepted
	}
	return answer{status, cmp.Or(reason, reasonOf(status))}
}

// script is all that a registrar will ever say to one registration: a pure
// function of the scenario's settings and the row, so that the future is known.
type script struct {
	answers []answer // at least one; the last one repeats
	delay   time.Duration
	expires time.Duration
	source  source
}

// source is what decided a script: a rule of the scenario, counted from 1, or a
// magic host; neither: every other host accepts.
type source struct {
	rule  int
	magic string
}

// defaultExpires is how long a registrar keeps a registration (A29).
const defaultExpires = time.Hour

// scriptOf is the imaginary registrar, the one place where answers are decided:
// by the first rule that matches, else by the magic host name, else it accepts.
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

// by is the script as a rule changes it.
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

// index is the place of the n-th answer in the list, counted from 0.
func (s script) index(n int64) int { return int(min(n, int64(len(s.answers)-1))) }

// answer is the n-th answer.
func (s script) answer(n int64) answer { return s.answers[s.index(n)] }

// failures counts how many answers in a row are failures, up to the n-th.
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

// repeats reports whether every answer from the n-th on is the same as a.
func (s script) repeats(a answer, n int64) bool {
	return !slices.ContainsFunc(s.answers[s.index(n):], func(next answer) bool { return next != a })
}
