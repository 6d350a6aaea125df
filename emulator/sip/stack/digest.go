package stack

import (
	"cmp"
	"fmt"
	"strings"

	sipmsg "github.com/emiago/sipgo/sip"
	"github.com/icholy/digest"

	"github.com/voxemu/voxemu/emulator/sip"
)

// proof answers a challenge of one realm.
type proof struct {
	header    string // Authorization or Proxy-Authorization
	challenge *digest.Challenge
	refused   bool // the realm has challenged again
	binding   sip.Binding
}

// proofs are the answers to the challenges of an attempt: a proxy and a registrar can
// each have a realm.
type proofs []*proof

// mostRealms is the maximum number of realms that get an answer.
const mostRealms = 4

// add takes the challenges of a response; false if another request would be answered the
// same way. A realm gets a second answer only if it says that its nonce was stale.
func (ps *proofs) add(r *sipmsg.Response, b sip.Binding) (again bool) {
	from, to := "WWW-Authenticate", "Authorization"
	if r.StatusCode == 407 {
		from, to = "Proxy-Authenticate", "Proxy-Authorization"
	}
	offered := map[string]bool{}
	for _, h := range r.GetHeaders(from) {
		c, ok := challengeOf(h.Value())
		if !ok || offered[c.Realm] { // the PBX prefers the first one
			continue
		}
		offered[c.Realm] = true
		if ps.set(to, c, b) {
			again = true
		}
	}
	return again && b.Password != ""
}

func (ps *proofs) set(header string, c *digest.Challenge, b sip.Binding) bool {
	for _, p := range *ps {
		if p.header != header || p.challenge.Realm != c.Realm {
			continue
		}
		if p.refused || !c.Stale {
			return false
		}
		p.challenge, p.refused = c, true
		return true
	}
	if len(*ps) == mostRealms {
		return false
	}
	*ps = append(*ps, &proof{header: header, challenge: c, binding: b})
	return true
}

// challengeOf reads a challenge; false if the emulator cannot answer it.
func challengeOf(value string) (*digest.Challenge, bool) {
	c, err := digest.ParseChallenge(value)
	if err != nil {
		return nil, false
	}
	switch c.Algorithm = strings.ToUpper(c.Algorithm); c.Algorithm {
	case "", "MD5", "SHA-256":
	default:
		return nil, false
	}
	auth := len(c.QOP) == 0
	for _, qop := range c.QOP {
		auth = auth || strings.TrimSpace(qop) == "auth"
	}
	if len(c.QOP) > 0 {
		c.QOP = []string{"auth"}
	}
	for _, text := range []string{c.Realm, c.Nonce, c.Opaque} {
		if strings.ContainsFunc(text, func(r rune) bool { return r < ' ' || r == 0x7f }) {
			return nil, false
		}
	}
	return c, auth
}

// headers returns the answers for a request.
func (ps proofs) headers(uri string) []sipmsg.Header {
	var list []sipmsg.Header
	for _, p := range ps {
		credentials, err := digest.Digest(p.challenge, digest.Options{
			Method: string(sipmsg.REGISTER), URI: uri, Count: 1,
			Username: cmp.Or(p.binding.AuthUser, p.binding.SIPUsername), Password: p.binding.Password,
		})
		if err != nil {
			continue // cannot happen: algorithm and qop are checked
		}
		list = append(list, sipmsg.NewHeader(p.header, authorization(credentials)))
	}
	return list
}

// authorization formats credentials as RFC 7616 §3.4 says. Their own String quotes as Go
// does: a PBX would read the escapes of characters that cannot be printed as other texts.
func authorization(c *digest.Credentials) string {
	list := []string{
		"username=" + quoted(c.Username), "realm=" + quoted(c.Realm), "nonce=" + quoted(c.Nonce),
		"uri=" + quoted(c.URI), "response=" + quoted(c.Response),
	}
	if c.Algorithm != "" {
		list = append(list, "algorithm="+c.Algorithm)
	}
	if c.QOP != "" {
		list = append(list, "cnonce="+quoted(c.Cnonce), "qop="+c.QOP, fmt.Sprintf("nc=%08x", c.Nc))
	}
	if c.Opaque != "" {
		list = append(list, "opaque="+quoted(c.Opaque))
	}
	if c.Userhash {
		list = append(list, "userhash=true")
	}
	return "Digest " + strings.Join(list, ", ")
}

// quoted returns a quoted-string of RFC 3261 §25.1. The text has no control characters.
func quoted(text string) string {
	return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(text) + `"`
}
