// Package server is the SIP registrar of package testkit/pbx and of voxemu pbx. It links
// nothing that only tests need.
package server

import (
	"cmp"
	"crypto/rand"
	"crypto/tls"
	"errors"
	"fmt"
	"maps"
	"net"
	"slices"
	"sync"
	"time"
)

// Server is a SIP registrar at one port, over UDP and TCP. Its methods are safe for
// concurrent use.
type Server struct {
	addr       string
	realm      string
	algorithm  string
	minExpires time.Duration
	maxExpires time.Duration
	observe    func(Request) // nil: nobody observes
	packets    net.PacketConn
	listener   net.Listener
	secure     net.Listener // nil: no TLS
	serving    sync.WaitGroup

	mu       sync.Mutex // guards the fields below
	users    map[string]string
	bindings map[string]map[string]*binding
	nonces   map[string]bool
	scripted []*Answer
	requests []Request
	waiting  map[string]chan response // by Call-ID of our requests
	conns    map[net.Conn]bool
	changed  chan struct{} // closed at each REGISTER request
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

// Config says how a server answers. Its zero value is usable.
type Config struct {
	Addr   string // HOST:PORT; default 127.0.0.1:0, a free port
	Realm  string // of digest authentication; default: pbx
	SHA256 bool   // ask for digests with SHA-256 instead of MD5
	// Users are passwords by name; without users, any user and password are accepted.
	Users map[string]string
	// MinExpires refuses shorter registrations with 423; default: none.
	MinExpires time.Duration
	// MaxExpires shortens longer registrations; default: one hour.
	MaxExpires time.Duration
	// TLS adds a listener for TLS on a port of its own: see [Server.TLSProxy].
	TLS *tls.Config
	// Observe is called with each REGISTER request, one after the other; it must not call
	// the server.
	Observe func(Request)
}

// Start starts a server. Error: an address that cannot be used.
func Start(c Config) (*Server, error) {
	s := &Server{
		addr: cmp.Or(c.Addr, "127.0.0.1:0"), realm: cmp.Or(c.Realm, "pbx"), algorithm: "MD5",
		minExpires: c.MinExpires, maxExpires: cmp.Or(c.MaxExpires, time.Hour), observe: c.Observe,
		users: map[string]string{}, bindings: map[string]map[string]*binding{}, nonces: map[string]bool{},
		waiting: map[string]chan response{}, conns: map[net.Conn]bool{}, changed: make(chan struct{}),
	}
	maps.Copy(s.users, c.Users)
	if c.SHA256 {
		s.algorithm = "SHA-256"
	}
	if err := s.listen(); err != nil {
		return nil, err
	}
	if c.TLS != nil {
		var err error
		if s.secure, err = tls.Listen("tcp", "127.0.0.1:0", c.TLS); err != nil {
			return nil, errors.Join(err, s.Close())
		}
		s.serving.Go(func() { s.accept(s.secure, "TLS") })
	}
	s.serving.Go(s.readPackets)
	s.serving.Go(func() { s.accept(s.listener, "TCP") })
	return s, nil
}

// listen opens UDP and TCP on the same port.
func (s *Server) listen() (err error) {
	for range 20 {
		if s.packets, err = net.ListenPacket("udp", s.addr); err != nil {
			return err
		}
		if s.listener, err = net.Listen("tcp", s.packets.LocalAddr().String()); err == nil {
			return nil
		}
		err = errors.Join(err, s.packets.Close())
	}
	return err
}

// Close stops the server. Error: that of a socket.
func (s *Server) Close() error {
	err := errors.Join(s.packets.Close(), s.listener.Close())
	if s.secure != nil {
		err = errors.Join(err, s.secure.Close())
	}
	s.mu.Lock()
	for c := range s.conns {
		_ = c.Close() // it ends the reader
	}
	s.mu.Unlock()
	s.serving.Wait()
	return err
}

// Proxy returns the HOST:PORT for the proxy of registrations.
func (s *Server) Proxy() string { return s.packets.LocalAddr().String() }

// TLSProxy returns the proxy for TLS, with ;transport=tls; empty without [Config].TLS.
func (s *Server) TLSProxy() string {
	if s.secure == nil {
		return ""
	}
	return s.secure.Addr().String() + ";transport=tls"
}

// Patterns returns the patterns of this server's proxies, for sip.Config.
func (s *Server) Patterns() []string {
	patterns := []string{s.Proxy()}
	if s.secure != nil {
		patterns = append(patterns, s.secure.Addr().String())
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
// ones. After the last one the server answers as usual.
func (s *Server) Answers(answers ...Answer) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.scripted = nil
	for _, a := range answers {
		a.Times = cmp.Or(a.Times, 1)
		s.scripted = append(s.scripted, &a)
	}
}

// SetPassword changes the password of a user, or adds one.
func (s *Server) SetPassword(user, password string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.users[user] = password
}

// Contacts returns the Contacts that are registered for a user.
func (s *Server) Contacts(user string) []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.contacts(user)
}

func (s *Server) contacts(user string) []string {
	var list []string
	for uri, b := range s.bindings[user] {
		if time.Now().Before(b.until) {
			list = append(list, uri)
		}
	}
	slices.Sort(list)
	return list
}

// Requests returns the latest REGISTER requests, at least 10,000.
func (s *Server) Requests() []Request {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.requests)
}

// Changed returns a channel that is closed at the next REGISTER request.
func (s *Server) Changed() <-chan struct{} {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.changed
}

// nonce returns a new nonce.
func (s *Server) nonce() string {
	nonce := rand.Text()
	s.nonces[nonce] = true
	return nonce
}

// String names the server in messages.
func (s *Server) String() string { return fmt.Sprintf("pbx at %s", s.Proxy()) }
