package scheduler

import (
	"errors"
	"fmt"
	"time"
)

// Agenda is a source of events that a clock runs. The clock holds its lock while it calls
// Next, Run and Postpone; they must not call the clock.
type Agenda struct {
	// Next returns the time of the earliest event; false if there is none. It must be
	// fast, because it is called before each API request.
	Next func() (time.Time, bool)
	// Run runs the earliest event; at is its time. Afterwards Next must not return the
	// same event again.
	Run func(at time.Time) error
	// Postpone moves an event that failed to a later time; cause is the error of Run. If
	// Postpone is nil or fails, the agenda rests for an hour of the emulator's time, so
	// that the other agendas continue.
	Postpone func(at time.Time, cause error) error
	// Settle, if not nil, waits for the effects of past events outside the state, for
	// example until callbacks are delivered. Advance and Set call it before they leave a
	// point in time. API requests never wait for it; the receiver of a callback can send
	// some.
	Settle func()
}

// rest is the pause after a failure of an agenda that cannot postpone events.
const rest = time.Hour

// Follow sets the agendas; call it before the clock is used. Events run in the order of
// their times and, at the same time, in the order of the agendas.
func (c *Clock) Follow(agendas ...Agenda) {
	c.agendas, c.rests = agendas, make([]time.Time, len(agendas))
}

// CatchUp runs everything that is due by now, in order, including what these events made
// due. It returns the errors of failed events, which have been postponed.
func (c *Clock) CatchUp() error {
	c.running.Lock()
	defer c.running.Unlock()
	var f failures
	c.runAll(c.Now(), &f)
	return f.err()
}

// Hold runs everything that is due by now. Until release is called, the clock does not
// run events and does not advance, so the holder sees one point in time. Several callers
// can hold at once. During an Advance, now is the time of its current events, so that a
// caller waits at most for the events of one point in time. Hold only briefly and not
// twice; call Wake afterwards if something became due meanwhile.
func (c *Clock) Hold() (now time.Time, release func()) {
	for {
		c.running.RLock()
		now := c.Now()
		if at, agenda := c.next(); agenda < 0 || at.After(now) {
			return now, c.running.RUnlock
		}
		c.running.RUnlock()
		_ = c.CatchUp() // Postpone has reported the errors
	}
}

// moveTo runs everything up to the target and sets the clock to it.
func (c *Clock) moveTo(target time.Time, m Move) error {
	if err := within(target); err != nil {
		return err
	}
	c.pause()
	defer c.resume()
	var f failures
	c.running.Lock()
	c.runAll(c.Now(), &f)
	c.running.Unlock()
	c.settle()
	for more := true; more; {
		if m.isInterrupted() {
			return errors.Join(f.err(), fmt.Errorf("%w at %s, on the way to %s", ErrInterrupted, c.Now().Format(time.RFC3339), target.Format(time.RFC3339)))
		}
		more = c.step(target, &f)
		c.settle()
		if m.Progress != nil && more {
			m.Progress(c.Now())
		}
	}
	return f.err()
}

// step moves to the time of the next event and runs everything due then. It returns
// false, with the clock at the target, if there is no event before the target. Requests
// can make things due at the current time repeatedly; they are excluded from here until
// the clock has moved, so that each step makes progress.
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

// pause stops the clock between the steps of an Advance.
func (c *Clock) pause() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now, c.moving = c.read(), true
}

// resume ends pause. The duration of the Advance does not count.
func (c *Clock) resume() {
	c.mu.Lock()
	c.moving = false
	c.ahead = time.Until(c.now)
	c.moves++
	c.mu.Unlock()
	c.Wake()
}

// runAll runs everything due by a time, each event at its own, including what these
// events make due; false if there was nothing.
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

// next returns the earliest event's time and agenda; -1 if there is none.
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

// reach moves a standing clock to a time unless that is in the past.
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

// failures counts failed events. It keeps only the first error, because their number is
// unlimited.
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
