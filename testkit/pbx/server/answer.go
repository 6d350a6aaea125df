package server

import (
	"bufio"
	"bytes"
	"io"
	"maps"
	"net"
	"net/textproto"
	"strconv"
	"strings"
	"time"

	sipmsg "github.com/emiago/sipgo/sip"
	"github.com/icholy/digest"
)

// response is the answer to a request of the server.
type response struct {
	status int
	text   string
}

// newParser returns a parser that reads few headers, so that no header of a client makes
// a request unreadable.
func newParser() *sipmsg.Parser {
	headers := maps.Clone(sipmsg.DefaultHeadersParser())
	maps.DeleteFunc(headers, func(name string, _ sipmsg.HeaderParser) bool {
		return !strings.Contains(" via v from f to t call-id i cseq content-length l ", " "+name+" ")
	})
	return sipmsg.NewParser(sipmsg.WithHeadersParsers(headers))
}

func (s *Server) readPackets() {
	buffer := make([]byte, 64<<10)
	parser := newParser()
	for {
		n, from, err := s.packets.ReadFrom(buffer)
		if err != nil {
			return
		}
		s.handle(parser, bytes.Clone(buffer[:n]), "UDP", from.String(), func(text []byte) error {
			_, err := s.packets.WriteTo(text, from)
			return err
		})
	}
}

func (s *Server) accept(l net.Listener, transport string) {
	for {
		c, err := l.Accept()
		if err != nil {
			return
		}
		s.mu.Lock()
		s.conns[c] = true
		s.mu.Unlock()
		s.serving.Go(func() { s.readStream(c, transport) })
	}
}

func (s *Server) readStream(c net.Conn, transport string) {
	defer func() {
		_ = c.Close() // the client may have closed it
		s.mu.Lock()
		delete(s.conns, c)
		s.mu.Unlock()
	}()
	parser, reader := newParser(), bufio.NewReader(c)
	for {
		text, err := readMessage(reader)
		if err != nil {
			return
		}
		s.handle(parser, text, transport, c.RemoteAddr().String(), func(text []byte) error {
			_, err := c.Write(text)
			return err
		})
	}
}

// longestMessage is the maximum length of a message over TCP.
const longestMessage = 64 << 10

// readMessage reads a message of a stream.
func readMessage(r *bufio.Reader) ([]byte, error) {
	var text bytes.Buffer
	length := 0
	for {
		line, err := r.ReadString('\n')
		if err != nil {
			return nil, err
		}
		if text.Len() == 0 && strings.TrimSpace(line) == "" {
			continue // keep-alive
		}
		text.WriteString(line)
		if name, value, ok := strings.Cut(line, ":"); ok {
			if name = textproto.TrimString(name); strings.EqualFold(name, "Content-Length") || strings.EqualFold(name, "l") {
				length, _ = strconv.Atoi(textproto.TrimString(value)) // 0 if malformed
			}
		}
		if text.Len() > longestMessage || length < 0 || length > longestMessage {
			return nil, io.ErrShortBuffer
		}
		if strings.TrimRight(line, "\r\n") == "" {
			break
		}
	}
	_, err := io.CopyN(&text, r, int64(length))
	return text.Bytes(), err
}

func (s *Server) handle(parser *sipmsg.Parser, text []byte, transport, source string, reply func([]byte) error) {
	message, err := parser.ParseSIP(text)
	if err != nil {
		return
	}
	switch m := message.(type) {
	case *sipmsg.Response:
		if id := m.CallID(); id != nil && !m.IsProvisional() {
			s.mu.Lock()
			waiting := s.waiting[id.Value()]
			s.mu.Unlock()
			select {
			case waiting <- response{m.StatusCode, string(text)}:
			default: // nobody waits, or a repetition
			}
		}
	case *sipmsg.Request:
		m.SetTransport(transport)
		m.SetSource(source)
		if m.Method != sipmsg.REGISTER {
			if !m.IsAck() {
				_ = reply(answerTo(m, 405, "", nil)) // the client is gone
			}
			return
		}
		s.register(m, string(text), transport, reply)
	}
}

// answerTo returns a response.
func answerTo(r *sipmsg.Request, status int, reason string, headers map[string]string) []byte {
	if reason == "" {
		reason = reasons(status)
	}
	response := sipmsg.NewResponseFromRequest(r, status, reason, nil)
	for name, value := range headers {
		response.AppendHeader(sipmsg.NewHeader(name, value))
	}
	return []byte(response.String())
}

func reasons(status int) string {
	switch status {
	case 200:
		return "OK"
	case 401:
		return "Unauthorized"
	case 403:
		return "Forbidden"
	case 404:
		return "Not Found"
	case 405:
		return "Method Not Allowed"
	case 423:
		return "Interval Too Brief"
	case 503:
		return "Service Unavailable"
	}
	return "Answer of a test"
}

