package lab

import (
	"context"
	"fmt"
	"runtime/debug"
	"time"

	"github.com/voxemu/voxemu/emulator/internal/callback"
	"github.com/voxemu/voxemu/emulator/internal/scheduler"
	"github.com/voxemu/voxemu/emulator/internal/sipreg"
	"github.com/voxemu/voxemu/emulator/internal/store"
)

// agenda is one of the agendas of the clock. At the same time, events of the first run
// first.
type agenda int

const (
	answers agenda = iota
	renewals
	deliveries
	agendaCount
)

// agendas returns the agendas of the clock.
func (l *Lab) agendas() []scheduler.Agenda {
	callbacks := l.agenda(deliveries, "callback", l.callbacks.RunNext, nil)
	// The clock does not leave a point in time before the callbacks sent at it are answered.
	callbacks.Settle = func() { _ = l.callbacks.Settle(context.Background()) } // no error: the context never ends
	return []scheduler.Agenda{
		l.agenda(answers, "registration", sipreg.RunNext, sipreg.PostponeNext),
		l.agenda(renewals, "renewal", sipreg.Renew, nil),
		callbacks,
	}
}

// agenda runs each event in its own transaction, at its own time. An event that fails is
// a bug: it is logged and postponed, so that other events can run. Without postpone the
// whole agenda rests.
func (l *Lab) agenda(a agenda, name string, run, postpone func(*store.Tx) error) scheduler.Agenda {
	return scheduler.Agenda{
		Next: func() (time.Time, bool) {
			next := l.next()
			return next.at[a], next.ok[a]
		},
		Run: func(at time.Time) error { return l.store.Write(at, unpanicked(run)) },
		Postpone: func(at time.Time, cause error) error {
			l.logger.Error("an event failed and is put off", "agenda", name, "at", at, "error", cause)
			if postpone == nil {
				return cause
			}
			return l.store.Write(at, unpanicked(postpone))
		},
	}
}

// upcoming is the time of the next event of each agenda.
type upcoming struct {
	commits uint64 // when it was read
	at      [agendaCount]time.Time
	ok      [agendaCount]bool // false: the agenda has no event
}

// next returns the times of the next events. It keeps them until something is committed,
// because each request asks for them.
func (l *Lab) next() *upcoming {
	commits := l.store.Commits()
	if known := l.upcoming.Load(); known != nil && known.commits == commits {
		return known
	}
	fresh := &upcoming{commits: commits}
	_ = l.store.Read(time.Time{}, func(tx *store.Tx) error { // the function never fails
		fresh.at[answers], fresh.ok[answers] = sipreg.NextDue(tx)
		fresh.at[renewals], fresh.ok[renewals] = sipreg.NextRenewal(tx)
		fresh.at[deliveries], fresh.ok[deliveries] = callback.NextDue(tx)
		return nil
	})
	l.upcoming.Store(fresh)
	return fresh
}

// unpanicked turns a panic into an error, so that a bug in an event does not end the
// program.
func unpanicked(fn func(*store.Tx) error) func(*store.Tx) error {
	return func(tx *store.Tx) (err error) {
		defer func() {
			if p := recover(); p != nil {
				err = fmt.Errorf("panic: %v\n%s", p, debug.Stack())
			}
		}()
		return fn(tx)
	}
}
