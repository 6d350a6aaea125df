// Package stack is the SIP stack of real registrations, on sipgo. Importing it is what
// makes a program contain one:
//
//	emulator.New(emulator.WithSIP(stack.Open, sip.Config{Real: []string{"127.0.0.1"}}))
package stack

import (
	"cmp"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"maps"
	"net"
	"net/netip"
	"sync"
	"syscall"
	"time"

	"github.com/emiago/sipgo"
	sipmsg "github.com/emiago/sipgo/sip"

	"github.com/voxemu/voxemu/emulator/sip"
)

// timerF is the time after which a request without an answer fails: timer F of RFC 3261
// §17.1.2.2, 64 × 0.5 s.
const timerF = 32 * time.Second

// agent has one UDP socket and one TCP listener for all registrations.
type agent struct {
	sip.Config
	sip.Events
	resolver resolver
	ua       *sipgo.UserAgent
	udp, tcp *sipgo.Client
	sockets  []io.Closer
	address  string // of the sockets
	host     string // of the Contact
	port     int    // of the Contact
}

// Open opens the UDP socket and the TCP listener of an agent.
func Open(c sip.Config, events sip.Events) (sip.Agent, error) {
	return open(c, events, net.DefaultResolver)
}

func open(c sip.Config, events sip.Events, r resolver) (*agent, error) {
	a := &agent{Config: c, Events: events, resolver: r}
	a.Timeout = cmp.Or(a.Timeout, timerF)
	roots, err := certificates(c.CA)
	if err != nil {
		return nil, err
	}
	packets, listener, err := listen(cmp.Or(c.Addr, "127.0.0.1:0"))
	if err != nil {
		return nil, err
	}
	a.sockets = []io.Closer{packets, listener}
	a.address = packets.LocalAddr().String()
	if err := a.advertise(); err != nil {
		return nil, errors.Join(err, a.Close())
	}
	if err := a.connect(roots); err != nil {
		return nil, errors.Join(err, a.Close())
	}
	server, err := a.server()
	if err != nil {
		return nil, errors.Join(err, a.Close())
	}
	go func() { _ = server.ServeUDP(packets) }()  // ends with Close
	go func() { _ = server.ServeTCP(listener) }() // ends with Close
	if err := a.serving(); err != nil {
		return nil, errors.Join(err, a.Close())
	}
	return a, nil
}

// serving waits until sipgo knows the UDP socket: a request before that would open the
// same address once more, and fail.
func (a *agent) serving() error {
	for deadline := time.Now().Add(time.Second); ; time.Sleep(100 * time.Microsecond) {
		_, err := a.ua.TransportLayer().GetConnection("udp", a.address)
		if err == nil || time.Now().After(deadline) {
			return err
		}
	}
}

// listen opens both sockets on the same port; if the port is to be a free one, it tries
// several.
func listen(address string) (net.PacketConn, net.Listener, error) {
	_, port, err := net.SplitHostPort(address)
	if err != nil {
		return nil, nil, fmt.Errorf("the address for SIP: %w", err)
	}
	tries := 1
	if port == "0" {
		tries = 20
	}
	for range tries {
		var packets net.PacketConn
		var listener net.Listener
		if packets, err = net.ListenPacket("udp", address); err != nil {
			break
		}
		if listener, err = net.Listen("tcp", packets.LocalAddr().String()); err == nil {
			return packets, listener, nil
		}
		err = errors.Join(err, packets.Close())
	}
	return nil, nil, fmt.Errorf("the address for SIP: %w", err)
}

// advertise sets the host and the port of the Contact.
func (a *agent) advertise() error {
	at, err := netip.ParseAddrPort(a.address)
	if err != nil {
		return err
	}
	a.host, a.port = at.Addr().Unmap().String(), int(at.Port())
	if a.Advertise != "" {
		t, err := parse(a.Advertise)
		if err != nil {
			return fmt.Errorf("the advertised address for SIP: %w", err)
		}
		a.host, a.port = t.host, cmp.Or(t.port, a.port)
	} else if at.Addr().IsUnspecified() {
		return fmt.Errorf("SIP at %s needs an address to advertise, at which the PBX reaches it", a.address)
	}
	return nil
}

