package pbx_test

import (
	"fmt"
	"net/url"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/icholy/digest"

	"github.com/voxemu/voxemu/emulator/sip"
	"github.com/voxemu/voxemu/emulator/sip/stack"
	"github.com/voxemu/voxemu/emulator/vox"
	"github.com/voxemu/voxemu/testkit"
	"github.com/voxemu/voxemu/testkit/pbx"
)

// hostile are values that end a line, a quoted text, a URI or a parameter, or are none.
func hostile() []string {
	list := []string{"", " ", "a b", "a\tb", "%", "%0d%0aX-Injected: 1", `"`, `a\`, `a"b\`, `", realm="x`, "<sip:b@c>", "a>;tag=x", "a@b", "a;lr", "a,b", "a?b", "a:5060", "ü", "😀",
		"a\u0085b", "a\u00a0b", "a\u200bb", "a\u2028b", "a\x00b", "a\x7fb", "a\x1b[31mb"}
	for _, end := range []string{"\r", "\n", "\r\n", "\n\r", "\r\n\t"} {
		list = append(list, end, "a"+end, "a"+end+"X-Injected: 1", "a"+end+end+"OPTIONS sip:x SIP/2.0"+end)
	}
	for _, n := range []int{255, 256, 1400, 5000, 70_000} {
		list = append(list, strings.Repeat("a", n), strings.Repeat("ü", n/2), strings.Repeat(`"`, n))
	}
	return list
}

// ours are the headers of a REGISTER request.
const ours = " Via From To Call-ID CSeq Max-Forwards Route Contact Expires User-Agent Authorization Content-Length "

// Whatever a client of the API puts into any value that goes onto the wire, the PBX reads
// one request with our headers and the given values, or the registration fails.
func TestEveryValueOfTheAPIIsSafeOnTheWire(t *testing.T) {
	for _, transport := range []string{"udp", "tcp"} {
		t.Run(transport, func(t *testing.T) {
			t.Parallel()
			p := pbx.Run(t)
			emu := testkit.Run(t, testkit.AllowMistakes(), testkit.AllowUnknown(), testkit.LiveClock(),
				testkit.WithSIP(stack.Open, sip.Config{Real: []string{"*"}, Timeout: 2 * time.Second}),
				testkit.ScenarioYAML("accounts: [{id: 1, name: a, api_key: demo-key, balance: 100000}]"))
			for _, name := range []string{"sip_username", "auth_user", "password", "proxy", "outbound_proxy"} {
				for _, value := range hostile() {
					checkWire(t, p, emu, transport, name, value)
				}
			}
			for _, value := range hostile() { // after what is right, and with a port of the PBX
				checkWire(t, p, emu, transport, "proxy", p.Proxy()+";transport="+transport+value)
				checkWire(t, p, emu, transport, "outbound_proxy", p.Proxy()+value)
			}
		})
	}
}

func checkWire(t *testing.T, p *pbx.PBX, emu *testkit.Emulator, transport, name, value string) {
	t.Helper()
	given := map[string]string{"sip_username": "alice", "password": "secret", "proxy": p.Proxy() + ";transport=" + transport, name: value}
	var parameters []string
	for name, value := range given {
		parameters = append(parameters, name, value)
	}
	p.Answers(pbx.Answer{Status: 401, Headers: map[string]string{"WWW-Authenticate": `Digest realm="r", nonce="n", qop="auth"`}})
	before, rows := len(p.Requests()), len(emu.Registrations())
	call(t, emu, "CreateSipRegistration", parameters...)
	all := emu.Registrations()
	if len(all) == rows {
		return // the API refuses the value
	}
	id := all[len(all)-1].ID
	r := settled(t, emu, id)
	if r.State != vox.Failed && r.State != vox.Successful {
		t.Errorf("%s %.80q: the registration is %s", name, value, r.State)
	}
	requests := p.Requests()[before:]
	if r.State == vox.Successful && len(requests) == 0 {
		t.Errorf("%s %.80q: successful without a request", name, value)
	}
	for _, request := range requests {
		var of int64
		if _, err := fmt.Sscanf(request.Contact, "<sip:voxemu-%d@", &of); err == nil && of < id {
			continue // a slow machine has repeated a request of an earlier case
		}
		if err := readable(request, given); err != nil {
			t.Errorf("%s %.80q: %v in\n%.800q", name, value, err, request.Text)
		}
	}
	call(t, emu, "DeleteSipRegistration", "sip_registration_id", fmt.Sprint(id))
	if r.State == vox.Successful {
		p.WaitGone(t, requests[len(requests)-1].User)
	}
}

// readable checks a request against the values that a client gave.
func readable(r pbx.Request, given map[string]string) error {
	head, body, _ := strings.Cut(r.Text, "\r\n\r\n")
	if body != "" {
		return fmt.Errorf("more follows: %q", body)
	}
	if !utf8.ValidString(head) {
		return fmt.Errorf("bytes that are no UTF-8")
	}
	lines := strings.Split(head, "\r\n")
	if words := strings.Split(lines[0], " "); len(words) != 3 || words[0] != "REGISTER" || words[2] != "SIP/2.0" {
		return fmt.Errorf("the first line")
	}
	seen := map[string]bool{}
	for _, line := range lines[1:] {
		name, value, ok := strings.Cut(line, ": ")
		if !ok || seen[name] || !strings.Contains(ours, " "+name+" ") || strings.ContainsFunc(line, func(r rune) bool { return r < ' ' || r == 0x7f }) {
			return fmt.Errorf("the line %q", line)
		}
		seen[name] = true
		switch name {
		case "From", "To":
			_, rest, _ := strings.Cut(value, "<sip:")
			user, _, _ := strings.Cut(rest, "@")
			if got, err := url.PathUnescape(user); err != nil || got != given["sip_username"] {
				return fmt.Errorf("%s is of the user %q: %v", name, got, err)
			}
		case "Authorization":
			c, err := digest.ParseCredentials(value)
			want := given["auth_user"]
			if want == "" {
				want = given["sip_username"]
			}
			if err != nil || c.Username != want {
				return fmt.Errorf("the digest is of %+v: %v", c, err)
			}
			right, err := digest.Digest(&digest.Challenge{Realm: "r", Nonce: "n", QOP: []string{"auth"}}, digest.Options{
				Method: "REGISTER", URI: c.URI, Username: want, Password: given["password"], Count: c.Nc, Cnonce: c.Cnonce,
			})
			if err != nil || right.Response != c.Response {
				return fmt.Errorf("the digest is wrong: %v", err)
			}
		}
	}
	return nil
}
