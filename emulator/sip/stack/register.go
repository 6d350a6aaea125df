package stack

import (
	"cmp"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"net"
	"strconv"
	"strings"
	"time"

	"github.com/emiago/sipgo"
	sipmsg "github.com/emiago/sipgo/sip"

	"github.com/voxemu/voxemu/emulator/sip"
)

// mostRequests is the maximum number of requests of one attempt: a PBX that answers each
// with another challenge, interval or address is answered no more.
const mostRequests = 8

// Bounds of what is asked for and believed.
const (
	shortestExpires = time.Second
	longestExpires  = 24 * time.Hour
	longestReason   = 255 // characters, as in scenarios
)

// attempt is the sequence of requests to register, or to unregister, one binding.
type attempt struct {
	*agent
	binding sip.Binding
	session *sip.Session
	domain  target // of the address of record
	next    target // to which the next request goes
	route   string // header; empty: none
	expires time.Duration
	longer  bool // the PBX has asked for a longer interval
	proofs  proofs
}

// Register sends requests until it has a final answer.
func (a *agent) Register(ctx context.Context, b sip.Binding, s *sip.Session) sip.Answer {
	return a.attempt(ctx, b, s, min(max(a.Expires(), shortestExpires), longestExpires))
}

// Unregister removes the binding.
func (a *agent) Unregister(ctx context.Context, b sip.Binding, s *sip.Session) {
	a.attempt(ctx, b, s, 0)
}

func (a *agent) attempt(ctx context.Context, b sip.Binding, s *sip.Session, expires time.Duration) sip.Answer {
	at := &attempt{agent: a, binding: b, session: s, expires: expires}
	if err := at.prepare(); err != nil {
		return at.failed(sip.Answer{StatusCode: 502, Reason: err.Error()})
	}
	ctx, cancel := context.WithTimeout(ctx, a.Timeout)
	defer cancel()
	for range mostRequests {
		response, err := at.send(ctx)
		if err != nil {
			return at.failed(answerFor(err))
		}
		answer, again := at.react(response)
		if !again {
			return answer
		}
	}
	return at.failed(sip.Answer{StatusCode: 482, Reason: "Loop Detected"})
}

// prepare checks everything that goes into a message.
func (at *attempt) prepare() (err error) {
	b := at.binding
	if at.domain, err = parse(b.Proxy); err != nil {
		return fmt.Errorf("the proxy cannot be used for SIP: %w", err)
	}
	for name, value := range map[string]string{"sip_username": b.SIPUsername, "auth_user": b.AuthUser, "password": b.Password} {
		if len(value) > 255 || strings.ContainsFunc(value, func(r rune) bool { return r < ' ' || r == 0x7f }) {
			return fmt.Errorf("%s cannot be used for SIP: want at most 255 bytes without control characters", name)
		}
	}
	at.next = at.domain
	if b.OutboundProxy != "" {
		if at.next, err = parse(b.OutboundProxy); err != nil {
			return fmt.Errorf("the outbound proxy cannot be used for SIP: %w", err)
		}
		at.route = "<sip:" + at.next.String() + ";transport=" + strings.ToLower(at.next.transport) + ";lr>"
	}
	if !at.Allowed(at.next.String()) {
		return fmt.Errorf("no pattern of real registrars covers %s", at.next)
	}
	if at.session.CallID == "" {
		at.session.CallID, at.session.Tag = rand.Text(), rand.Text()
	}
	return nil
}

// failed records why no answer came from the PBX.
func (at *attempt) failed(a sip.Answer) sip.Answer {
	at.log(false, at.next.transport, at.next.String(), fmt.Sprintf("no answer of the PBX: %d %s", a.StatusCode, a.Reason))
	return a
}

