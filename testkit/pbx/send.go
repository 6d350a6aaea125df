package pbx

import (
	"context"
	"crypto/rand"
	"fmt"
	"net"
	"strings"
)

// Send sends a request such as INVITE or OPTIONS to a registered user, as a call or a
// check of a PBX does, and returns the status of the final answer. Errors: a user that is
// not registered, or the end of the context.
func (p *PBX) Send(ctx context.Context, method, user string) (status int, err error) {
	p.mu.Lock()
	contacts := p.contacts(user)
	if len(contacts) == 0 {
		p.mu.Unlock()
		return 0, fmt.Errorf("pbx: %s is not registered", user)
	}
	uri := contacts[0]
	b := p.bindings[user][uri]
	id, answers := rand.Text(), make(chan response, 1)
	p.waiting[id] = answers
	p.mu.Unlock()
	defer func() {
		p.mu.Lock()
		delete(p.waiting, id)
		p.mu.Unlock()
	}()
	send, transport := p.way(b, uri)
	branch := "z9hG4bK" + rand.Text()
	message := func(method string) []byte {
		return []byte(strings.Join([]string{
			method + " " + uri + " SIP/2.0",
			"Via: SIP/2.0/" + transport + " " + p.Proxy() + ";branch=" + branch + ";rport",
			"Max-Forwards: 70",
			"From: <sip:caller@" + p.Proxy() + ">;tag=" + id[:8],
			"To: <sip:" + user + "@" + p.Proxy() + ">",
			"Call-ID: " + id,
			"CSeq: 1 " + method,
			"Contact: <sip:caller@" + p.Proxy() + ">",
			"Content-Length: 0", "", "",
		}, "\r\n"))
	}
	if err := send(message(method)); err != nil {
		return 0, err
	}
	select {
	case a := <-answers:
		if method == "INVITE" {
			err = send(message("ACK"))
		}
		return a.status, err
	case <-ctx.Done():
		return 0, fmt.Errorf("pbx: no answer to %s: %w", method, ctx.Err())
	}
}

// way returns how a user is reached: by the connection of the registration, or by UDP at
// the address of the Contact.
func (p *PBX) way(b *binding, uri string) (send func([]byte) error, transport string) {
	if b.tcp {
		return b.reply, "TCP"
	}
	_, address, _ := strings.Cut(uri, "@")
	address, _, _ = strings.Cut(address, ";")
	return func(text []byte) error {
		to, err := net.ResolveUDPAddr("udp", address)
		if err != nil {
			return err
		}
		_, err = p.packets.WriteTo(text, to)
		return err
	}, "UDP"
}
