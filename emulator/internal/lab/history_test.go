package lab

import (
	"strconv"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/voxemu/voxemu/emulator/vox"
)

var morning = time.Date(2026, 1, 31, 10, 0, 0, 0, time.UTC)

func words(list []owned) []string {
	var got []string
	for _, s := range list {
		text := s.What
		if s.StatusCode != 0 {
			text += " " + strconv.FormatInt(s.StatusCode, 10)
		}
		got = append(got, text)
	}
	return got
}

func TestEachChangeOfARegistrationIsAStep(t *testing.T) {
	row := vox.Registration{ID: 1, SIPUsername: "a", Proxy: "p", State: vox.Successful, StatusCode: 200, NextRenewal: morning}
	with := func(change func(*vox.Registration)) *vox.Registration { r := row; change(&r); return &r }
	for what, c := range map[string]struct {
		before, after *vox.Registration
		want          []string
	}{
		"created":    {nil, with(func(r *vox.Registration) { r.State, r.StatusCode, r.UserID = vox.InProgress, 0, 7 }), []string{"created", "registering"}},
		"deleted":    {&row, nil, []string{"deleted"}},
		"nothing":    {&row, with(func(r *vox.Registration) { r.Failing = true }), nil},
		"updated":    {&row, with(func(r *vox.Registration) { r.Proxy = "q" }), []string{"updated"}},
		"bound":      {&row, with(func(r *vox.Registration) { r.RuleID = 4 }), []string{"bound"}},
		"refused":    {&row, with(func(r *vox.Registration) { r.State, r.StatusCode = vox.Failed, 403 }), []string{"refused 403"}},
		"recovered":  {with(func(r *vox.Registration) { r.State, r.StatusCode = vox.Failed, 403 }), &row, []string{"recovered 200"}},
		"registered": {with(func(r *vox.Registration) { r.State, r.StatusCode = vox.InProgress, 0 }), &row, []string{"registered 200"}},
		"again":      {&row, with(func(r *vox.Registration) { r.Answers++ }), []string{"registered 200"}},
		"offline":    {&row, with(func(r *vox.Registration) { r.State, r.StatusCode = vox.Offline, 0 }), []string{"offline"}},
		"renewed":    {&row, with(func(r *vox.Registration) { r.NextRenewal = morning.AddDate(0, 1, 0) }), []string{"renewed"}},
		"frozen":     {&row, with(func(r *vox.Registration) { r.Deactivated, r.State, r.StatusCode = true, vox.Offline, 0 }), []string{"frozen"}},
		"thawed": {with(func(r *vox.Registration) { r.Deactivated, r.State, r.StatusCode = true, vox.Offline, 0 }),
			with(func(r *vox.Registration) {
				r.State, r.StatusCode, r.NextRenewal = vox.InProgress, 0, morning.AddDate(0, 1, 0)
			}), []string{"thawed", "registering"}},
	} {
		if diff := cmp.Diff(c.want, words(appendSteps(nil, morning, c.before, c.after))); diff != "" {
			t.Errorf("%s (-want +got):\n%s", what, diff)
		}
	}
}

func TestTheHistoryIsBoundedAndCountsEqualSteps(t *testing.T) {
	var h histories
	for i := range 5 {
		h.add(1, Step{At: morning.Add(time.Duration(i) * time.Hour), What: "refused", StatusCode: 403})
	}
	if got := h.of(1); len(got.Steps) != 1 || got.Steps[0].Times != 5 || !got.Steps[0].Last.Equal(morning.Add(4*time.Hour)) {
		t.Errorf("equal steps: %+v", got)
	}
	for i := range int64(maxSteps) {
		h.add(2+i, Step{At: morning, What: "created"})
	}
	if got := h.of(1); len(got.Steps) != 0 || got.Evicted != 1 || len(h.steps) != maxSteps || len(h.latest) != maxSteps {
		t.Errorf("when it is full: %+v, %d steps, %d latest", got, len(h.steps), len(h.latest))
	}
	h.add(1, Step{At: morning, What: "created"})
	h.add(1, Step{At: morning, What: "renewed"})
	if diff := cmp.Diff([]string{"created", "renewed"}, []string{h.of(1).Steps[0].What, h.of(1).Steps[1].What}); diff != "" {
		t.Errorf("order (-want +got):\n%s", diff)
	}
	h.clear()
	if got := h.of(1); len(got.Steps) != 0 || got.Evicted != 0 {
		t.Errorf("after another state was loaded: %+v", got)
	}
}