// answerFor returns the answer for an attempt that ended without one.
func answerFor(err error) sip.Answer {
	var name *net.DNSError
	switch {
	case errors.As(err, &name):
		return sip.Answer{StatusCode: 502, Reason: "Unable to resolve hostname"} // docs/evidence.md#status
	case errors.Is(err, errPublic):
		return sip.Answer{StatusCode: 502, Reason: err.Error()}
	case errors.Is(err, context.DeadlineExceeded), errors.Is(err, context.Canceled), errors.Is(err, sipmsg.ErrTransactionTimeout):
		return sip.Answer{StatusCode: 408, Reason: "Request Timeout"}
	case errors.Is(err, sipmsg.ErrUDPMTUCongestion):
		return sip.Answer{StatusCode: 513, Reason: "Message Too Large"}
	}
	return sip.Answer{StatusCode: 503, Reason: "Service Unavailable"}
}

// send sends the next request and waits for the final response.
func (at *attempt) send(ctx context.Context) (*sipmsg.Response, error) {
	to, host, err := at.resolve(ctx, at.next)
	if err != nil {
		return nil, err
	}
	request := at.request()
	request.SetTransport(at.next.transport)
	request.SetDestination(to.String())
	client := at.udp
	switch at.next.transport {
	case "TCP":
		client = at.tcp
	case "TLS": // the name is for the certificate
		client = at.tcp
		request.SetDestination(net.JoinHostPort(host, strconv.Itoa(int(to.Port()))))
	}
	response, err := at.exchange(ctx, client, request, to.String())
	if err != nil && at.next.transport != "UDP" && ctx.Err() == nil && !errors.Is(err, sipmsg.ErrTransactionTimeout) {
		// A connection that all registrations share may have ended just now.
		request.RemoveHeader("Via")
		return at.exchange(ctx, client, request, to.String())
	}
	return response, err
}

