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

// agendas returns the agendas of the clock. At the same time, events of the first agenda
// run first.
func (l *Lab) agendas() []scheduler.Agenda {
	return []scheduler.Agenda{
		l.agenda("registration", sipreg.NextDue, sipreg.RunNext, sipreg.PostponeNext),
		l.agenda("renewal", sipreg.NextRenewal, sipreg.Renew, nil),
		l.callbackAgenda(),
	}
}

// callbackAgenda runs the retries of callbacks. The clock does not leave a point in time
// before the callbacks sent at it are answered.
func (l *Lab) callbackAgenda() scheduler.Agenda {
	agenda := l.agenda("callback", callback.NextDue, l.callbacks.RunNext, nil)
	agenda.Settle = func() { _ = l.callbacks.Settle(context.Background()) } // no error: the context never ends
	return agenda
}

// agenda runs each event in its own transaction, at its own time. An event that fails is
// a bug: it is logged and postponed, so that other events can run. Without postpone the
// whole agenda rests.
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

// remembered caches the time of the next event until something is committed, because each
// request reads it.
func (l *Lab) remembered(next func(*store.Tx) (time.Time, bool)) func() (time.Time, bool) {
	type answer struct {
		commits uint64 // at the time of the last read
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
		_ = l.store.Read(time.Time{}, func(tx *store.Tx) error { // the function never fails
			fresh.at, fresh.ok = next(tx)
			return nil
		})
		last.Store(fresh)
		return fresh.at, fresh.ok
	}
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
