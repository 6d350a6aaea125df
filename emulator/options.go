package emulator

import (
	"errors"
	"log/slog"

	"github.com/voxemu/voxemu/emulator/clock"
	"github.com/voxemu/voxemu/emulator/journal"
)

// Option configures a [Server]; see the With functions.
type Option func(*options)

type options struct {
	scenarios []string
	state     []byte
	strict    bool
	logger    *slog.Logger
	begins    clock.Setting
	addr      string
	tlsAddr   string
	expose    bool
	configDir string

	seed                 *Seed
	journalSize          int
	callbacksAllowPublic bool
	controlAddr          string
	controlToken         string
	shutdown             func()
	silent               bool // no callbacks are sent, for Explain
}

func defaults() options {
	return options{
		logger: slog.New(slog.DiscardHandler),
		addr:   "127.0.0.1:0",

		journalSize: journal.DefaultSize,
	}
}

// check returns an error for options that contradict each other.
func (o options) check() error {
	switch {
	case o.seed == nil:
		return nil
	case o.state != nil:
		return errors.New("emulator: WithSeed and WithState contradict each other: each says with which state the server begins")
	case len(o.scenarios) > 0:
		return errors.New("emulator: WithSeed and WithScenario contradict each other: a seed brings its scenario")
	}
	return nil
}

// WithScenario sets the scenarios for the initial state, merged in this order: built-in
// names or files. Default: demo.
func WithScenario(names ...string) Option {
	return func(o *options) { o.scenarios = append(o.scenarios, names...) }
}

// WithState sets the initial state, written by [Server.Save], and its time.
// [Server.Reset] goes back to the scenarios. Default: the scenarios are the initial
// state.
func WithState(state []byte) Option { return func(o *options) { o.state = state } }

// WithStrict refuses unknown parameters (492) and validates all replies against the
// specification. Default: unknown parameters are ignored with a warning.
func WithStrict() Option { return func(o *options) { o.strict = true } }

// WithLogger sets the logger; default: none.
func WithLogger(logger *slog.Logger) Option { return func(o *options) { o.logger = logger } }

// WithClock sets the initial clock; default: [clock.Live]. The clock section of a
// scenario moves it.
func WithClock(c clock.Setting) Option { return func(o *options) { o.begins = c } }

// WithListen sets the addresses of the HTTP and HTTPS listeners; port 0 selects a free
// one, an empty address disables the listener. Default: 127.0.0.1:0 and no HTTPS.
func WithListen(addr, tlsAddr string) Option {
	return func(o *options) { o.addr, o.tlsAddr = addr, tlsAddr }
}

// WithExpose allows listeners on addresses that are not loopback and, for the control
// API, any Host header. Default: both are refused.
func WithExpose() Option { return func(o *options) { o.expose = true } }

// WithCallbacksAllowPublic allows callbacks to receivers that are neither on this machine
// nor in a private network. Default: such callbacks are dropped, so that the receiver of
// a copied production URL gets no simulated callbacks.
func WithCallbacksAllowPublic() Option { return func(o *options) { o.callbacksAllowPublic = true } }

// WithConfigDir sets the folder for the certificate authority and the service-account
// keys, which keeps them for the next start; it is created with mode 0700. Default: both
// are in memory only.
func WithConfigDir(dir string) Option { return func(o *options) { o.configDir = dir } }

// WithJournalSize sets the maximum number of requests and callbacks in the journal; 0:
// none. Default: [journal.DefaultSize]. An entry takes about 2 KiB and at most 40 KiB.
func WithJournalSize(requests int) Option { return func(o *options) { o.journalSize = requests } }

// WithControlListen moves the control API to its own listener; port 0 selects a free one.
// The other listeners then reply 404 under /_voxemu. Default: it is on the HTTP and HTTPS
// listeners.
func WithControlListen(addr string) Option { return func(o *options) { o.controlAddr = addr } }

// WithControlToken requires a bearer token for the control API, except at
// /_voxemu/health. Default: none.
func WithControlToken(token string) Option { return func(o *options) { o.controlToken = token } }

// WithShutdown allows the control API to stop the process by calling stop, which must not
// wait for the server to close. Default: that is refused.
func WithShutdown(stop func()) Option { return func(o *options) { o.shutdown = stop } }