func (at *attempt) exchange(ctx context.Context, client *sipgo.Client, request *sipmsg.Request, peer string) (*sipmsg.Response, error) {
	tx, err := client.TransactionRequest(ctx, request)
	at.log(true, at.next.transport, peer, request.String())
	if err != nil {
		return nil, err
	}
	defer tx.Terminate()
	for {
		select {
		case response := <-tx.Responses():
			at.log(false, at.next.transport, peer, response.String())
			if !response.IsProvisional() {
				return response, nil
			}
		case <-tx.Done():
			return nil, cmp.Or(tx.Err(), sipmsg.ErrTransactionTimeout)
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
}

// request returns the next REGISTER request.
func (at *attempt) request() *sipmsg.Request {
	at.session.CSeq++
	record := sipmsg.Uri{Scheme: "sip", User: escaped(at.binding.SIPUsername), Host: at.domain.host}
	domain := sipmsg.Uri{Scheme: "sip", Host: at.domain.host, Port: at.domain.port}
	request := sipmsg.NewRequest(sipmsg.REGISTER, domain)
	from := &sipmsg.FromHeader{Address: record}
	from.Params.Add("tag", at.session.Tag)
	id := sipmsg.CallIDHeader(at.session.CallID)
	forwards := sipmsg.MaxForwardsHeader(70)
	request.AppendHeader(from)
	request.AppendHeader(&sipmsg.ToHeader{Address: record})
	request.AppendHeader(&id)
	request.AppendHeader(&sipmsg.CSeqHeader{SeqNo: at.session.CSeq, MethodName: sipmsg.REGISTER})
	request.AppendHeader(&forwards)
	if at.route != "" {
		request.AppendHeader(sipmsg.NewHeader("Route", at.route))
	}
	request.AppendHeader(sipmsg.NewHeader("Contact", "<"+at.ownURI()+">"))
	request.AppendHeader(sipmsg.NewHeader("Expires", strconv.Itoa(int(at.expires/time.Second))))
	request.AppendHeader(sipmsg.NewHeader("User-Agent", "voxemu"))
	for _, h := range at.proofs.headers("sip:" + hostPort(domain)) {
		request.AppendHeader(h)
	}
	return request
}

func hostPort(u sipmsg.Uri) string {
	host := u.Host
	if strings.Contains(host, ":") {
		host = "[" + host + "]"
	}
	if u.Port == 0 {
		return host
	}
	return host + ":" + strconv.Itoa(u.Port)
}

// ownURI is the Contact. Its user names the registration for calls, which all arrive at
// one socket.
func (at *attempt) ownURI() string {
	own := target{host: at.host, port: at.port}
	uri := fmt.Sprintf("sip:%s%d@%s", contactPrefix, at.binding.RegistrationID, own)
	if at.next.transport != "UDP" {
		uri += ";transport=tcp"
	}
	return uri
}

// contactPrefix begins the user of a Contact; the id of the registration follows.
const contactPrefix = "voxemu-"

// react decides what follows from a response: the answer, or another request.
func (at *attempt) react(r *sipmsg.Response) (answer sip.Answer, again bool) {
	answer = sip.Answer{StatusCode: int64(r.StatusCode), Reason: cleaned(r.Reason)}
	switch {
	case r.StatusCode < 200 || r.StatusCode > 699:
		return sip.Answer{StatusCode: 502, Reason: "Bad Gateway"}, false
	case r.StatusCode < 300:
		return sip.Answer{StatusCode: 200, Reason: "OK", Expires: at.granted(r)}, false
	case r.StatusCode == 401 || r.StatusCode == 407:
		return answer, at.proofs.add(r, at.binding)
	case r.StatusCode == 423:
		return answer, at.lengthen(r)
	case r.StatusCode == 301 || r.StatusCode == 302:
		return answer, at.follow(r)
	}
	return answer, false
}

// lengthen asks for the interval that a 423 wants, once.
func (at *attempt) lengthen(r *sipmsg.Response) bool {
	least, ok := seconds(valueOf(r, "Min-Expires"))
	if !ok || at.longer || at.expires == 0 || least <= at.expires || least > longestExpires {
		return false
	}
	at.longer, at.expires = true, least
	return true
}

// follow sends the next request to the Contact of a redirection if a pattern covers it.
func (at *attempt) follow(r *sipmsg.Response) bool {
	for _, header := range r.GetHeaders("Contact") {
		for _, c := range contacts(header.Value()) {
			to, err := parse(c.proxy())
			if err == nil && to.host != "" && to != at.next && at.Allowed(to.String()) {
				at.next, at.route = to, ""
				return true
			}
		}
	}
	return false
}

// granted returns how long the PBX keeps the binding: the expires of our own Contact,
// else the Expires header, else what was asked for. It is never more than what was asked
// for, and never so short that refreshes become a load.
func (at *attempt) granted(r *sipmsg.Response) time.Duration {
	granted := at.expires
	if header, ok := seconds(valueOf(r, "Expires")); ok {
		granted = header
	}
	own := at.ownURI()
	for _, header := range r.GetHeaders("Contact") {
		for _, c := range contacts(header.Value()) {
			if expires, ok := seconds(c.expires); ok && strings.HasPrefix(c.uri, strings.SplitN(own, ";", 2)[0]) {
				granted = expires
			}
		}
	}
	return min(max(granted, leastGranted), max(at.expires, leastGranted))
}

// leastGranted is the shortest time after which a registration is refreshed.
const leastGranted = 5 * time.Second

// cleaned returns a reason phrase without control characters, at most 255 characters long.
func cleaned(reason string) string {
	runes := []rune(strings.ToValidUTF8(reason, "\uFFFD"))
	runes = runes[:min(len(runes), longestReason)]
	return strings.TrimSpace(strings.Map(func(r rune) rune {
		if r < ' ' || r == 0x7f {
			return ' '
		}
		return r
	}, string(runes)))
}

// escaped returns the user of a URI: what RFC 3261 §25.1 does not allow there is %XX.
func escaped(user string) string {
	var out strings.Builder
	for _, b := range []byte(user) {
		if b < 0x80 && (b >= 'a' && b <= 'z' || b >= 'A' && b <= 'Z' || b >= '0' && b <= '9' || strings.IndexByte("-_.!~*'()&=+$,;?/", b) >= 0) {
			out.WriteByte(b)
			continue
		}
		fmt.Fprintf(&out, "%%%02X", b)
	}
	return out.String()
}

func valueOf(r *sipmsg.Response, name string) string {
	if h := r.GetHeader(name); h != nil {
		return h.Value()
	}
	return ""
}

// seconds reads a number of seconds of at most 32 bits.
func seconds(text string) (time.Duration, bool) {
	n, err := strconv.ParseUint(strings.TrimSpace(text), 10, 32)
	return time.Duration(n) * time.Second, err == nil
}
