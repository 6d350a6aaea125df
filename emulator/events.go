package emulator

import (
	"iter"
	"reflect"
	"sync"
	"sync/atomic"
	"time"

	"github.com/voxemu/voxemu/emulator/internal/control"
	"github.com/voxemu/voxemu/emulator/internal/store"
	"github.com/voxemu/voxemu/emulator/journal"
)

// audience is who listens at the control door to what happens. Without a listener
// nothing is prepared.
type audience struct {
	size      atomic.Int64
	mu        sync.Mutex // guards what follows
	listeners map[*listener]struct{}
}

// listener gets the events about an account, or about all (0).
type listener struct {
	account int64
	events  chan control.Event

	mu   sync.Mutex // guards lost
	lost int
}

// eventBuffer is how many events a listener may be behind.
const eventBuffer = 1024

// subscribe gives what happens from now on; see [control.Events].
func (s *Server) subscribe(accountID int64) (<-chan control.Event, func()) {
	l := &listener{account: accountID, events: make(chan control.Event, eventBuffer)}
	s.audience.add(l)
	stop := s.journal.Listen(journal.Filter{AccountID: accountID}, func(e journal.Entry) {
		l.offer(control.Event{Type: string(e.Kind), Data: e})
	})
	return l.events, func() {
		stop()
		s.audience.remove(l)
	}
}

func (a *audience) add(l *listener) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.listeners == nil {
		a.listeners = map[*listener]struct{}{}
	}
	a.listeners[l] = struct{}{}
	a.size.Add(1)
}

func (a *audience) remove(l *listener) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if _, ok := a.listeners[l]; ok {
		delete(a.listeners, l)
		a.size.Add(-1)
	}
}

// tell offers an event about an account, or about everything (0).
func (a *audience) tell(accountID int64, event control.Event) {
	a.mu.Lock()
	defer a.mu.Unlock()
	for l := range a.listeners {
		if accountID == 0 || l.account == 0 || l.account == accountID {
			l.offer(event)
		}
	}
}

// offer never waits: a listener that is too slow loses events and is told how many
// as soon as there is room.
func (l *listener) offer(event control.Event) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.lost > 0 && !l.put(control.Event{Type: "lost", Data: lostEvents{l.lost}}) {
		l.lost++
		return
	}
	l.lost = 0
	if !l.put(event) {
		l.lost = 1
	}
}

func (l *listener) put(event control.Event) bool {
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

// stateChange is what became of a row; that is told in one of the last members.
type stateChange struct {
	Change       string                `json:"change"` // created, changed or deleted
	At           time.Time             `json:"at"`
	Registration *control.Registration `json:"registration,omitempty"`
	Account      *control.Account      `json:"account,omitempty"`
	User         *control.User         `json:"user,omitempty"`
}

// observe sees what every write has changed: it adds the callbacks that are due
// for it, and has listeners told after the commit.
func (s *Server) observe(tx *store.Tx) error {
	if err := s.callback.Note(tx); err != nil || s.audience.size.Load() == 0 {
		return err
	}
	tellChanges(s, tx, "account", store.Accounts(tx).Changes(), accountForDoor, func(a control.Account, c *stateChange) int64 {
		c.Account = &a
		return a.ID
	})
	tellChanges(s, tx, "user", store.Users(tx).Changes(), userForDoor, func(u control.User, c *stateChange) int64 {
		c.User = &u
		return u.AccountID
	})
	tellChanges(s, tx, "registration", store.Registrations(tx).Changes(), registrationForDoor, func(r control.Registration, c *stateChange) int64 {
		c.Registration = &r
		return r.AccountID
	})
	return nil
}

// tellChanges tells of rows that look different to the control door. enter puts
// what it sees into the event and gives the row's account.
func tellChanges[R, V any](s *Server, tx *store.Tx, kind string, changes iter.Seq2[*R, *R], view func(R) V, enter func(V, *stateChange) int64) {
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
		tx.AfterCommit(func() { s.audience.tell(account, control.Event{Type: kind, Data: change}) })
	}
}

// tellReplaced says that the whole state is another one.
func (s *Server) tellReplaced() {
	s.audience.tell(0, control.Event{Type: "state", Data: map[string]string{"change": "replaced"}})
}

// tellClock says that the clock was moved, stopped or resumed.
func (s *Server) tellClock() {
	if s.audience.size.Load() > 0 {
		s.audience.tell(0, control.Event{Type: "clock", Data: s.clockRoom().State()})
	}
}
