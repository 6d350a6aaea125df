package callback_test

import (
	"errors"
	"fmt"
	"maps"
	"net/http"
	"regexp"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/voxemu/voxemu/emulator/internal/store"
	"github.com/voxemu/voxemu/emulator/vox"
)

// model stores what was last reported on each registration instead of comparing rows: an
// independent formulation of the same rules.
type model struct {
	rows     map[int64]vox.Registration
	reported map[int64]bool // as failing
	sent     []string
}

// Each step of a history is one transaction on one registration.
func TestRandomHistoriesSendWhatTheModelSends(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		w := newQuietWorld(t)
		m := model{rows: map[int64]vox.Registration{}, reported: map[int64]bool{}}
		for range rapid.IntRange(1, 30).Draw(t, "steps") {
			m.step(t, w)
		}
		if diff := cmp.Diff(m.sent, whoAndWhat(w)); diff != "" {
			t.Fatalf("callbacks (-model +emulator):\n%s", diff)
		}
	})
}

var registrationID = regexp.MustCompile(`"sip_registration_id":(\d+)`)

// whoAndWhat lists type and registration of the callbacks.
func whoAndWhat(w *world) []string {
	var list []string
	for _, c := range w.callbacks() {
		list = append(list, fmt.Sprint(c.Type, " ", registrationID.FindStringSubmatch(c.Detail)[1]))
	}
	return list
}

var errAborted = errors.New("aborted")

func (m *model) step(t *rapid.T, w *world) {
	id := rapid.Int64Range(1, 3).Draw(t, "id")
	row, exists := m.rows[id]
	aborted := rapid.IntRange(0, 9).Draw(t, "abort") == 0
	if exists && rapid.IntRange(0, 9).Draw(t, "delete") == 0 {
		due := row.Deactivated && !row.DetachDate.IsZero() && !row.DetachDate.After(w.time())
		m.commit(w, aborted, id, nil)
		if due && !aborted {
			m.sends(vox.SubscriptionDetached, id)
		}
		return
	}
	after := m.draw(t, row, id)
	if !m.commit(w, aborted, id, &after) {
		return
	}
	switch {
	case after.State == vox.Failed && !m.reported[id]:
		m.reported[id] = true
		m.sends(vox.RegistrationFailed, id)
	case after.State == vox.Successful && m.reported[id]:
		m.reported[id] = false
		m.sends(vox.RegistrationRecovered, id)
	}
	if exists && after.Deactivated && !row.Deactivated {
		m.sends(vox.SubscriptionFrozen, id)
	}
	if exists && !after.Deactivated && row.NextRenewal.Before(after.NextRenewal) {
		m.sends(vox.SubscriptionsRenewed, id)
	}
}

// draw returns a new version of the row.
func (m *model) draw(t *rapid.T, row vox.Registration, id int64) vox.Registration {
	row.ID, row.AccountID = id, 1
	row.State = rapid.SampledFrom(vox.States()).Draw(t, "state")
	row.Deactivated = rapid.Bool().Draw(t, "deactivated")
	if rapid.Bool().Draw(t, "renews") {
		row.NextRenewal = row.NextRenewal.AddDate(0, 1, 0)
	}
	row.DetachDate = time.Time{}
	if row.Deactivated {
		row.DetachDate = noon.Add(time.Duration(rapid.IntRange(-1, 1).Draw(t, "detach")) * time.Hour)
	}
	return row
}

// commit writes or deletes the row; false if the transaction was aborted. It reads the
// row first, as the emulator does, so that fields set by the deliverer are kept.
func (m *model) commit(w *world, aborted bool, id int64, row *vox.Registration) bool {
	err := w.store.Write(w.time(), func(tx *store.Tx) error {
		if row == nil {
			store.Delete(tx, store.Registrations, id)
		} else {
			current, _ := store.Get(tx, store.Registrations, id)
			row.Failing = current.Failing
			if err := store.Put(tx, store.Registrations, *row); err != nil {
				return err
			}
		}
		if aborted {
			return errAborted
		}
		return nil
	})
	if (err != nil) != aborted {
		w.Fatal(err)
	}
	if aborted {
		return false
	}
	if row == nil {
		delete(m.rows, id)
		delete(m.reported, id)
		return true
	}
	m.rows[id] = *row
	return true
}

