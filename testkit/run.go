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

// TB is what the kit needs of a test; *testing.T, *testing.B and *testing.F have
// it, and so do the equivalents of other frameworks.
type TB interface {
	Helper()
	Cleanup(func())
	Fatalf(format string, args ...any)
	Errorf(format string, args ...any)
	Logf(format string, args ...any)
	Name() string
}

// Emulator is an emulator as one test sees it. Its methods fail that test
// instead of returning errors, and are safe for concurrent use.
type Emulator struct {
	tb TB
	*instance
}

// instance is what the tests that share an emulator have in common.
type instance struct {
	options options
	server  *emulator.Server
	calls   calls // of HTTPClient
	judge   judge // of mistakes and forgotten assertions

	listening sync.Mutex // guards the start of the listeners
	started   bool
	whoami    identity
	files     folder
}

// Start is the moment at which emulators begin, unless [At] or the clock section
// of a scenario says otherwise: noon UTC of the first of March 2026.
func Start() time.Time { return time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC) }

// Run starts an emulator for a test, with the demo scenario unless an option
// says otherwise, a clock that stands still at [Start] until
// [Emulator.Advance], and nothing shared with other tests. It opens a port only
// when [Emulator.URL] is called. When the test ends, the emulator is closed,
// and the test fails for what its client did wrong: see [AllowUnknown] and
// [AllowMistakes].
//
// A scenario or row that is not valid ends the test at once.
func Run(t TB, opts ...Option) *Emulator {
	t.Helper()
	return run(t, false, opts)
}

// RunTLS is [Run] with an HTTPS listener as well, for clients that require it:
// see [Emulator.TLSURL] and [Emulator.RootCAs].
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

// For is the same emulator for a subtest: what its methods find wrong fails t. Faults
// and the client's mistakes are still reported at the end of the test that called
// [Run].
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

// server is how the options configure the emulator.
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
	if o.logger != nil {
		opts = append(opts, emulator.WithLogger(o.logger))
	}
	return opts
}

// finish closes the emulator and judges the test. Requests that are still
// running are cut off: their clients ended with the test.
func (e *Emulator) finish() {
	e.tb.Helper()
	cut, cancel := context.WithCancel(context.Background())
	cancel()
	_ = e.server.Close(cut) // tells that it cut something off
	e.calls.close()
	e.files.remove()
	e.reportFaults()
	e.reportMistakes()
	e.reportUnfinished()
}

// Server is the emulator behind the kit, for whatever the kit does not offer.
// Do not close it.
func (e *Emulator) Server() *emulator.Server { return e.server }

// Handler serves the emulator without a socket, for httptest and the like.
// Faults that cut connections panic with [http.ErrAbortHandler], as handlers do;
// [Emulator.HTTPClient] turns that into an error.
func (e *Emulator) Handler() http.Handler { return e.server.Handler() }

// URL is the base of the emulator's HTTP address, for example
// http://127.0.0.1:40123, without a slash at the end; the API is below
// /platform_api/. The first call opens the socket.
func (e *Emulator) URL() string {
	e.tb.Helper()
	e.listen()
	return e.server.URL()
}

// TLSURL is the base of the HTTPS address of [RunTLS]; with [Run] it ends the
// test.
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

// RootCAs holds the authority behind [Emulator.TLSURL], and no other.
func (e *Emulator) RootCAs() *x509.CertPool {
	e.tb.Helper()
	pool := x509.NewCertPool()
	pool.AppendCertsFromPEM(e.ca())
	return pool
}

// TLSConfig trusts the emulator: for http.Transport and other clients.
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
