package stack_test

import (
	"fmt"
	"net"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/icholy/digest"

	"github.com/voxemu/voxemu/emulator/sip"
	"github.com/voxemu/voxemu/emulator/sip/stack"
	"github.com/voxemu/voxemu/testkit/pbx"
)

// asks is an answer 401 or 407 with one or two challenges.
func asks(status int, challenges ...string) pbx.Answer {
	name := "WWW-Authenticate"
	if status == 407 {
		name = "Proxy-Authenticate"
	}
	headers := map[string]string{}
	for i, c := range challenges {
		headers[[]string{name, strings.ToLower(name)}[i]] = c
	}
	return pbx.Answer{Status: status, Headers: headers}
}

func TestEachRealmIsAnsweredOnceAndAgainIfItsNonceWasStale(t *testing.T) {
	md5 := func(realm, nonce string) string {
		return fmt.Sprintf(`Digest realm="%s", nonce="%s", qop="auth"`, realm, nonce)
	}
	stale := func(realm, nonce string) string { return md5(realm, nonce) + ", stale=true" }
	for name, c := range map[string]struct {
		answers []pbx.Answer
		status  int64
		proofs  []string // of each request: the header and the realm of its digests
	}{
		"401":                          {[]pbx.Answer{asks(401, md5("r", "1"))}, 200, []string{"", "Authorization r"}},
		"407":                          {[]pbx.Answer{asks(407, md5("p", "1"))}, 200, []string{"", "Proxy-Authorization p"}},
		"a proxy and a registrar":      {[]pbx.Answer{asks(407, md5("p", "1")), asks(401, md5("r", "2"))}, 200, []string{"", "Proxy-Authorization p", "Authorization r, Proxy-Authorization p"}},
		"a stale nonce":                {[]pbx.Answer{asks(401, md5("r", "1")), asks(401, stale("r", "2"))}, 200, []string{"", "Authorization r", "Authorization r"}},
		"a stale nonce for ever":       {[]pbx.Answer{asks(401, md5("r", "1")), asks(401, stale("r", "2")), asks(401, stale("r", "3"))}, 401, []string{"", "Authorization r", "Authorization r"}},
		"a refusal":                    {[]pbx.Answer{asks(401, md5("r", "1")), asks(401, md5("r", "2"))}, 401, []string{"", "Authorization r"}},
		"without qop":                  {[]pbx.Answer{asks(401, `Digest realm="r", nonce="1"`)}, 200, []string{"", "Authorization r"}},
		"SHA-256":                      {[]pbx.Answer{asks(401, md5("r", "1")+", algorithm=SHA-256")}, 200, []string{"", "Authorization r"}},
		"opaque":                       {[]pbx.Answer{asks(401, md5("r", "1")+`, opaque="a\"b"`)}, 200, []string{"", "Authorization r"}},
		"an algorithm that nobody has": {[]pbx.Answer{asks(401, md5("r", "1")+", algorithm=SHA-1024")}, 401, []string{""}},
		"one that it has beside it":    {[]pbx.Answer{asks(401, md5("x", "1")+", algorithm=SHA-1024", md5("r", "1"))}, 200, []string{"", "Authorization r"}},
		"auth-int only":                {[]pbx.Answer{asks(401, `Digest realm="r", nonce="1", qop="auth-int"`)}, 401, []string{""}},
		"Basic":                        {[]pbx.Answer{asks(401, `Basic realm="r"`)}, 401, []string{""}},
		"no challenge":                 {[]pbx.Answer{asks(401)}, 401, []string{""}},
		"another realm each time": {
			[]pbx.Answer{asks(401, md5("a", "1")), asks(401, md5("b", "1")), asks(401, md5("c", "1")), asks(401, md5("d", "1")), asks(401, md5("e", "1"))}, 401,
			[]string{"", "Authorization a", "Authorization a, Authorization b", "Authorization a, Authorization b, Authorization c", "Authorization a, Authorization b, Authorization c, Authorization d"},
		},
	} {
		for _, transport := range []string{"", ";transport=tcp"} {
			t.Run(name+transport, func(t *testing.T) {
				h := newHops(t, []string{"NEAR"})
				h.near = pbx.Run(t) // every digest is right for it
				h.near.Answers(c.answers...)
				answer, _ := h.register("NEAR"+transport, "")
				if !strings.HasPrefix(answer, fmt.Sprint(c.status)) {
					t.Errorf("%s, want %d", answer, c.status)
				}
				var proofs []string
				for _, r := range h.near.Requests() {
					proofs = append(proofs, proofsOf(t, r.Text))
				}
				if !slices.Equal(proofs, c.proofs) {
					t.Errorf("%q, want %q", proofs, c.proofs)
				}
			})
		}
	}
}