// mostRequests is the maximum number of requests that are kept.
const mostRequests = 20_000

func (s *Server) register(r *sipmsg.Request, text, transport string, reply func([]byte) error) {
	s.mu.Lock()
	scripted := s.next()
	status, headers := scripted.Status, scripted.Headers
	if status == 0 && scripted.Raw == "" && !scripted.Silent {
		status, headers = s.decide(r, transport, reply)
	}
	user := ""
	if to := r.To(); to != nil {
		user = to.Address.User
	}
	entry := Request{User: user, Contact: valueOf(r, "Contact"), Expires: valueOf(r, "Expires"), Transport: transport, Status: status, Text: text}
	if s.requests = append(s.requests, entry); len(s.requests) > mostRequests {
		s.requests = s.requests[len(s.requests)-mostRequests/2:]
	}
	if s.observe != nil {
		s.observe(entry)
	}
	close(s.changed)
	s.changed = make(chan struct{})
	s.mu.Unlock()
	if scripted.Silent {
		return
	}
	out := []byte(scripted.Raw)
	if scripted.Raw == "" {
		out = answerTo(r, status, scripted.Reason, headers)
	}
	if scripted.Delay == 0 {
		_ = reply(out) // the client is gone
		return
	}
	time.AfterFunc(scripted.Delay, func() { _ = reply(out) }) // the client may be gone
}

// next returns the next scripted answer; its zero value: the usual one.
func (s *Server) next() Answer {
	if len(s.scripted) == 0 {
		return Answer{}
	}
	a := s.scripted[0]
	if a.Times > 0 {
		if a.Times--; a.Times == 0 {
			s.scripted = s.scripted[1:]
		}
	}
	return *a
}

// decide answers as a registrar does.
func (s *Server) decide(r *sipmsg.Request, transport string, reply func([]byte) error) (int, map[string]string) {
	to := r.To()
	if to == nil {
		return 400, nil
	}
	user := to.Address.User
	if len(s.users) > 0 {
		if status := s.authenticate(r, user); status == 401 {
			challenge := digest.Challenge{Realm: s.realm, Nonce: s.nonce(), Algorithm: s.algorithm, QOP: []string{"auth"}}
			return 401, map[string]string{"WWW-Authenticate": challenge.String()}
		} else if status != 0 {
			return status, nil
		}
	}
	expires := s.maxExpires
	if text := valueOf(r, "Expires"); text != "" {
		seconds, err := strconv.ParseUint(text, 10, 32)
		if err != nil {
			return 400, nil
		}
		expires = time.Duration(seconds) * time.Second
	}
	contact := strings.Trim(valueOf(r, "Contact"), "<>")
	switch {
	case expires == 0:
		delete(s.bindings[user], contact)
		if contact == "*" {
			delete(s.bindings, user)
		}
		return 200, nil
	case expires < s.minExpires:
		return 423, map[string]string{"Min-Expires": strconv.Itoa(int(s.minExpires / time.Second))}
	}
	expires = min(expires, s.maxExpires)
	if s.bindings[user] == nil {
		s.bindings[user] = map[string]*binding{}
	}
	s.bindings[user][contact] = &binding{until: time.Now().Add(expires), reply: reply, tcp: transport != "UDP"}
	return 200, map[string]string{"Contact": "<" + contact + ">;expires=" + strconv.Itoa(int(expires/time.Second))}
}

// authenticate returns 0 for the right password, 401 without credentials, 403 for wrong
// ones and 404 for an unknown user.
func (s *Server) authenticate(r *sipmsg.Request, user string) int {
	header := valueOf(r, "Authorization")
	if header == "" {
		return 401
	}
	given, err := digest.ParseCredentials(header)
	if err != nil {
		return 400
	}
	if !s.nonces[given.Nonce] {
		return 401
	}
	delete(s.nonces, given.Nonce)
	password, ok := s.users[given.Username]
	if !ok {
		return 404
	}
	challenge := &digest.Challenge{Realm: s.realm, Nonce: given.Nonce, Algorithm: s.algorithm, QOP: []string{"auth"}}
	want, err := digest.Digest(challenge, digest.Options{
		Method: "REGISTER", URI: given.URI, Username: given.Username, Password: password, Count: given.Nc, Cnonce: given.Cnonce,
	})
	if err != nil || want.Response != given.Response || given.Realm != s.realm || given.QOP != "auth" {
		return 403
	}
	return 0
}

func valueOf(r *sipmsg.Request, name string) string {
	if h := r.GetHeader(name); h != nil {
		return h.Value()
	}
	return ""
}
