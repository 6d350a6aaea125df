// Package pbx is a SIP registrar for tests of real registrations, on loopback:
//
//	p := pbx.Run(t, pbx.User("alice", "secret"))
//	emu := testkit.Run(t, p.Real())
//	// … the client creates a registration of alice at p.Proxy()
//	p.WaitFor(t, "alice")
//
// Importing it links the SIP stack into the test, which package testkit alone does not.
package pbx

import (
	"crypto/tls"
	"time"

	"github.com/voxemu/voxemu/emulator/sip"
	"github.com/voxemu/voxemu/emulator/sip/stack"
	"github.com/voxemu/voxemu/testkit"
	"github.com/voxemu/voxemu/testkit/pbx/server"
)

// PBX is a SIP registrar at one port, over UDP and TCP. Its methods are safe for
// concurrent use.
type PBX struct{ *server.Server }

// Request is a REGISTER request that arrived.
type Request = server.Request

// Answer is a scripted answer.
type Answer = server.Answer

// Option configures a PBX.
type Option func(*server.Config)

// User adds a user; without users, any user and password are accepted.
func User(name, password string) Option {
	return func(c *server.Config) { c.Users[name] = password }
}

// Realm sets the realm of digest authentication; default: pbx.
func Realm(realm string) Option { return func(c *server.Config) { c.Realm = realm } }

// SHA256 asks for digests with SHA-256 instead of MD5.
func SHA256() Option { return func(c *server.Config) { c.SHA256 = true } }

// MinExpires refuses shorter registrations with 423; default: none.
func MinExpires(d time.Duration) Option { return func(c *server.Config) { c.MinExpires = d } }

// MaxExpires shortens longer registrations; default: one hour.
func MaxExpires(d time.Duration) Option { return func(c *server.Config) { c.MaxExpires = d } }

// Addr sets the HOST:PORT; default 127.0.0.1:0, a free port.
func Addr(addr string) Option { return func(c *server.Config) { c.Addr = addr } }

// Observe calls a function with each REGISTER request, one after the other; it must not
// call the PBX.
func Observe(fn func(Request)) Option { return func(c *server.Config) { c.Observe = fn } }

// TLS adds a listener for TLS on a port of its own: see TLSProxy.
func TLS(config *tls.Config) Option { return func(c *server.Config) { c.TLS = config } }

// Run starts a PBX for a test and stops it when the test ends.
func Run(t testkit.TB, opts ...Option) *PBX {
	t.Helper()
	p, err := Start(opts...)
	if err != nil {
		t.Fatalf("pbx: %v", err)
		return nil
	}
	t.Cleanup(func() { _ = p.Close() })
	return p
}

// Start starts a PBX. Error: an address that cannot be used.
func Start(opts ...Option) (*PBX, error) {
	c := server.Config{Users: map[string]string{}}
	for _, opt := range opts {
		opt(&c)
	}
	s, err := server.Start(c)
	if err != nil {
		return nil, err
	}
	return &PBX{s}, nil
}

// Real makes registrations at this PBX real in an emulator.
func (p *PBX) Real() testkit.Option {
	return testkit.WithSIP(stack.Open, sip.Config{Real: p.Patterns()})
}

// waitLimit is how long the Wait functions wait.
const waitLimit = 10 * time.Second

// WaitFor waits until a user is registered, at most ten seconds, after which the test
// ends.
func (p *PBX) WaitFor(t testkit.TB, user string) {
	t.Helper()
	p.wait(t, user+" registers", func() bool { return len(p.Contacts(user)) > 0 })
}

// WaitGone waits until a user is not registered, like [PBX.WaitFor].
func (p *PBX) WaitGone(t testkit.TB, user string) {
	t.Helper()
	p.wait(t, user+" unregisters", func() bool { return len(p.Contacts(user)) == 0 })
}

func (p *PBX) wait(t testkit.TB, what string, done func() bool) {
	t.Helper()
	limit := time.After(waitLimit)
	for {
		changed := p.Changed() // before done looks, so that no request is missed
		if done() {
			return
		}
		select {
		case <-changed:
		case <-limit:
			t.Fatalf("pbx: waited in vain for: %s (%d REGISTER requests came)", what, len(p.Requests()))
			return
		}
	}
}
