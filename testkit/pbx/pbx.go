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
	"cmp"
	"crypto/rand"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"slices"
	"sync"
	"time"

	"github.com/voxemu/voxemu/emulator/sip"
	"github.com/voxemu/voxemu/emulator/sip/stack"
	"github.com/voxemu/voxemu/testkit"
)

// PBX is a SIP registrar at one port, over UDP and TCP. Its methods are safe for
// concurrent use.
type PBX struct {
	options
	packets  net.PacketConn
	listener net.Listener
	secure   net.Listener // nil: no TLS
	serving  sync.WaitGroup

	mu       sync.Mutex // guards the fields below
	bindings map[string]map[string]*binding
	nonces   map[string]bool
	scripted []*Answer
	requests []Request
	waiting  map[string]chan response // by Call-ID of our requests
	conns    map[net.Conn]bool
	changed  chan struct{} // closed at each change of bindings
}

type binding struct {
	until time.Time
	reply func([]byte) error // the way back to the client
	tcp   bool
}

// Request is a REGISTER request that arrived.
type Request struct {
	User      string
	Contact   string
	Expires   string
	Transport string // UDP, TCP or TLS
	Status    int    // that was answered; 0: none
	Text      string
}

// String describes the request in a line.
func (r Request) String() string {
	return fmt.Sprintf("REGISTER %s over %s, Contact %s, Expires %s: %d", r.User, r.Transport, r.Contact, r.Expires, r.Status)
}

// Option configures a PBX.
type Option func(*options)

type options struct {
	addr       string
	realm      string
	algorithm  string
	users      map[string]string
	minExpires time.Duration
	maxExpires time.Duration
	tls        *tls.Config
	observe    func(Request)
}

// User adds a user; without users, any user and password are accepted.
func User(name, password string) Option {
	return func(o *options) { o.users[name] = password }
}

// Realm sets the realm of digest authentication; default: pbx.
func Realm(realm string) Option { return func(o *options) { o.realm = realm } }

// SHA256 asks for digests with SHA-256 instead of MD5.
func SHA256() Option { return func(o *options) { o.algorithm = "SHA-256" } }

// MinExpires refuses shorter registrations with 423; default: none.
func MinExpires(d time.Duration) Option { return func(o *options) { o.minExpires = d } }

// MaxExpires shortens longer registrations; default: one hour.
func MaxExpires(d time.Duration) Option { return func(o *options) { o.maxExpires = d } }

// Addr sets the HOST:PORT; default 127.0.0.1:0, a free port.
func Addr(addr string) Option { return func(o *options) { o.addr = addr } }

// Observe calls a function with each REGISTER request, one after the other; it must not
// call the PBX.
func Observe(fn func(Request)) Option { return func(o *options) { o.observe = fn } }

// TLS adds a listener for TLS on a port of its own: see [PBX.TLSProxy].
func TLS(c *tls.Config) Option { return func(o *options) { o.tls = c } }

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
	o := options{addr: "127.0.0.1:0", realm: "pbx", algorithm: "MD5", users: map[string]string{}, maxExpires: time.Hour}
	for _, opt := range opts {
		opt(&o)
	}
	p := &PBX{
		options: o, bindings: map[string]map[string]*binding{}, nonces: map[string]bool{},
		waiting: map[string]chan response{}, conns: map[net.Conn]bool{}, changed: make(chan struct{}),
	}
	if err := p.listen(); err != nil {
		return nil, err
	}
	if o.tls != nil {
		var err error
		if p.secure, err = tls.Listen("tcp", "127.0.0.1:0", o.tls); err != nil {
			return nil, errors.Join(err, p.Close())
		}
		p.serving.Go(func() { p.accept(p.secure, "TLS") })
	}
	p.serving.Go(p.readPackets)
	p.serving.Go(func() { p.accept(p.listener, "TCP") })
	return p, nil
}

// listen opens UDP and TCP on the same port.
func (p *PBX) listen() (err error) {
	for range 20 {
		if p.packets, err = net.ListenPacket("udp", p.addr); err != nil {
			return err
		}
		if p.listener, err = net.Listen("tcp", p.packets.LocalAddr().String()); err == nil {
			return nil
		}
		err = errors.Join(err, p.packets.Close())
	}
	return err
}