func (m *model) sends(kind vox.CallbackType, id int64) {
	m.sent = append(m.sent, fmt.Sprint(kind, " ", id))
}

// behaviours are the reactions of a receiver to a request.
var behaviours = map[string]func(http.ResponseWriter){
	"accept":  func(http.ResponseWriter) {},
	"refuse":  func(w http.ResponseWriter) { w.WriteHeader(500) },
	"move":    func(w http.ResponseWriter) { w.WriteHeader(302) },
	"hang up": func(http.ResponseWriter) { panic(http.ErrAbortHandler) },
	"break off": func(w http.ResponseWriter) {
		w.Header().Set("Content-Length", "100")
		w.WriteHeader(200)
		panic(http.ErrAbortHandler)
	},
}

// For all behaviours of receivers and all times of callbacks: each callback ends as
// delivered or given up, no attempt number is used twice, each attempt that reached a
// receiver is recorded, and each account gets its callbacks in order.
func TestNothingIsLostRepeatedOrReorderedWhateverReceiversDo(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		plan := rapid.SliceOfN(rapid.SampledFrom(slices.Sorted(maps.Keys(behaviours))), 1, 20).Draw(t, "plan")
		r := newReceiver(t, func(n int, w http.ResponseWriter, _ *http.Request) { behaviours[plan[n%len(plan)]](w) })
		w := newWorld(t, r.URL)
		id := int64(0)
		for range rapid.IntRange(1, 12).Draw(t, "steps") {
			if rapid.Bool().Draw(t, "wait") {
				w.advance(time.Duration(rapid.IntRange(1, 3600).Draw(t, "seconds")) * time.Second)
				continue
			}
			for range rapid.IntRange(1, 3).Draw(t, "failures") {
				id++
				w.put(failed(rapid.Int64Range(1, 2).Draw(t, "account"), id))
			}
			if rapid.IntRange(0, 4).Draw(t, "pause") == 0 {
				w.deliverer.Pause()
				w.deliverer.Resume()
			}
		}
		w.advance(1000 * time.Hour)
		judge(t, w, r, id)
	})
}

func judge(t *rapid.T, w *world, r *receiver, made int64) {
	attempts := map[string]bool{}
	numbers := map[int64]int64{}
	last := map[int64]int64{}
	unseen := map[int64]int{}
	for _, a := range w.recorded() {
		for _, c := range a.Callbacks {
			number := fmt.Sprint(c.ID, ".", c.Attempts)
			if attempts[number] {
				t.Errorf("attempt %s was made twice", number)
			}
			attempts[number] = true
			numbers[c.ID] = max(numbers[c.ID], c.Attempts)
			if c.ID < last[c.AccountID] {
				t.Errorf("account %d: callback %d after %d", c.AccountID, c.ID, last[c.AccountID])
			}
			last[c.AccountID] = c.ID
			unseen[c.ID]++
		}
	}
	for _, request := range r.received(t) {
		for _, id := range request {
			if unseen[id]--; unseen[id] < 0 {
				t.Errorf("callback %d was sent more often than recorded", id)
			}
		}
	}
	callbacks := w.callbacks()
	if int64(len(callbacks)) != made {
		t.Errorf("%d callbacks, want %d", len(callbacks), made)
	}
	for _, c := range callbacks {
		if c.State != vox.CallbackDelivered && c.State != vox.CallbackGivenUp {
			t.Errorf("callback %d ended as %s", c.ID, c.State)
		}
		if c.Attempts != numbers[c.ID] {
			t.Errorf("callback %d has %d attempts, %d are recorded", c.ID, c.Attempts, numbers[c.ID])
		}
	}
}
