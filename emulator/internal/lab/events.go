package lab

import (
	"iter"
	"reflect"
	"sync"
	"sync/atomic"
	"time"

	"github.com/voxemu/voxemu/emulator/internal/store"
	"github.com/voxemu/voxemu/emulator/journal"
	"github.com/voxemu/voxemu/emulator/vox"
)

// Event is something that happened.
type Event struct {
	// Type is call, callback, registration, account, user, clock, state or lost.
	Type string
	// Data is written as JSON.
	Data any
}

// listeners are who listens to what happens. Without a listener nothing is
// prepared.
type listeners struct {
	size atomic.Int64
	mu   sync.Mutex // guards what follows
	all  map[*listener]struct{}
}

// listener gets the events about an account, or about all (0).
type listener struct {
	account int64
	events  chan Event

	mu   sync.Mutex // guards lost
	lost int
}

// eventBuffer is how many events a listener may be behind.
const eventBuffer = 1024

// Subscribe gives what happens from now on, to an account or to all (0), until
// cancel. A slow listener loses events instead of holding up others.
func (l *Lab) Subscribe(accountID int64) (events <-chan Event, cancel func()) {
	one := &listener{account: accountID, events: make(chan Event, eventBuffer)}
	l.listeners.add(one)
	stop := l.journal.Listen(journal.Filter{AccountID: accountID}, func(e journal.Request) {
		one.offer(Event{Type: string(e.Kind), Data: e})
	})
	return one.events, func() {
		stop()
		l.listeners.remove(one)
	}
}

func (a *listeners) add(l *listener) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.all == nil {
		a.all = map[*listener]struct{}{}
	}
	a.all[l] = struct{}{}
	a.size.Add(1)
}

func (a *listeners) remove(l *listener) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if _, ok := a.all[l]; ok {
		delete(a.all, l)
		a.size.Add(-1)
	}
}

// publish offers an event about an account, or about everything (0).
func (a *listeners) publish(accountID int64, event Event) {
	a.mu.Lock()
	defer a.mu.Unlock()
	for l := range a.all {
		if accountID == 0 || l.account == 0 || l.account == accountID {
			l.offer(event)
		}
	}
}

// offer never waits: a listener that is too slow loses events and gets their
// number as soon as there is room.
func (l *listener) offer(event Event) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.lost > 0 && !l.put(Event{Type: "lost", Data: lostEvents{l.lost}}) {
		l.lost++
		return
	}
	l.lost = 0
	if !l.put(event) {
		l.lost = 1
	}
}

func (l *listener) put(event Event) bool {
	select {
	case l.events <- event:
		return true
	default:
		return false
	}
}

type lostEvents struct {
	Lost int `json:"lost"`
}

// stateChange is what became of a row, which is in one of the last members.
type stateChange struct {
	Change       string              `json:"change"` // created, changed or deleted
	At           time.Time           `json:"at"`
	Registration *Registration       `json:"registration,omitempty"`
	Account      *vox.AccountSummary `json:"account,omitempty"`
	User         *User               `json:"user,omitempty"`
}

// observe sees what every write has changed: it adds the callbacks that are due
// for it, and publishes events after the commit.
func (l *Lab) observe(tx *store.Tx) error {
	if err := l.callbacks.Note(tx); err != nil || l.listeners.size.Load() == 0 {
		return err
	}
	publishChanges(l, tx, "account", store.Accounts(tx).Changes(), vox.Account.Summary, func(a vox.AccountSummary, c *stateChange) int64 {
		c.Account = &a
		return a.ID
	})
	publishChanges(l, tx, "user", store.Users(tx).Changes(), userOf, func(u User, c *stateChange) int64 {
		c.User = &u
		return u.AccountID
	})
	publishChanges(l, tx, "registration", store.Registrations(tx).Changes(), registrationOf, func(r Registration, c *stateChange) int64 {
		c.Registration = &r
		return r.AccountID
	})
	return nil
}

// publishChanges publishes rows whose view differs. enter puts the view into the
// event and gives the row's account.
func publishChanges[R, V any](l *Lab, tx *store.Tx, kind string, changes iter.Seq2[*R, *R], view func(R) V, enter func(V, *stateChange) int64) {
	for before, after := range changes {
		change := stateChange{Change: "changed", At: tx.Now()}
		row := after
		switch {
		case before == nil:
			change.Change = "created"
		case after == nil:
			change.Change, row = "deleted", before
		case reflect.DeepEqual(view(*before), view(*after)):
			continue
		}
		account := enter(view(*row), &change)
		tx.AfterCommit(func() { l.listeners.publish(account, Event{Type: kind, Data: change}) })
	}
}

// publishReplaced says that the whole state is another one.
func (l *Lab) publishReplaced() {
	l.listeners.publish(0, Event{Type: "state", Data: map[string]string{"change": "replaced"}})
}

// publishClock says that the clock was moved, stopped or resumed.
func (l *Lab) publishClock() {
	if l.listeners.size.Load() > 0 {
		l.listeners.publish(0, Event{Type: "clock", Data: l.Clock()})
	}
}
