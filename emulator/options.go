package emulator

import (
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/url"
	"regexp"
	"strings"

	"github.com/voxemu/voxemu/emulator/clock"
	"github.com/voxemu/voxemu/emulator/internal/listen"
	"github.com/voxemu/voxemu/emulator/journal"
	"github.com/voxemu/voxemu/emulator/sip"
	"github.com/voxemu/voxemu/emulator/vox"
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
	hosts     []string
	origins   []string
	configDir string
	tlsNames  []string

	seed                 *Seed
	journalSize          int
	callbacksAllowPublic bool
	controlAddr          string
	controlToken         string
	controlOpen          bool
	spy                  func(method string, parameters url.Values, reply []byte) []string
	console              *bool // nil: unless exposed
	apiDocs              string
	shutdown             func()
	silent               bool // no callbacks are sent, for Explain
	openSIP              sip.Open
	sip                  sip.Config
}

// noLogger is the logger of servers that were given none.
var noLogger = slog.New(slog.DiscardHandler)

func defaults() options {
	return options{
		logger: noLogger,
		addr:   "127.0.0.1:0",

		journalSize: journal.DefaultSize,
	}
}

// ErrOptions reports options that contradict each other or have invalid values.
var ErrOptions = errors.New("emulator: invalid options")

// ErrControlOpen reports [WithExpose] without a token for the control API. It is an
// [ErrOptions].
var ErrControlOpen error = optionError{"with --expose other machines could read and change everything through the control API; " +
	"require a token with --control-token-file or --control-token (emulator.WithControlToken), " +
	"or say that it is meant with --control-open (emulator.WithControlOpen)"}

type optionError struct{ text string }

// Error returns what is wrong and what is allowed.
func (e optionError) Error() string { return e.text }

// Is makes it an [ErrOptions].
func (optionError) Is(target error) bool { return target == ErrOptions }

// check returns an error for options that contradict each other or have invalid values.
func (o options) check() error {
	for _, host := range o.hosts {
		if !hostName.MatchString(host) && net.ParseIP(host) == nil {
			return optionError{fmt.Sprintf("--allowed-host %q (emulator.WithAllowedHost): want a host name without port, such as voxemu.example.com", host)}
		}
	}
	for _, pattern := range o.sip.Real {
		if err := vox.CheckPattern(pattern); err != nil || pattern == "" {
			return optionError{fmt.Sprintf("--sip %q (sip.Config): want a pattern of proxies, such as 127.0.0.1 or *.pbx.internal", pattern)}
		}
	}
	if o.sip.Addr != "" && !o.expose && !listen.Loopback(o.sip.Addr) {
		return optionError{fmt.Sprintf("--sip-addr %s (sip.Config): other machines could send calls there; allow it with --expose (emulator.WithExpose)", o.sip.Addr)}
	}
	switch {
	case o.expose && o.controlToken == "" && !o.controlOpen && (o.controlAddr == "" || !listen.Loopback(o.controlAddr)):
		return ErrControlOpen
	case o.seed == nil:
		return nil
	case o.state != nil:
		return optionError{"emulator: WithSeed and WithState contradict each other: each says with which state the server begins"}
	case len(o.scenarios) > 0:
		return optionError{"emulator: WithSeed and WithScenario contradict each other: a seed brings its scenario"}
	}
	return nil
}

// consoleOn reports whether the console is served.
func (o options) consoleOn() bool {
	if o.console != nil {
		return *o.console
	}
	return !o.expose
}

var hostName = regexp.MustCompile(`^[a-z0-9_-]+(\.[a-z0-9_-]+)*$`)

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
// one, localhost is 127.0.0.1 and ::1, an empty address disables the listener. Default:
// 127.0.0.1:0 and no HTTPS.
func WithListen(addr, tlsAddr string) Option {
	return func(o *options) { o.addr, o.tlsAddr = addr, tlsAddr }
}

// WithExpose allows listeners on addresses that are not loopback; the control API accepts
// any Host header there, unless [WithAllowedHost] names some. It needs [WithControlToken],
// [WithControlOpen], or a loopback address for [WithControlListen]. Default: such
// addresses are refused.
func WithExpose() Option { return func(o *options) { o.expose = true } }

