package scheduler

import (
	"fmt"
	"time"
)

// Agenda is a list of events that a clock runs. The clock calls Next and Run
// while it lets nobody else in; neither may call the clock.
type Agenda struct {
	// Next is the moment of the earliest event; false: there is none. It is
	// called before every call of the API, so it must be cheap.
	Next func() (time.Time, bool)
	// Run carries out the earliest event; at is its own moment. Afterwards Next
	// must not tell of the same event again.
	Run func(at time.Time) error
	// Postpone is told why Run failed, and moves that event to a later moment.
	// When it is missing or fails as well, the agenda rests for an hour of the
	// emulator's time, so that the other agendas go on.
	Postpone func(at time.Time, cause error) error
	// Settle, when given, waits until what the events so far have set off outside
	// of the state is over, for example until callbacks are delivered. Advance
	// and Set call it before they leave a moment; calls of the API never wait for
	// it, and may be made by what it waits for.
	Settle func()
}

// rest is how long an agenda is left alone that fails and cannot postpone.
const rest = time.Hour

// Follow sets the agendas; call it before the clock is used. The earliest event
// of all comes first, and of several at the same moment that of the first agenda.
func (c *Clock) Follow(agendas ...Agenda) {
	c.agendas, c.rests = agendas, make([]time.Time, len(agendas))
}

// CatchUp runs everything that is due by now, in order, and returns when it is
// done, including what those events made due. Errors: events that failed; they
// have been put off.
func (c *Clock) CatchUp() error {
	c.running.Lock()
	defer c.running.Unlock()
	var f failures
	c.runAll(c.Now(), &f)
	return f.err()
}

// Hold runs what is due by now and then keeps the clock from running events and
// from advancing until release is called: whoever holds it sees one moment, with
// everything done that is due by then. Several may hold it at once. While an
// Advance is under way, that moment is the one that its events are at: a call is
// never kept waiting for more than the events of one moment. Hold it briefly, and
// do not hold it twice. Who has made something due meanwhile calls Wake.
func (c *Clock) Hold() (now time.Time, release func()) {
	for {
		c.running.RLock()
		now := c.Now()
		if at, agenda := c.next(); agenda < 0 || at.After(now) {
			return now, c.running.RUnlock
		}
		c.running.RUnlock()
		_ = c.CatchUp() // whoever postpones an event has reported why
	}
}

// moveTo runs everything up to the target and arrives there.
func (c *Clock) moveTo(target time.Time) error {
	if err := within(target); err != nil {
		return err
	}
	c.stand()
	defer c.goOn()
	var f failures
	c.running.Lock()
	c.runAll(c.Now(), &f)
	c.running.Unlock()
	c.settle()
	for more := true; more; {
		more = c.step(target, &f)
		c.settle()
	}
	return f.err()
}

// step goes to the moment of the next event and runs all that is due then; false:
// there is none up to the target, and the clock has arrived there. Calls may make
// things due at the moment under way, again and again; they are shut out from
// here to the next moment, so that each step moves the clock.
func (c *Clock) step(target time.Time, f *failures) (more bool) {
	c.running.Lock()
	defer c.running.Unlock()
	c.runAll(c.Now(), f)
	at, agenda := c.next()
	if agenda < 0 || at.After(target) {
		c.reach(target)
		return false
	}
	c.reach(at)
	c.runAll(at, f)
	return true
}

// stand stops the clock between the steps of an Advance.
func (c *Clock) stand() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now, c.moving = c.read(), true
}

// goOn ends stand: the time that the Advance took does not count.
func (c *Clock) goOn() {
	c.mu.Lock()
	c.moving = false
	c.ahead = time.Until(c.now)
	c.moves++
	c.mu.Unlock()
	c.Wake()
}

// runAll runs what is due by a moment, each event at its own, and what that makes
// due; false: there was nothing.
func (c *Clock) runAll(by time.Time, f *failures) (ran bool) {
	for at, agenda := c.next(); agenda >= 0 && !at.After(by); at, agenda = c.next() {
		c.run(agenda, at, f)
		ran = true
	}
	return ran
}

// run runs the earliest event of an agenda.
func (c *Clock) run(agenda int, at time.Time, f *failures) {
	a := c.agendas[agenda]
	c.rests[agenda] = time.Time{}
	err := a.Run(at)
	if err == nil {
		return
	}
	f.add(err)
	if a.Postpone == nil || a.Postpone(at, err) != nil {
		c.rests[agenda] = at.Add(rest)
	}
}

// next is the earliest event and its agenda; -1: there is none.
func (c *Clock) next() (earliest time.Time, agenda int) {
	agenda = -1
	for i, a := range c.agendas {
		at, ok := a.Next()
		if !ok {
			continue
		}
		if at.Before(c.rests[i]) {
			at = c.rests[i]
		}
		if agenda < 0 || at.Before(earliest) {
			earliest, agenda = at, i
		}
	}
	return earliest, agenda
}

// reach moves a standing clock to a moment, unless that has passed.
func (c *Clock) reach(at time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if at.After(c.now) {
		c.now = at
	}
}

func (c *Clock) settle() {
	for _, a := range c.agendas {
		if a.Settle != nil {
			a.Settle()
		}
	}
}

// failures counts events that failed; it keeps only the first reason, because
// there may be any number of them.
type failures struct {
	first error
	count int
}

func (f *failures) add(err error) {
	if f.count++; f.count == 1 {
		f.first = err
	}
}

func (f *failures) err() error {
	if f.count == 0 {
		return nil
	}
	return fmt.Errorf("%d events failed and were put off; the first: %w", f.count, f.first)
}
