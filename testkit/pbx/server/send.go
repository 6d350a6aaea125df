package server

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
func (s *Server) Send(ctx context.Context, method, user string) (status int, err error) {
	s.mu.Lock()
	contacts := s.contacts(user)
	if len(contacts) == 0 {
		s.mu.Unlock()
		return 0, fmt.Errorf("pbx: %s is not registered", user)
	}
	uri := contacts[0]
	b := s.bindings[user][uri]
	id, answers := rand.Text(), make(chan response, 1)
	s.waiting[id] = answers
	s.mu.Unlock()
	defer func() {
		s.mu.Lock()
		delete(s.waiting, id)
		s.mu.Unlock()
	}()
	send, transport := s.way(b, uri)
	branch := "z9hG4bK" + rand.Text()
	message := func(method string) []byte {
		return []byte(strings.Join([]string{
			method + " " + uri + " SIP/2.0",
			"Via: SIP/2.0/" + transport + " " + s.Proxy() + ";branch=" + branch + ";rport",
			"Max-Forwards: 70",
			"From: <sip:caller@" + s.Proxy() + ">;tag=" + id[:8],
			"To: <sip:" + user + "@" + s.Proxy() + ">",
			"Call-ID: " + id,
			"CSeq: 1 " + method,
			"Contact: <sip:caller@" + s.Proxy() + ">",
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
func (s *Server) way(b *binding, uri string) (send func([]byte) error, transport string) {
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
		_, err = s.packets.WriteTo(text, to)
		return err
	}, "UDP"
}
