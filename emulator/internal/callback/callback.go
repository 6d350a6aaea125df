// Package callback reports changes of an account to the account's HTTP server
// (docs/evidence.md#delivery). It is a transactional outbox: callbacks are derived from
// the rows that a transaction changed and are committed with them, so that none is lost
// and none reports a change that was rolled back. Workers deliver them afterwards, so
// that no API request waits for a receiver.
package callback

import (
	"cmp"
	"context"
	"log/slog"
	"sync"
	"time"

	"github.com/voxemu/voxemu/emulator/internal/store"
)

// Limits of the delivery, which are assumptions (A48, A50).
const (
	defaultTimeout = 5 * time.Second
	defaultLimit   = 100_000
	// kept is the number of latest callbacks in the table; older ones are deleted when
	// they are final.
	kept = 10_000
)

// Config configures a [Deliverer].
type Config struct {
	// Store contains the callbacks; required.
	Store *store.Store
	// Now returns the emulator's time; required.
	Now func() time.Time
	// Record is called after each attempt, in order for each account; may be nil.
	Record func(Attempt)
	// Changed is called after the result of an attempt was stored, because its retry may
	// be the next event; may be nil.
	Changed func()
	// Logger logs each attempt, successful ones at level debug; required.
	Logger *slog.Logger
	// AllowPublic allows receivers that are neither on this machine nor in a private
	// network.
	AllowPublic bool
	// Timeout limits an attempt, on the machine's clock, from the look-up of the address
	// to the end of the reply; default 5 s.
	Timeout time.Duration
	// Limit is the maximum number of an account's callbacks that wait; new ones are
	// dropped. Default 100,000.
	Limit int
}

// Deliverer creates and delivers callbacks. It is safe for concurrent use.
type Deliverer struct {
	Config

	mu     sync.Mutex         // guards the fields below
	paused int                // number of Pauses without their Resume
	ctx    context.Context    // of attempts; nil: there was none since the last Pause
	cut    context.CancelFunc // aborts running attempts
	busy   map[int64]bool     // accounts with a worker; true: it must check again
	idle   chan struct{}      // closed while there is no worker; nil: there was none
}

// New returns a deliverer, which delivers at once. It has goroutines and connections only
// while there is something to deliver.
func New(c Config) *Deliverer {
	c.Timeout = cmp.Or(c.Timeout, defaultTimeout)
	c.Limit = cmp.Or(c.Limit, defaultLimit)
	return &Deliverer{Config: c}
}
