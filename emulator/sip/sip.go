// Package sip describes real registrations: what is asked of a SIP stack and what it
// reports. Package [github.com/voxemu/voxemu/emulator/sip/stack] is the SIP stack;
// programs that do not import it do not contain one.
package sip

import (
	"context"
	"time"
)

// Config configures real registrations.
type Config struct {
	// Real are patterns of proxies whose registrations are real, in addition to those of
	// the scenario (registrar.real). Default: none.
	Real []string
	// Addr is the HOST:PORT from which SIP is sent and at which calls arrive; default
	// 127.0.0.1:0, a free port.
	Addr string
	// Advertise is the HOST or HOST:PORT in the Contact, at which the PBX reaches Addr;
	// default: Addr.
	Advertise string
	// CA are certificates, PEM, of authorities for TLS; default: those of the system.
	CA []byte
	// AllowPublic allows SIP to addresses that are neither loopback nor private. Default:
	// such registrations fail, and nothing is sent.
	AllowPublic bool
	// Timeout is how long an answer is waited for; default 32 seconds, timer F of RFC 3261.
	Timeout time.Duration
}

// Binding is what a registration registers, where and how.
type Binding struct {
	RegistrationID int64
	AccountID      int64
	SIPUsername    string
	Proxy          string
	AuthUser       string
	OutboundProxy  string
	Password       string
}

// SameAddress reports whether both register the same address at the same PBX.
func (b Binding) SameAddress(other Binding) bool {
	return b.SIPUsername == other.SIPUsername && b.Proxy == other.Proxy && b.OutboundProxy == other.OutboundProxy
}

// Answer is the final answer to an attempt to register.
type Answer struct {
	StatusCode int64 // 200, or 300 to 699
	Reason     string
	// Expires is how long the PBX keeps the registration, if StatusCode is 200.
	Expires time.Duration
}

// Message is a SIP message, without secrets.
type Message struct {
	// Number counts messages from 1.
	Number int64 `json:"number"`
	// At is the time on the emulator's clock.
	At time.Time `json:"at"`
	// RegistrationID and AccountID are those of the registration; 0: unknown.
	RegistrationID int64 `json:"registration_id,omitempty"`
	AccountID      int64 `json:"account_id,omitempty"`
	// Sent reports whether the emulator sent the message; false: it received it.
	Sent bool `json:"sent"`
	// Transport is UDP, TCP or TLS.
	Transport string `json:"transport,omitempty"`
	// Peer is the address of the other side.
	Peer string `json:"peer,omitempty"`
	// Text is the message, or an explanation if Peer did not send one; responses of digest
	// authentication are ***.
	Text string `json:"text"`
	// Call is set for an INVITE of a registration.
	Call *Call `json:"call,omitempty"`
}

// Call is an incoming call to a registration. It is refused; no media is exchanged.
type Call struct {
	RegistrationID int64 `json:"registration_id"`
	AccountID      int64 `json:"account_id"`
	// From and To are the addresses in the INVITE.
	From string `json:"from"`
	To   string `json:"to"`
	// Application, Rule and Scripts are what the real service would run: the application
	// that the registration is bound to, the rule that it is bound to or else the first one
	// that matches the called user, and the rule's VoxEngine scripts.
	Application string   `json:"application,omitempty"`
	Rule        string   `json:"rule,omitempty"`
	Scripts     []string `json:"scripts"`
	// StatusCode is the answer: 480, or registrar.call_status of the scenario.
	StatusCode int64 `json:"status_code"`
}

// Session are the parts of a registration's requests that must continue from one to the
// next. The zero value is a new one.
type Session struct {
	CallID string
	Tag    string
	CSeq   uint32
}

// Events is what a stack reports. The functions must be safe for concurrent use.
type Events struct {
	// Message is called for each message.
	Message func(Message)
	// Call is called for each INVITE to a registration's Contact. It returns the status
	// of the answer.
	Call func(Call) (status int64)
	// Allowed reports whether a proxy may receive requests with credentials.
	Allowed func(proxy string) bool
	// Expires is how long a registration asks to be kept.
	Expires func() time.Duration
}

// Agent registers. Its methods are safe for concurrent use, except that calls with the
// same session must not be concurrent.
type Agent interface {
	// Register sends requests until it has a final answer, which it makes up if none comes:
	// 408 for silence, 502 for a name that does not resolve, 503 for a failed connection.
	Register(ctx context.Context, b Binding, s *Session) Answer
	// Unregister removes the binding and waits for the answer or the end of the context.
	Unregister(ctx context.Context, b Binding, s *Session)
	// Address returns the HOST:PORT of the UDP socket and the TCP listener.
	Address() string
	// Close closes all sockets.
	Close() error
}

// Open opens the sockets of an agent. Error: an address that cannot be used, or a CA
// without certificates.
type Open func(Config, Events) (Agent, error)