// Close stops the PBX. Error: that of a socket.
func (p *PBX) Close() error {
	err := errors.Join(p.packets.Close(), p.listener.Close())
	if p.secure != nil {
		err = errors.Join(err, p.secure.Close())
	}
	p.mu.Lock()
	for c := range p.conns {
		_ = c.Close() // it ends the reader
	}
	p.mu.Unlock()
	p.serving.Wait()
	return err
}

// Proxy returns the HOST:PORT for the proxy of registrations.
func (p *PBX) Proxy() string { return p.packets.LocalAddr().String() }

// TLSProxy returns the proxy for TLS, with ;transport=tls; empty without [TLS].
func (p *PBX) TLSProxy() string {
	if p.secure == nil {
		return ""
	}
	return p.secure.Addr().String() + ";transport=tls"
}

// Real makes registrations at this PBX real in an emulator.
func (p *PBX) Real() testkit.Option {
	return testkit.WithSIP(stack.Open, sip.Config{Real: p.Patterns()})
}

// Patterns returns the patterns of this PBX's proxies, for sip.Config.
func (p *PBX) Patterns() []string {
	patterns := []string{p.Proxy()}
	if p.secure != nil {
		patterns = append(patterns, p.secure.Addr().String())
	}
	return patterns
}

// Answer is a scripted answer.
type Answer struct {
	// Status and Reason are the status line; status 0: the usual answer, after Delay.
	Status int
	Reason string
	// Headers are added.
	Headers map[string]string
	// Raw is sent instead of an answer.
	Raw string
	// Silent sends nothing.
	Silent bool
	// Delay is the time until the answer.
	Delay time.Duration
	// Times is how many requests are answered so; default 1, negative: all.
	Times int
}

// Answers sets the answers to the next REGISTER requests, in order, instead of earlier
// ones. After the last one the PBX answers as usual.
func (p *PBX) Answers(answers ...Answer) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.scripted = nil
	for _, a := range answers {
		a.Times = cmp.Or(a.Times, 1)
		p.scripted = append(p.scripted, &a)
	}
}

// SetPassword changes the password of a user, or adds one.
func (p *PBX) SetPassword(user, password string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.users[user] = password
}

// Contacts returns the Contacts that are registered for a user.
func (p *PBX) Contacts(user string) []string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.contacts(user)
}

func (p *PBX) contacts(user string) []string {
	var list []string
	for uri, b := range p.bindings[user] {
		if time.Now().Before(b.until) {
			list = append(list, uri)
		}
	}
	slices.Sort(list)
	return list
}

// Requests returns the latest REGISTER requests, at least 10,000.
func (p *PBX) Requests() []Request {
	p.mu.Lock()
	defer p.mu.Unlock()
	return slices.Clone(p.requests)
}

// waitLimit is how long the Wait functions wait.
const waitLimit = 10 * time.Second

// WaitFor waits until a user is registered, at most ten seconds, after which the test
// ends.
func (p *PBX) WaitFor(t testkit.TB, user string) {
	t.Helper()
	p.wait(t, user+" registers", func() bool { return len(p.contacts(user)) > 0 })
}

// WaitGone waits until a user is not registered, like [PBX.WaitFor].
func (p *PBX) WaitGone(t testkit.TB, user string) {
	t.Helper()
	p.wait(t, user+" unregisters", func() bool { return len(p.contacts(user)) == 0 })
}

func (p *PBX) wait(t testkit.TB, what string, done func() bool) {
	t.Helper()
	limit := time.After(waitLimit)
	for {
		p.mu.Lock()
		ok, changed, seen := done(), p.changed, len(p.requests)
		p.mu.Unlock()
		if ok {
			return
		}
		select {
		case <-changed:
		case <-limit:
			t.Fatalf("pbx: waited in vain for: %s (%d REGISTER requests came)", what, seen)
			return
		}
	}
}

// nonce returns a new nonce.
func (p *PBX) nonce() string {
	nonce := rand.Text()
	p.nonces[nonce] = true
	return nonce
}

// String names the PBX in messages.
func (p *PBX) String() string { return fmt.Sprintf("pbx at %s", p.Proxy()) }
