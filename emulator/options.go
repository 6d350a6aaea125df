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
	silent               bool // no callbacks are sent: what happens is only imagined
}

func defaults() options {
	return options{
		logger: slog.New(slog.DiscardHandler),
		addr:   "127.0.0.1:0",

		journalSize: journal.DefaultSize,
	}
}

// check refuses options that contradict each other.
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

// WithScenario names the scenarios that seed the state, in the order in which
// they are merged: built-in names or files. Default: demo.
func WithScenario(names ...string) Option {
	return func(o *options) { o.scenarios = append(o.scenarios, names...) }
}

// WithState begins with a state that [Server.Save] has written instead of with the
// scenarios, and at its time; the scenarios are then what [Server.Reset] goes back
// to. Default: the scenarios.
func WithState(state []byte) Option { return func(o *options) { o.state = state } }

// WithStrict refuses unknown parameters (492) and checks every reply against
// the specification; default: unknown parameters are ignored with a warning.
func WithStrict() Option { return func(o *options) { o.strict = true } }

// WithLogger sets where the server logs; default: nowhere.
func WithLogger(logger *slog.Logger) Option { return func(o *options) { o.logger = logger } }

// WithClock sets the clock that the server begins with; default: [clock.Live]. The
// clock section of a scenario moves it.
func WithClock(c clock.Setting) Option { return func(o *options) { o.begins = c } }

// WithListen sets the addresses of the HTTP and the HTTPS listener; port 0
// picks a free one, an empty address leaves the listener out. Default:
// 127.0.0.1:0 and no HTTPS.
func WithListen(addr, tlsAddr string) Option {
	return func(o *options) { o.addr, o.tlsAddr = addr, tlsAddr }
}

// WithExpose allows listeners on other than loopback addresses and, for the
// control API, any Host header. Default: both are refused.
func WithExpose() Option { return func(o *options) { o.expose = true } }

// WithCallbacksAllowPublic allows callbacks to receivers that are neither on this
// machine nor in a private network. Default: they are dropped, so that the
// receiver of a copied production URL is never sent simulated callbacks.
func WithCallbacksAllowPublic() Option { return func(o *options) { o.callbacksAllowPublic = true } }

// WithConfigDir names the folder that keeps the certificate authority and the
// service-account keys from one start to the next; it is made with mode 0700.
// Default: nothing is kept, both live in memory.
func WithConfigDir(dir string) Option { return func(o *options) { o.configDir = dir } }

// WithJournalSize sets how many of the latest requests and callbacks the
// journal keeps; 0: none. Default: [journal.DefaultSize]. A request takes about 2 KiB and
// at most 40 KiB.
func WithJournalSize(requests int) Option { return func(o *options) { o.journalSize = requests } }

// WithControlListen moves the control API to a listener of its own; port 0
// picks a free one. The other listeners then answer 404 under /_voxemu.
// Default: it is on the HTTP and HTTPS listeners.
func WithControlListen(addr string) Option { return func(o *options) { o.controlAddr = addr } }

// WithControlToken makes the control API ask for a bearer token, except at
// /_voxemu/health. Default: it asks for none.
func WithControlToken(token string) Option { return func(o *options) { o.controlToken = token } }

// WithShutdown lets the control API stop the process: it calls stop, which
// must not wait for the server to close. Default: that is refused.
func WithShutdown(stop func()) Option { return func(o *options) { o.shutdown = stop } }
