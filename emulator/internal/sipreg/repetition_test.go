package sipreg_test

import (
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/voxemu/voxemu/emulator/internal/sipreg"
	"github.com/voxemu/voxemu/emulator/vox"
)

const year = 365 * 24 * time.Hour

// answering returns a world whose registrar gives the same answers to all registrations.
func answering(t *testing.T, answers ...int64) *world {
	return newWorld(t, func(s *vox.Settings) { s.Registrar.Rules = []vox.RegistrarRule{{Answers: answers}} })
}

func TestAFailedRegistrationIsRetriedWithGrowingDelayUpToAnHour(t *testing.T) {
	failures := slices.Repeat([]int64{503}, 9)
	w := answering(t, append(failures, 200)...)
	id := w.create(at("pbx.example.com"))
	var pauses []time.Duration
	for at, ok := w.next(); ok; at, ok = w.next() {
		pauses = append(pauses, at.Sub(w.now))
		w.pass(at.Sub(w.now))
	}
	want := []time.Duration{
		time.Minute, 2 * time.Minute, 4 * time.Minute, 8 * time.Minute, 16 * time.Minute, 32 * time.Minute,
		time.Hour, time.Hour, time.Hour,
	}
	if diff := cmp.Diff(want, pauses); diff != "" {
		t.Errorf("pauses (-want +got):\n%s", diff)
	}
	if r := w.registration(id); r.State != vox.Successful || r.ErrorMessage != "" {
		t.Errorf("in the end %s %q, want it recovered", r.State, r.ErrorMessage)
	}
}

func TestASuccessBetweenFailuresStartsTheDelaysAnew(t *testing.T) {
	w := answering(t, 503, 503, 200, 503, 200)
	want := []string{
		"0s failed 503 Service Unavailable", "3m0s successful 200",
		"57m0s failed 503 Service Unavailable", "58m0s successful 200",
	}
	if diff := cmp.Diff(want, w.story(w.create(at("b")), 24*time.Hour)); diff != "" {
		t.Errorf("story (-want +got):\n%s", diff)
	}
}

func TestAnswersThatChangeNothingAreNoEvents(t *testing.T) {
	for _, c := range []struct {
		answers []int64
		events  int // events after the first answer
	}{
		{[]int64{200}, 0}, {[]int64{503}, 0}, {[]int64{403, 200}, 1}, {[]int64{200, 200, 200}, 0}, {[]int64{503, 200, 200}, 1},
	} {
		w := answering(t, c.answers...)
		w.create(at("b"))
		w.pass(year)
		if w.events != c.events {
			t.Errorf("%v: %d events in a year, want %d", c.answers, w.events, c.events)
		}
	}
}

func TestARegistrationThatSucceedsAgainDoesNotChangeLastUpdated(t *testing.T) {
	w := answering(t, 200, 200, 403)
	id := w.create(at("b"))
	w.pass(0)
	w.pass(time.Hour) // refreshed once
	if r := w.registration(id); r.Answers != 2 || !r.LastUpdated.Equal(noon) {
		t.Errorf("answers %d, last updated %v; want 2 and %v", r.Answers, r.LastUpdated, noon)
	}
	w.pass(time.Hour)
	if r := w.registration(id); r.State != vox.Failed || !r.LastUpdated.Equal(noon.Add(108*time.Minute)) {
		t.Errorf("%s, last updated %v; want it failed after 108 minutes", r.State, r.LastUpdated)
	}
}

func TestARegistrationThatStartsOverBeginsTheSequenceAnew(t *testing.T) {
	w := answering(t, 503, 200)
	id := w.create(at("b"))
	w.pass(time.Hour)
	must(w, sipreg.Update, sipreg.UpdateParams{ID: id, Identity: sip("other", "")})
	want := []string{"0s failed 503 Service Unavailable", "1m0s successful 200"}
	if diff := cmp.Diff(want, w.story(id, time.Hour)); diff != "" {
		t.Errorf("story (-want +got):\n%s", diff)
	}
}

// asked computes the state of a registration after a time by sending every REGISTER
// request, including those that change nothing; changed is the time of the last change.
func asked(answers []int64, delay, expires, while time.Duration) (status int64, changed time.Duration) {
	failures := 0
	for n, at := 0, delay; at <= while; n++ {
		answer := answers[min(n, len(answers)-1)]
		if answer != status {
			status, changed = answer, at
		}
		if answer == 200 {
			failures = 0
			at += expires*9/10 + delay
			continue
		}
		at += min(time.Minute<<min(failures, 20), time.Hour) + delay
		failures++
	}
	return status, changed
}

func TestQuietRepetitionsLookLikeRealOnes(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		answers := rapid.SliceOfN(rapid.SampledFrom([]int64{200, 200, 403, 503}), 1, 12).Draw(rt, "answers")
		delay := time.Duration(rapid.Int64Range(0, 90).Draw(rt, "delay")) * time.Second
		expires := time.Duration(rapid.Int64Range(60, 7200).Draw(rt, "expires")) * time.Second
		w := newWorld(t, func(s *vox.Settings) {
			s.Registrar = vox.Registrar{Delay: delay, Expires: expires, Rules: []vox.RegistrarRule{{Answers: answers}}}
		})
		id := w.create(at("pbx.example.com"))
		for range 20 {
			w.pass(time.Duration(rapid.Int64Range(0, 3*3600).Draw(rt, "pass")) * time.Second)
			while := w.now.Sub(noon)
			status, changed := asked(answers, delay, expires, while)
			if r := w.registration(id); r.StatusCode != status || !r.LastUpdated.Equal(noon.Add(changed)) {
				rt.Fatalf("after %v: %d since %v, want %d since %v", while, r.StatusCode, r.LastUpdated.Sub(noon), status, changed)
			}
		}
		if limit := len(answers); w.events > limit {
			rt.Fatalf("%d events, want at most one for each of %d answers", w.events, limit)
		}
	})
}