// WithControlOpen allows [WithExpose] without a token: every machine that can connect may
// read and change everything. Default: that is refused with [ErrControlOpen].
func WithControlOpen() Option { return func(o *options) { o.controlOpen = true } }

// WithAllowedHost adds host names, without port, to the Host headers that the control API
// accepts, which limits those of exposed listeners to these, loopback and addresses.
// Default: names of loopback, and any on exposed listeners.
func WithAllowedHost(names ...string) Option {
	return func(o *options) {
		for _, name := range names {
			o.hosts = append(o.hosts, strings.ToLower(strings.Trim(name, "[]")))
		}
	}
}

// WithAllowOrigin allows the pages of origins, such as http://localhost:3000, to use the
// API in a browser (CORS); it does not open the control API. Default: requests that pages
// of other origins send are refused with status 403.
func WithAllowOrigin(origins ...string) Option {
	return func(o *options) { o.origins = append(o.origins, origins...) }
}

// WithCallbacksAllowPublic allows callbacks to receivers that are neither on this machine
// nor in a private network. Default: such callbacks are dropped, so that the receiver of
// a copied production URL gets no simulated callbacks.
func WithCallbacksAllowPublic() Option { return func(o *options) { o.callbacksAllowPublic = true } }

// WithSIP makes registrations real: those whose proxy matches a pattern of the
// configuration, or of registrar.real of the scenario, register at their PBX. open is
// [github.com/voxemu/voxemu/emulator/sip/stack.Open]. Default: none is real, and scenarios
// with registrar.real are refused.
func WithSIP(open sip.Open, c sip.Config) Option {
	return func(o *options) { o.openSIP, o.sip = open, c }
}

// WithConfigDir sets the folder for the certificate authority and the service-account
// keys, which keeps them for the next start; it is created with mode 0700. Default: both
// are in memory only.
func WithConfigDir(dir string) Option { return func(o *options) { o.configDir = dir } }

// WithTLSName adds host names or addresses that the certificate authority is for. It is an
// error at [Server.Start] if the one in the folder of [WithConfigDir] is not; [RenewCA]
// makes one that is. Default: localhost, voxemu, host.docker.internal, .test, the hosts of
// the real service, and loopback and private addresses.
func WithTLSName(names ...string) Option {
	return func(o *options) { o.tlsNames = append(o.tlsNames, names...) }
}

// WithJournalSize sets the maximum number of requests and callbacks in the journal; 0:
// none. Default: [journal.DefaultSize]. An entry takes about 2 KiB and at most 40 KiB.
func WithJournalSize(requests int) Option { return func(o *options) { o.journalSize = requests } }

// WithControlListen moves the control API to its own listener; port 0 selects a free one.
// The other listeners then reply 404 under /_voxemu. Default: it is on the HTTP and HTTPS
// listeners.
func WithControlListen(addr string) Option { return func(o *options) { o.controlAddr = addr } }

// WithControlToken requires a bearer token for the control API, except at
// /_voxemu/health and for the files of the pages for browsers. Default: none.
func WithControlToken(token string) Option { return func(o *options) { o.controlToken = token } }

// WithConsole serves the console, a page for browsers, at /_voxemu/console/, or does not.
// Default: it is served, except with [WithExpose].
func WithConsole(on bool) Option { return func(o *options) { o.console = &on } }

// WithAPIDocs serves the page at /_voxemu/docs/, which shows the descriptions of both APIs
// in a browser and makes calls of them. script is that of package
// [github.com/voxemu/voxemu/emulator/apidocs]. Default: there is no page, because the
// script makes a program 1.4 MB larger.
func WithAPIDocs(script string) Option { return func(o *options) { o.apiDocs = script } }

// WithShutdown allows the control API to stop the process by calling stop, which must not
// wait for the server to close. Default: that is refused.
func WithShutdown(stop func()) Option { return func(o *options) { o.shutdown = stop } }

// WithSpy sets a function that is called after the reply of a method that only reads, with
// the parameters but those of the caller, and the emulator's reply. It asks another service
// and returns in what that one's reply differs, for the journal; see package evidence.
// Default: none.
func WithSpy(ask func(method string, parameters url.Values, reply []byte) []string) Option {
	return func(o *options) { o.spy = ask }
}
