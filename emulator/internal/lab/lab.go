// Package lab is the domain layer of the control API: it loads, adds, exports and resets
// the state, keeps snapshots, creates accounts, moves the clock, answers for the
// registrar, redelivers callbacks, and reports events. It does not use HTTP; package
// control serves it under /_voxemu, package emulator offers it in Go.
//
// Errors wrap [vox.ErrNotFound], [vox.ErrConflict] or [vox.ErrInvalid], or are
// [vox.Mistakes]; others are bugs.
package lab

import (
	"cmp"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"github.com/voxemu/voxemu/emulator/internal/broker"
	"github.com/voxemu/voxemu/emulator/internal/callback"
	"github.com/voxemu/voxemu/emulator/internal/inject"
	"github.com/voxemu/voxemu/emulator/internal/listen"
	"github.com/voxemu/voxemu/emulator/internal/requestlog"
	"github.com/voxemu/voxemu/emulator/internal/scheduler"
	"github.com/voxemu/voxemu/emulator/internal/store"
	"github.com/voxemu/voxemu/scenarios"
)

// Lab acts on the state of one server. Its methods are safe for concurrent use.
type Lab struct {
	reader    scenarios.Reader
	store     *store.Store
	clock     *scheduler.Clock
	faults    *inject.Engine
	journal   *requestlog.Log
	callbacks *callback.Deliverer
	keys      *listen.Keyring
	logger    *slog.Logger
	events    broker.Broker[Event]
	history   histories
	balances  balances
	real      realLine
	upcoming  atomic.Pointer[upcoming] // nil: not read yet

	mu        sync.Mutex // guards the fields below
	loaded    scenarios.Scenario
	names     []string
	made      map[int64]scenarios.Scenario // by account: what CreateAccount made since the last load
	snapshots map[string]snapshot
}

// Config is the parts that a lab works with; all fields but Store and SIP are required.
type Config struct {
	Reader scenarios.Reader
	// Store is the state; nil: an empty one.
	Store   *store.Store
	Clock   *scheduler.Clock
	Faults  *inject.Engine
	Journal *requestlog.Log
	Keys    *listen.Keyring
	Logger  *slog.Logger
	// AllowPublic allows callbacks to public addresses.
	AllowPublic bool
	// SIP allows real registrations; nil: scenarios with some are refused.
	SIP *SIP
}

// New returns a lab and sets the events that the clock runs. No scenario is loaded yet. It
// returns an error if a kind of row lacks its table or section.
func New(c Config) (*Lab, error) {
	if err := kindsFit(); err != nil {
		return nil, err
	}
	if c.Store == nil {
		c.Store = store.New()
	}
	l := &Lab{
		reader: c.Reader, store: c.Store, clock: c.Clock, faults: c.Faults, journal: c.Journal,
		keys: c.Keys, logger: c.Logger, snapshots: map[string]snapshot{},
	}
	l.callbacks = l.deliverer(c.AllowPublic)
	l.connectSIP(c.SIP)
	l.store.Observe(l.observe)
	l.clock.Follow(l.agendas()...)
	return l, nil
}

// Store returns the state.
func (l *Lab) Store() *store.Store { return l.store }

// PauseCallbacks keeps callbacks in the queue and aborts running attempts.
func (l *Lab) PauseCallbacks() { l.callbacks.Pause() }

// ResumeCallbacks ends one [Lab.PauseCallbacks].
func (l *Lab) ResumeCallbacks() { l.callbacks.Resume() }

// write runs fn in a transaction, after everything that is due. The error is fn's.
func (l *Lab) write(fn func(*store.Tx) error) error {
	now, release := l.clock.Hold()
	defer release()
	defer l.clock.Wake() // something may be due earlier than before
	return l.store.Write(now, fn)
}

// replace replaces the state by calling fn, after everything that is due in the old one.
// at is the time at which the new state starts, zero: now. The error is fn's.
func (l *Lab) replace(at time.Time, fn func(now time.Time) error) error {
	l.callbacks.Pause() // attempts belong to the old state
	defer l.callbacks.Resume()
	now, release := l.clock.Hold()
	defer release()
	defer l.clock.Wake() // other events are due
	return fn(cmp.Or(at, now))
}

// read runs fn on a snapshot of the state, without running due events. The error is fn's.
func (l *Lab) read(fn func(*store.Tx) error) error { return l.store.Read(l.clock.Now(), fn) }