func certificates(pem []byte) (*x509.CertPool, error) {
	if len(pem) == 0 {
		return nil, nil // those of the system
	}
	pool := x509.NewCertPool()
	if !pool.AppendCertsFromPEM(pem) {
		return nil, errors.New("the CA for SIP contains no certificate in PEM")
	}
	return pool, nil
}

// silence makes sipgo log nothing: it would log what peers send, at any length. Its
// logger is one for the whole program.
var silence = sync.OnceFunc(func() { sipmsg.SetDefaultLogger(slog.New(slog.DiscardHandler)) })

// connect makes the clients.
func (a *agent) connect(roots *x509.CertPool) (err error) {
	silence()
	a.ua, err = sipgo.NewUA(
		sipgo.WithUserAgent("voxemu"), sipgo.WithUserAgentParser(parser()),
		sipgo.WithUserAgenTLSConfig(&tls.Config{RootCAs: roots, MinVersion: tls.VersionTLS12}),
		sipgo.WithUserAgentTransportLayerOptions(sipmsg.WithTransportLayerTransports(sipmsg.TransportsConfig{
			TCP: &sipmsg.TransportTCP{DialerCreate: a.dialer},
			TLS: &sipmsg.TransportTLS{TransportTCP: &sipmsg.TransportTCP{DialerCreate: a.dialer}},
		})),
		sipgo.WithUserAgentTransactionLayerOptions(sipmsg.WithTransactionLayerTerminateOnConnClose()),
	)
	if err != nil {
		return err
	}
	local, _, err := net.SplitHostPort(a.address)
	if err != nil {
		return err
	}
	a.udp, err = sipgo.NewClient(a.ua, sipgo.WithClientNAT(), sipgo.WithClientConnectionAddr(a.address),
		sipgo.WithClientHostname(a.host), sipgo.WithClientPort(a.port))
	if err != nil {
		return err
	}
	a.tcp, err = sipgo.NewClient(a.ua, sipgo.WithClientNAT(), sipgo.WithClientConnectionAddr(net.JoinHostPort(local, "0")))
	return err
}

// dialTimeout is the maximum duration of a connection attempt.
const dialTimeout = 10 * time.Second

// dialer returns a dialer that checks the address immediately before connecting, because
// for TLS sipgo resolves the name again.
func (a *agent) dialer(local net.Addr) net.Dialer {
	return net.Dialer{Timeout: dialTimeout, LocalAddr: local, Control: func(_, address string, _ syscall.RawConn) error {
		to, err := netip.ParseAddrPort(address)
		if err != nil {
			return err
		}
		return a.permit(to.Addr())
	}}
}

// parser returns a parser that reads only the headers that the stack itself needs,
// because one malformed header would make it drop the message, and close the connection
// that all registrations share.
func parser() *sipmsg.Parser {
	needed := map[string]bool{
		"via": true, "v": true, "from": true, "f": true, "to": true, "t": true, "call-id": true, "i": true,
		"cseq": true, "content-length": true, "l": true, "max-forwards": true,
	}
	headers := maps.Clone(sipmsg.DefaultHeadersParser())
	maps.DeleteFunc(headers, func(name string, _ sipmsg.HeaderParser) bool { return !needed[name] })
	return sipmsg.NewParser(sipmsg.WithHeadersParsers(headers))
}

// Address returns the HOST:PORT of the sockets.
func (a *agent) Address() string { return a.address }

// Close closes the sockets.
func (a *agent) Close() error {
	var errs []error
	for _, socket := range a.sockets {
		errs = append(errs, socket.Close())
	}
	if a.ua != nil {
		errs = append(errs, a.ua.Close())
	}
	return errors.Join(errs...)
}
