package lab

import (
	"context"
	"fmt"
	"runtime/debug"
	"sync/atomic"
	"time"

	"github.com/voxemu/voxemu/emulator/internal/callback"
	"github.com/voxemu/voxemu/emulator/internal/scheduler"
	"github.com/voxemu/voxemu/emulator/internal/sipreg"
	"github.com/voxemu/voxemu/emulator/internal/store"
)

// agendas are what the clock runs; of events at the same moment those of the
// first agenda come first.
func (l *Lab) agendas() []scheduler.Agenda {
	return []scheduler.Agenda{
		l.agenda("registration", sipreg.NextDue, sipreg.RunNext, sipreg.PostponeNext),
		l.agenda("renewal", sipreg.NextRenewal, sipreg.Renew, nil),
		l.callbackAgenda(),
	}
}

// callbackAgenda are the retries. Time does not move on before what was sent at
// a moment is answered.
func (l *Lab) callbackAgenda() scheduler.Agenda {
	agenda := l.agenda("callback", callback.NextDue, l.callbacks.RunNext, nil)
	agenda.Settle = func() { _ = l.callbacks.Settle(context.Background()) } // without an end, no error
	return agenda
}

// agenda runs each event in a transaction of its own, at its own moment. An
// event that fails is our bug: it is logged with its reason, and put off by
// postpone so that it does not keep the others from happening; without a postpone
// the whole agenda rests.
func (l *Lab) agenda(name string, next func(*store.Tx) (time.Time, bool), run, postpone func(*store.Tx) error) scheduler.Agenda {
	return scheduler.Agenda{
		Next: l.remembered(next),
		Run:  func(at time.Time) error { return l.store.Write(at, unpanicked(run)) },
		Postpone: func(at time.Time, cause error) error {
			l.logger.Error("an event failed and is put off", "agenda", name, "at", at, "error", cause)
			if postpone == nil {
				return cause
			}
			return l.store.Write(at, unpanicked(postpone))
		},
	}
}

// remembered asks again for the moment of the next event only after something was
// committed: every call asks.
func (l *Lab) remembered(next func(*store.Tx) (time.Time, bool)) func() (time.Time, bool) {
	type answer struct {
		commits uint64 // before it was asked for
		at      time.Time
		ok      bool
	}
	var last atomic.Pointer[answer]
	return func() (time.Time, bool) {
		commits := l.store.Commits()
		if known := last.Load(); known != nil && known.commits == commits {
			return known.at, known.ok
		}
		fresh := &answer{commits: commits}
		_ = l.store.Read(time.Time{}, func(tx *store.Tx) error { // the function returns no error
			fresh.at, fresh.ok = next(tx)
			return nil
		})
		last.Store(fresh)
		return fresh.at, fresh.ok
	}
}

// unpanicked turns a panic into an error: an event that fails must not take the
// program with it.
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
