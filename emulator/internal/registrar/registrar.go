// Package registrar is what answers the REGISTER requests of registrations: a simulated
// registrar, whose answers are known in advance, or a PBX, which [Keeper] asks.
package registrar

import (
	"cmp"
	"time"

	"github.com/voxemu/voxemu/emulator/vox"
)

// Registrar answers the requests of one registration.
type Registrar interface {
	// Delay returns the time from a request to its answer; false: the answer comes when
	// a PBX sends it.
	Delay() (d time.Duration, known bool)
	// Answer returns the n-th answer, from 0, and the number of consecutive failures
	// that end with it. Call it only if Delay is known.
	Answer(n int64) (a Answer, failures int64)
	// Repeats reports whether no answer from the n-th on is known to differ from a.
	Repeats(a Answer, n int64) bool
	// Expires returns how long an accepted registration is kept.
	Expires() time.Duration
	// Forecast predicts the answers.
	Forecast() vox.Forecast
}

// Of returns the registrar of a registration.
func Of(settings vox.Registrar, r *vox.Registration) Registrar {
	if rule := realRule(settings, r); rule != "" {
		return real{pattern: rule}
	}
	return scriptOf(settings, r)
}

// Answer is a final answer to a REGISTER request.
type Answer struct {
	Status int64 // 200, or 300 to 699
	Reason string
}

// Accepts reports whether the registration is successful.
func (a Answer) Accepts() bool { return a.Status == 200 }

// AnswerOf returns an answer with the standard reason if reason is empty.
func AnswerOf(status int64, reason string) Answer {
	if status == 200 {
		return accepted()
	}
	return Answer{status, cmp.Or(reason, reasonOf(status))}
}

func accepted() Answer { return Answer{Status: 200, Reason: "OK"} }

// Answerable reports whether a status is a final answer: 200, or 300 to 699.
func Answerable(status int64) bool { return status == 200 || status >= 300 && status <= 699 }