// proofsOf checks the digests of a request and returns their headers and realms.
func proofsOf(t *testing.T, request string) string {
	t.Helper()
	var list []string
	for _, line := range strings.Split(request, "\r\n") {
		name, value, _ := strings.Cut(line, ": ")
		if !strings.HasSuffix(name, "Authorization") {
			continue
		}
		c, err := digest.ParseCredentials(value)
		if err != nil {
			t.Fatal(err)
		}
		challenge := &digest.Challenge{Realm: c.Realm, Nonce: c.Nonce, Algorithm: c.Algorithm, Opaque: c.Opaque}
		if c.QOP != "" {
			challenge.QOP = []string{c.QOP}
		}
		want, err := digest.Digest(challenge, digest.Options{Method: "REGISTER", URI: c.URI, Username: "alice", Password: "secret", Count: c.Nc, Cnonce: c.Cnonce})
		if err != nil || want.Response != c.Response || c.Username != "alice" {
			t.Errorf("wrong digest: %s: %v", line, err)
		}
		list = append(list, name+" "+c.Realm)
	}
	slices.Sort(list)
	return strings.Join(list, ", ")
}

// Behind NAT the PBX answers to where a request came from, and so does the emulator.
func TestRequestsAskForTheirSourceAndAnswersNameIt(t *testing.T) {
	h := newHops(t, []string{"NEAR"})
	if answer, _ := h.register("NEAR", ""); answer != "200 OK" {
		t.Fatal(answer)
	}
	for _, r := range h.near.Requests() {
		if via, _, _ := strings.Cut(r.Text[strings.Index(r.Text, "Via: "):], "\r\n"); !strings.Contains(via, ";rport") {
			t.Errorf("%s", via)
		}
	}
	c, err := net.Dial("udp", h.agent.Address())
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	if _, err := fmt.Fprintf(c, "OPTIONS sip:voxemu-1@%s SIP/2.0\r\nVia: SIP/2.0/UDP 192.0.2.1:5060;branch=z9hG4bK1;rport\r\nFrom: <sip:a@b>;tag=1\r\nTo: <sip:b@b>\r\n"+
		"Call-ID: 1\r\nCSeq: 1 OPTIONS\r\nMax-Forwards: 70\r\nContent-Length: 0\r\n\r\n", h.agent.Address()); err != nil {
		t.Fatal(err)
	}
	if err := c.SetReadDeadline(time.Now().Add(10 * time.Second)); err != nil {
		t.Fatal(err)
	}
	buffer := make([]byte, 2000)
	n, err := c.Read(buffer)
	_, port, _ := net.SplitHostPort(c.LocalAddr().String())
	answer := string(buffer[:n])
	if err != nil || !strings.HasPrefix(answer, "SIP/2.0 200 ") || !strings.Contains(answer, "received=127.0.0.1") || !strings.Contains(answer, "rport="+port) {
		t.Errorf("%q %v", answer, err)
	}
}

func TestNothingIsSentToPublicAddresses(t *testing.T) {
	for _, address := range []string{"203.0.113.7", "8.8.8.8", "169.254.1.1", "0.0.0.0", "224.0.0.1", "[2001:db8::1]", "[fe80::1]", "[::ffff:203.0.113.7]", "[::]"} {
		agent, err := stack.Open(sip.Config{Timeout: time.Second}, sip.Events{
			Message: func(sip.Message) {}, Allowed: func(string) bool { return true }, Expires: func() time.Duration { return time.Hour },
		})
		if err != nil {
			t.Fatal(err)
		}
		for _, transport := range []string{"", ";transport=tcp", ";transport=tls"} {
			a := agent.Register(t.Context(), sip.Binding{RegistrationID: 1, SIPUsername: "alice", Proxy: address + transport}, &sip.Session{})
			if a.StatusCode != 502 || !strings.Contains(a.Reason, "--sip-allow-public") {
				t.Errorf("%s%s: %+v", address, transport, a)
			}
		}
		if err := agent.Close(); err != nil {
			t.Error(err)
		}
	}
}
