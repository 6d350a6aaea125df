package lab

import (
	"fmt"
	"maps"
	"sync"
	"time"

	"github.com/voxemu/voxemu/emulator/internal/store"
	"github.com/voxemu/voxemu/emulator/vox"
)

// Step is one thing that happened to a registration.
type Step struct {
	// At is the time on the emulator's clock.
	At time.Time `json:"at"`
	// What is created, updated, bound, registering, registered, recovered, refused,
	// offline, frozen, thawed, renewed or deleted.
	What string `json:"what"`
	// StatusCode and Reason are the registrar's answer; 0: the step is no answer.
	StatusCode int64  `json:"status_code,omitempty"`
	Reason     string `json:"reason,omitempty"`
	// Times counts this step and equal ones that followed it, the last one at Last.
	Times int64     `json:"times"`
	Last  time.Time `json:"last"`
}

// History is what happened to a registration since its state was loaded.
type History struct {
	Steps []Step `json:"steps"`
	// Evicted is the number of older steps, of all registrations, that were dropped
	// because there is a maximum.
	Evicted int64 `json:"evicted"`
}

// maxSteps is the maximum number of steps of all registrations together, about 3 MB.
const maxSteps = 20_000

// histories are the latest steps of all registrations, in the order of their beginnings.
type histories struct {
	mu      sync.Mutex // guards the fields below
	steps   []owned    // a ring once it is full
	oldest  int
	evicted int64
	latest  map[int64]int // by registration: the index of its latest step
	reached map[vox.State]int64
	frozen  int64
}

type owned struct {
	registration int64
	Step
}

// add adds a step, or counts it if the registration's latest one is equal.
func (h *histories) add(registration int64, s Step) {
	if i, ok := h.latest[registration]; ok {
		last := &h.steps[i]
		if last.What == s.What && last.StatusCode == s.StatusCode && last.Reason == s.Reason {
			last.Times, last.Last = last.Times+1, s.At
			return
		}
	}
	if h.latest == nil {
		h.latest = map[int64]int{}
	}
	s.Times, s.Last = 1, s.At
	if len(h.steps) < maxSteps {
		h.latest[registration] = len(h.steps)
		h.steps = append(h.steps, owned{registration, s})
		return
	}
	gone := h.steps[h.oldest].registration
	if h.latest[gone] == h.oldest {
		delete(h.latest, gone)
	}
	h.evicted++
	h.steps[h.oldest] = owned{registration, s}
	h.latest[registration] = h.oldest
	h.oldest = (h.oldest + 1) % maxSteps
}

// of returns the steps of a registration, oldest first.
func (h *histories) of(registration int64) History {
	found := History{Steps: []Step{}, Evicted: h.evicted}
	for i := range h.steps {
		if s := h.steps[(h.oldest+i)%len(h.steps)]; s.registration == registration {
			found.Steps = append(found.Steps, s.Step)
		}
	}
	return found
}

// keepHistory records what the transaction does to registrations, once it is committed.
func (l *Lab) keepHistory(tx *store.Tx) {
	var made []owned
	var reached []vox.State
	var frozen int64
	for before, after := range store.Changes(tx, store.Registrations) {
		made = appendSteps(made, tx.Now(), before, after)
		if after != nil && (before == nil || before.State != after.State) {
			reached = append(reached, after.State)
		}
		if after != nil && after.Deactivated && (before == nil || !before.Deactivated) {
			frozen++
		}
	}
	if len(made)+len(reached) == 0 {
		return
	}
	tx.AfterCommit(func() {
		l.history.mu.Lock()
		defer l.history.mu.Unlock()
		for _, s := range made {
			l.history.add(s.registration, s.Step)
		}
		l.history.count(reached, frozen)
	})
}

// count counts what registrations reached.
func (h *histories) count(reached []vox.State, frozen int64) {
	if h.reached == nil {
		h.reached = map[vox.State]int64{}
	}
	for _, state := range reached {
		h.reached[state]++
	}
	h.frozen += frozen
}

