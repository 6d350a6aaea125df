// Package callback reports changes of an account to the account's own HTTP
// server (docs/evidence.md#delivery). It is a transactional outbox: callbacks
// are derived from the rows that a transaction changed and are committed
// together with them, so that none is lost and none reports a change that was
// rolled back; workers deliver them afterwards, so that no request of the API
// waits for a receiver.
package callback

import (
	"cmp"
	"context"
	"log/slog"
	"net/http"
	"sync"
	"time"

	"github.com/voxemu/voxemu/emulator/internal/store"
)

// The limits of the delivery; assumed, see A48 and A50.
const (
	defaultTimeout = 5 * time.Second
	defaultLimit   = 100_000
	// kept is how many of the newest callbacks stay in the table; older ones
	// are deleted once they are done.
	kept = 10_000
)

// Config is what a [Deliverer] needs.
type Config struct {
	// Store holds the callbacks; required.
	Store *store.Store
	// Now is the emulator's time; required.
	Now func() time.Time
	// Record is called after every attempt, in order for each account. It may
	// be nil.
	Record func(Attempt)
	// Changed is called after an attempt was stored, because its retry may be
	// the next event that is due. It may be nil.
	Changed func()
	// Logger gets every attempt, accepted ones at level debug; required.
	Logger *slog.Logger
	// AllowPublic allows receivers that are neither on this machine nor in a
	// private network.
	AllowPublic bool
	// Timeout is how long an attempt may take, on the machine's clock: from
	// looking up the address to the end of the answer; default 5 s.
	Timeout time.Duration
	// Limit is how many callbacks of an account may wait; younger ones are
	// dropped. Default 100,000.
	Limit int
}

// Deliverer makes and delivers callbacks. It is safe for concurrent use.
type Deliverer struct {
	Config
	client *http.Client

	mu     sync.Mutex // guards what follows
	paused int        // how many Pauses wait for their Resume
	ctx    context.Context
	cut    context.CancelFunc // cuts off what is in flight
	busy   map[int64]bool     // accounts with a worker; true: it must look again
	idle   chan struct{}      // closed as long as nobody is busy
}

// New makes a deliverer. It delivers at once; it has goroutines only while there
// is something to deliver.
func New(c Config) *Deliverer {
	c.Timeout = cmp.Or(c.Timeout, defaultTimeout)
	c.Limit = cmp.Or(c.Limit, defaultLimit)
	d := &Deliverer{Config: c, client: newClient(c.AllowPublic), busy: map[int64]bool{}, idle: make(chan struct{})}
	d.ctx, d.cut = context.WithCancel(context.Background())
	close(d.idle)
	return d
}
