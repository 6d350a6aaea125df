package testkit

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"net/http"
	"sync"
	"time"

	"github.com/voxemu/voxemu/emulator"
	"github.com/voxemu/voxemu/emulator/clock"
	"github.com/voxemu/voxemu/scenarios"
)

// TB is the part of testing.TB that testkit uses. *testing.T, *testing.B and *testing.F
// implement it; other frameworks can.
type TB interface {
	Helper()
	Cleanup(func())
	Fatalf(format string, args ...any)
	Errorf(format string, args ...any)
	Logf(format string, args ...any)
	Name() string
}

// Emulator is an emulator in one test. Its methods fail that test instead of returning
// errors. They are safe for concurrent use.
type Emulator struct {
	tb TB
	*instance
}

// instance is the part of an Emulator that its subtests share.
type instance struct {
	options options
	server  *emulator.Server
	calls   calls  // of HTTPClient
	checks  checks // collects mistakes and unfinished expectations

	listening sync.Mutex // guards the start of the listeners
	started   bool
	whoami    identity
	files     folder
}

// Start is the time at which emulators start, unless [At] or the clock section of a
// scenario sets another: 1 March 2026, noon UTC.
func Start() time.Time { return time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC) }

// Run starts an emulator for a test. By default it has the demo scenario and a clock that
// is stopped at [Start] until [Emulator.Advance]. It shares nothing with other tests, and
// opens a port only when [Emulator.URL] is called. When the test ends, the emulator is
// closed, and the test fails if its client made mistakes: see [AllowUnknown] and
// [AllowMistakes].
//
// An invalid scenario or row ends the test at once.
func Run(t TB, opts ...Option) *Emulator {
	t.Helper()
	return run(t, false, opts)
}

// RunTLS is [Run] with an additional HTTPS listener, for clients that require it: see
// [Emulator.TLSURL] and [Emulator.RootCAs].
func RunTLS(t TB, opts ...Option) *Emulator {
	t.Helper()
	return run(t, true, opts)
}

func run(t TB, tls bool, opts []Option) *Emulator {
	t.Helper()
	o := options{tls: tls, start: Start()}
	for _, opt := range opts {
		opt(&o)
	}
	seed, err := o.seed()
	if err != nil {
		t.Fatalf("testkit: the scenario is not valid:\n%v", err)
		return nil
	}
	server, err := emulator.New(o.server(seed)...)
	if err != nil {
		t.Fatalf("testkit: %v", err)
		return nil
	}
	e := &Emulator{t, &instance{options: o, server: server}}
	e.calls.init(server.Handler())
	t.Cleanup(e.finish)
	for _, m := range o.allowed {
		e.known(m)
	}
	if len(o.rows) > 0 {
		var rows scenarios.Scenario
		for _, add := range o.rows {
			add(t, &rows)
		}
		e.add(rows)
	}
	return e
}

// For returns the same emulator for a subtest: failures of its methods fail t. Faults and
// mistakes of the client are still reported at the end of the test that called [Run].
//
//	t.Run("renewal", func(t *testing.T) {
//		emu := emu.For(t)
//		…
//		emu.Expect(testkit.Call("CreateSipRegistration")).Once()
//	})
func (e *Emulator) For(t TB) *Emulator {
	t.Helper()
	own := &Emulator{t, e.instance}
	t.Cleanup(own.reportUnfinished)
	return own
}

// server returns the emulator's options.
func (o options) server(seed *emulator.Seed) []emulator.Option {
	begins := clock.Stopped(o.start)
	if o.live {
		begins = clock.Live()
	}
	opts := []emulator.Option{emulator.WithSeed(seed), emulator.WithClock(begins)}
	if o.tls {
		opts = append(opts, emulator.WithListen("127.0.0.1:0", "127.0.0.1:0"))
	}
	if o.strict {
		opts = append(opts, emulator.WithStrict())
	}
	if o.openSIP != nil {
		opts = append(opts, emulator.WithSIP(o.openSIP, o.sip))
	}
	if o.logger != nil {
		opts = append(opts, emulator.WithLogger(o.logger))
	}
	return opts
}

// ended is a context that has ended: requests are not waited for.
var ended = func() context.Context {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	return ctx
}()

// finish closes the emulator and reports mistakes. Requests that are still running are
// aborted, because their test has ended.
func (e *Emulator) finish() {
	e.tb.Helper()
	_ = e.server.Close(ended) // the error only reports aborted requests
	e.calls.close()
	e.files.remove()
	e.addReport()
	e.reportFaults()
	e.reportMistakes()
	e.reportUnfinished()
}

// Server returns the emulator, for functions that testkit does not offer. Do not close
// it.
func (e *Emulator) Server() *emulator.Server { return e.server }

// Handler returns the emulator's HTTP handler, for httptest and the like. For faults that
// end connections it panics with [http.ErrAbortHandler], as handlers do;
// [Emulator.HTTPClient] returns an error instead.
func (e *Emulator) Handler() http.Handler { return e.server.Handler() }

// URL returns the base URL for HTTP, for example http://127.0.0.1:40123, without a
// trailing slash; the API is below /platform_api/. The first call opens the port.
func (e *Emulator) URL() string {
	e.tb.Helper()
	e.listen()
	return e.server.URL()
}

// TLSURL returns the base URL for HTTPS of [RunTLS]; with [Run] it ends the test.
func (e *Emulator) TLSURL() string {
	e.tb.Helper()
	if !e.options.tls {
		e.tb.Fatalf("testkit: there is no HTTPS listener; start the emulator with testkit.RunTLS")
		return ""
	}
	e.listen()
	return e.server.TLSURL()
}

func (e *Emulator) listen() {
	e.tb.Helper()
	e.listening.Lock()
	defer e.listening.Unlock()
	if e.started {
		return
	}
	if err := e.server.Start(); err != nil {
		e.tb.Fatalf("testkit: %v", err)
		return
	}
	e.started = true
}

// RootCAs returns the CA certificate of [Emulator.TLSURL] and no other.
func (e *Emulator) RootCAs() *x509.CertPool {
	e.tb.Helper()
	pool := x509.NewCertPool()
	pool.AppendCertsFromPEM(e.ca())
	return pool
}

// TLSConfig returns a client configuration that trusts the emulator, for example for
// http.Transport.
func (e *Emulator) TLSConfig() *tls.Config {
	e.tb.Helper()
	return &tls.Config{RootCAs: e.RootCAs(), MinVersion: tls.VersionTLS12}
}

func (e *Emulator) ca() []byte {
	e.tb.Helper()
	pem, err := e.server.CA()
	if err != nil {
		e.tb.Fatalf("testkit: %v", err)
	}
	return pem
}
