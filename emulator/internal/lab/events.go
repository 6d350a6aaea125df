package lab

import (
	"iter"
	"reflect"
	"time"

	"github.com/voxemu/voxemu/emulator/internal/broker"
	"github.com/voxemu/voxemu/emulator/internal/store"
	"github.com/voxemu/voxemu/emulator/journal"
	"github.com/voxemu/voxemu/emulator/vox"
)

// Event is one event of a server; see [Event.Read].
type Event struct {
	// Type is call, callback, registration, account, user, clock, state, sip,
	// incoming_call or lost.
	Type string
	// Data is the event's data, which is encoded as JSON.
	Data any

	account int64                  // to which it belongs; 0: all
	money   any                    // Data for subscribers that ask for the members about money
	read    func() journal.Request // of a request, instead of Type and Data
}

// Read returns the event with its type and data. Requests get them only now, on the
// subscriber's time.
func (e Event) Read() Event {
	if e.read != nil {
		request := e.read()
		e.Type, e.Data, e.read = string(request.Kind), request, nil
	}
	return e
}

// IsRequest reports whether the event is a request or a callback of the journal.
func (e Event) IsRequest() bool { return e.read != nil }

// eventBuffer is the number of events stored for a slow subscriber.
const eventBuffer = 1024

// Subscribe returns a channel of the events of an account, or of all (0), from now on
// until cancel; registrations have the members about money or not. A slow subscriber does
// not block others: it loses events, and receives their number instead.
func (l *Lab) Subscribe(accountID int64, money bool) (events <-chan Event, cancel func()) {
	queue := broker.NewQueue(eventBuffer, func(lost int64) Event {
		return Event{Type: "lost", Data: lostEvents{lost}}
	})
	stopEvents := l.events.Listen(func(e Event) {
		if accountID != 0 && e.account != 0 && e.account != accountID {
			return
		}
		if money && e.money != nil {
			e.Data = e.money
		}
		if e.Data != nil {
			queue.Offer(e)
		}
	})
	stopRequests := l.journal.ListenUnread(journal.Filter{AccountID: accountID}, func(read func() journal.Request) {
		queue.Offer(Event{read: read})
	})
	return queue.Messages(), func() {
		stopRequests()
		stopEvents()
	}
}

type lostEvents struct {
	Lost int64 `json:"lost"`
}

// stateChange is the change of a row, which is in one of the last members.
type stateChange struct {
	Change       string              `json:"change"` // created, changed or deleted
	At           time.Time           `json:"at"`
	Registration *Registration       `json:"registration,omitempty"`
	Account      *vox.AccountSummary `json:"account,omitempty"`
	User         *User               `json:"user,omitempty"`
}

// observe runs before each commit: it adds the callbacks for the changes, and keeps
// histories and publishes events after the commit.
func (l *Lab) observe(tx *store.Tx) error {
	if err := l.callbacks.Note(tx); err != nil {
		return err
	}
	l.keepHistory(tx)
	l.followReal(tx)
	l.keepBalances(tx)
	if !l.events.Active() {
		return nil
	}
	publishChanges(l, tx, "account", store.Changes(tx, store.Accounts), vox.Account.Summary, func(a vox.AccountSummary, c *stateChange) int64 {
		c.Account = &a
		return a.ID
	})
	publishChanges(l, tx, "user", store.Changes(tx, store.Users), userOf, func(u User, c *stateChange) int64 {
		c.User = &u
		return u.AccountID
	})
	l.publishRegistrations(tx)
	return nil
}

// changeOf describes the change of a row and returns the row; the deleted one if there is
// none any more.
func changeOf[R any](tx *store.Tx, before, after *R) (stateChange, *R) {
	change := stateChange{Change: "changed", At: tx.Now()}
	switch {
	case before == nil:
		change.Change = "created"
	case after == nil:
		change.Change, after = "deleted", before
	}
	return change, after
}

// same reports whether a row was changed without a change of its view.
func same[R, V any](before, after *R, view func(R) V) bool {
	return before != nil && after != nil && reflect.DeepEqual(view(*before), view(*after))
}

// publishRegistrations publishes registrations whose view changed. Those who do not ask
// for the members about money are not told when nothing else changed.
func (l *Lab) publishRegistrations(tx *store.Tx) {
	for before, after := range store.Changes(tx, store.Registrations) {
		onlyMoney := same(before, after, registrationOf)
		if onlyMoney && before.Price.Equal(after.Price) && before.MoneyOnHold.Equal(after.MoneyOnHold) {
			continue
		}
		change, row := changeOf(tx, before, after)
		withMoney := change
		full := registrationWithMoney(*row)
		withMoney.Registration = &full
		event := Event{Type: "registration", account: row.AccountID, money: withMoney}
		if !onlyMoney {
			plain := registrationOf(*row)
			change.Registration = &plain
			event.Data = change
		}
		tx.AfterCommit(func() { l.events.Publish(event) })
	}
}

// publishChanges publishes rows whose view changed. enter adds the view to the event and
// returns the row's account.
func publishChanges[R, V any](l *Lab, tx *store.Tx, kind string, changes iter.Seq2[*R, *R], view func(R) V, enter func(V, *stateChange) int64) {
	for before, after := range changes {
		if same(before, after, view) {
			continue
		}
		change, row := changeOf(tx, before, after)
		account := enter(view(*row), &change)
		tx.AfterCommit(func() { l.events.Publish(Event{Type: kind, Data: change, account: account}) })
	}
}

// publishReplaced reports that the whole state was replaced, and drops its
// histories.
func (l *Lab) publishReplaced() {
	l.history.clear()
	l.balances.clear()
	l.syncReal()
	l.events.Publish(Event{Type: "state", Data: map[string]string{"change": "replaced"}})
}

// clockChange reports that the clock was moved, stopped or resumed.
type clockChange struct {
	ClockState
	Change string     `json:"change"`       // advancing, advanced, interrupted, stopped or resumed
	From   time.Time  `json:"from"`         // the time before the change
	To     *time.Time `json:"to,omitempty"` // the target, of advancing
}

// publishProgress reports how far the clock has come on its way.
func (l *Lab) publishProgress(from, to time.Time) {
	if l.events.Active() {
		l.events.Publish(Event{Type: "clock", Data: clockChange{l.Clock(), "advancing", from, &to}})
	}
}

func (l *Lab) publishClock(change string, from time.Time) {
	if l.events.Active() {
		l.events.Publish(Event{Type: "clock", Data: clockChange{l.Clock(), change, from, nil}})
	}
}
