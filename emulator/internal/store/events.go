package store

import "time"

// events are what happens to rows by itself.
type events struct {
	next func(*Tx) (time.Time, bool)
	run  func(*Tx) error
}

// maxEvents bounds how many events a write carries out: each of them looks through
// the rows that are not committed yet.
const maxEvents = 32

// Follow has every write carry out the events that are due at its time as soon as
// it has succeeded: each in a transaction of its own, at its own moment, seen by
// the observer, and committed together with the write that made it due, which
// makes it half as expensive. next is the moment of the earliest event, run carries
// it out. An event that fails or panics changes nothing and is left, with those
// after it, to whoever looks for it: the write itself succeeds. Of very many
// events the later ones are left as well. Call it before the store is used.
func (s *Store) Follow(next func(*Tx) (time.Time, bool), run func(*Tx) error) {
	s.events = &events{next, s.observed(run)}
}

// runDue carries out what is due by now.
func (e *events) runDue(g *group, now time.Time) {
	for range maxEvents {
		at, ok := e.next(&Tx{now: now, changes: &g.changes})
		if !ok || at.After(now) || g.run(at, e.run) != nil {
			return
		}
	}
}