// Reached returns how often registrations reached each state, and how often a subscription
// was frozen, since the start or the last [Lab.ClearReached]. What a scenario begins with
// is not counted.
func (l *Lab) Reached() (states map[vox.State]int64, frozen int64) {
	l.history.mu.Lock()
	defer l.history.mu.Unlock()
	return maps.Clone(l.history.reached), l.history.frozen
}

// ClearReached sets the counters of [Lab.Reached] to 0.
func (l *Lab) ClearReached() {
	l.history.mu.Lock()
	defer l.history.mu.Unlock()
	l.history.reached, l.history.frozen = nil, 0
}

// clear drops all steps: they belong to the state that was replaced.
func (h *histories) clear() {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.steps, h.latest, h.oldest, h.evicted = nil, nil, 0, 0
}

// appendSteps appends what changed between two versions of a row, nil before its creation
// and after its deletion.
func appendSteps(list []owned, at time.Time, before, after *vox.Registration) []owned {
	if after == nil {
		return append(list, owned{before.ID, Step{At: at, What: "deleted"}})
	}
	step := func(what string) { list = append(list, owned{after.ID, Step{At: at, What: what}}) }
	if before == nil {
		step("created")
		before = &vox.Registration{NextRenewal: after.NextRenewal, ApplicationID: after.ApplicationID, RuleID: after.RuleID, UserID: after.UserID}
		before.SIPUsername, before.Proxy, before.AuthUser = after.SIPUsername, after.Proxy, after.AuthUser
		before.OutboundProxy, before.Password, before.NonPersistent = after.OutboundProxy, after.Password, after.NonPersistent
	}
	if before.SIPUsername != after.SIPUsername || before.Proxy != after.Proxy || before.AuthUser != after.AuthUser ||
		before.OutboundProxy != after.OutboundProxy || before.Password != after.Password || before.NonPersistent != after.NonPersistent {
		step("updated")
	}
	if before.ApplicationID != after.ApplicationID || before.RuleID != after.RuleID || before.UserID != after.UserID {
		step("bound")
	}
	switch {
	case after.Deactivated && !before.Deactivated:
		step("frozen")
	case before.Deactivated && !after.Deactivated:
		step("thawed")
	case !before.NextRenewal.Equal(after.NextRenewal):
		step("renewed")
	}
	if what := answered(before, after); what != "" {
		s := Step{At: at, What: what}
		if after.State == vox.Failed || after.State == vox.Successful {
			s.StatusCode, s.Reason = after.StatusCode, after.ErrorMessage
		}
		list = append(list, owned{after.ID, s})
	}
	return list
}

// answered returns what happened between the platform and the registrar; empty: nothing.
func answered(before, after *vox.Registration) string {
	same := before.State == after.State && before.StatusCode == after.StatusCode && before.ErrorMessage == after.ErrorMessage
	if same && before.Answers == after.Answers {
		return ""
	}
	switch after.State {
	case vox.InProgress:
		return "registering"
	case vox.Failed:
		return "refused"
	case vox.Successful:
		if before.State == vox.Failed {
			return "recovered"
		}
		return "registered"
	case vox.Offline:
		if after.Deactivated || before.State == vox.Offline {
			return "" // frozen says it
		}
		return "offline"
	}
	return ""
}

// RegistrationHistory returns what happened to a registration since its state was loaded,
// after running everything that is due; also to one that was deleted meanwhile. Error:
// [vox.ErrNotFound] if it was never there.
func (l *Lab) RegistrationHistory(id int64) (History, error) {
	if err := l.clock.CatchUp(); err != nil {
		return History{}, err
	}
	known := false
	_ = l.read(func(tx *store.Tx) error { // the function never fails
		_, known = store.Get(tx, store.Registrations, id)
		return nil
	})
	l.history.mu.Lock()
	defer l.history.mu.Unlock()
	found := l.history.of(id)
	if !known && len(found.Steps) == 0 {
		return History{}, fmt.Errorf("registration %d: %w", id, vox.ErrNotFound)
	}
	return found, nil
}
