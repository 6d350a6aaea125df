package stack_test

import (
	"context"
	"fmt"
	"net"
	"net/netip"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/voxemu/voxemu/emulator/sip"
	"github.com/voxemu/voxemu/emulator/sip/stack"
	"github.com/voxemu/voxemu/testkit/pbx"
)

// names is a resolver with fixed names.
type names struct {
	addresses map[string]string
	services  map[string]*net.SRV
}

func (n names) LookupNetIP(_ context.Context, _, host string) ([]netip.Addr, error) {
	if text, ok := n.addresses[host]; ok {
		return []netip.Addr{netip.MustParseAddr(text)}, nil
	}
	return nil, &net.DNSError{Err: "no such host", Name: host, IsNotFound: true}
}

func (n names) LookupSRV(_ context.Context, service, proto, name string) (string, []*net.SRV, error) {
	if record, ok := n.services["_"+service+"._"+proto+"."+name]; ok {
		return name, []*net.SRV{record}, nil
	}
	return "", nil, &net.DNSError{Err: "no such host", Name: name, IsNotFound: true}
}

// hops is an agent and the PBXs near, which it asks first, and far, to which the first one
// or a name sends it on. The names of the table stand for their ports.
type hops struct {
	t         *testing.T
	near, far *pbx.PBX
	agent     sip.Agent
	mu        sync.Mutex // guards sent
	sent      []string   // the peers of requests
}

func newHops(t *testing.T, covered []string, opts ...pbx.Option) *hops {
	opts = append(opts, pbx.User("alice", "secret"))
	h := &hops{t: t, near: pbx.Run(t, opts...), far: pbx.Run(t, opts...)}
	port := func(p *pbx.PBX) int { return int(netip.MustParseAddrPort(p.Proxy()).Port()) }
	zone := names{
		addresses: map[string]string{
			"near.internal": "127.0.0.1", "far.internal": "127.0.0.1", "public.internal": "203.0.113.7", "node.internal": "127.0.0.1",
		},
		services: map[string]*net.SRV{
			"_sip._udp.near.internal":     {Target: "node.internal.", Port: uint16(port(h.near))},
			"_sip._tcp.near.internal":     {Target: "node.internal.", Port: uint16(port(h.near))},
			"_sip._udp.far.internal":      {Target: "node.internal.", Port: uint16(port(h.far))},
			"_sip._tcp.far.internal":      {Target: "node.internal.", Port: uint16(port(h.far))},
			"_sip._udp.tricky.internal":   {Target: "public.internal.", Port: 5060},
			"_sip._udp.nowhere.internal":  {Target: "nobody.internal.", Port: 5060},
			"_sip._udp.stranger.internal": {Target: "node.internal.", Port: uint16(port(h.far))},
		},
	}
	var err error
	h.agent, err = stack.OpenWith(sip.Config{Timeout: 5 * time.Second}, sip.Events{
		Message: func(m sip.Message) {
			h.mu.Lock()
			defer h.mu.Unlock()
			if m.Sent {
				h.sent = append(h.sent, m.Peer)
			}
		},
		Allowed: func(proxy string) bool { return slices.Contains(covered, h.symbolic(proxy)) },
		Expires: func() time.Duration { return time.Hour },
	}, zone)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = h.agent.Close() })
	return h
}

func (h *hops) real(text string) string {
	return strings.NewReplacer("NEAR", h.near.Proxy(), "FAR", h.far.Proxy()).Replace(text)
}

func (h *hops) symbolic(text string) string {
	return strings.NewReplacer(h.near.Proxy(), "NEAR", h.far.Proxy(), "FAR").Replace(text)
}

// register makes an attempt to register alice.
func (h *hops) register(proxy, outbound string) (answer, sent string) {
	a := h.agent.Register(h.t.Context(), sip.Binding{
		RegistrationID: 1, SIPUsername: "alice", Password: "secret", Proxy: h.real(proxy), OutboundProxy: h.real(outbound),
	}, &sip.Session{})
	h.mu.Lock()
	defer h.mu.Unlock()
	return fmt.Sprint(a.StatusCode, " ", a.Reason), h.symbolic(strings.Join(h.sent, " "))
}

func moved(to string) pbx.Answer {
	return pbx.Answer{Status: 302, Reason: "Moved Temporarily", Times: -1, Headers: map[string]string{"Contact": to}}
}

func TestEachHopIsWithinThePatternsAndTheAddresses(t *testing.T) {
	const public = "502 203.0.113.7 is neither a loopback nor a private address; allow it with --sip-allow-public"
	all := []string{"NEAR", "FAR", "near.internal", "far.internal", "public.internal", "tricky.internal", "nowhere.internal"}
	onlyNear := []string{"NEAR", "near.internal"}
	for name, c := range map[string]struct {
		covered         []string
		proxy, outbound string
		moved           string // the Contact of the near PBX's 302
		answer, sent    string
	}{
		"302 to a covered PBX":                       {all, "NEAR", "", "<sip:alice@FAR>", "200 OK", "NEAR FAR FAR"},
		"302 to a covered PBX over TCP":              {all, "NEAR", "", "<sip:FAR;transport=TCP>;q=0.5", "200 OK", "NEAR FAR FAR"},
		"302 over TCP to a covered PBX":              {all, "NEAR;transport=tcp", "", "<sip:FAR>", "200 OK", "NEAR FAR FAR"},
		"302 to a covered name":                      {all, "NEAR", "", "<sip:far.internal>", "200 OK", "NEAR FAR FAR"},
		"302 to the first covered one":               {all, "NEAR", "", "<sip:198.51.100.1>;q=1, \"a, b\" <sip:FAR>, <sip:NEAR>", "200 OK", "NEAR FAR FAR"},
		"302 outside the patterns":                   {onlyNear, "NEAR", "", "<sip:alice@FAR>", "302 Moved Temporarily", "NEAR"},
		"302 to a name outside the patterns":         {onlyNear, "NEAR", "", "<sip:stranger.internal>", "302 Moved Temporarily", "NEAR"},
		"302 to a covered name of a public address":  {all, "NEAR", "", "<sip:public.internal>", public, "NEAR"},
		"302 to a covered name with a public SRV":    {all, "NEAR", "", "<sip:tricky.internal>", public, "NEAR"},
		"302 to a covered name without address":      {all, "NEAR", "", "<sip:nowhere.internal>", "502 Unable to resolve hostname", "NEAR"},
		"302 to itself":                              {all, "NEAR", "", "<sip:NEAR>", "302 Moved Temporarily", "NEAR"},
		"302 without Contact":                        {all, "NEAR", "", "", "302 Moved Temporarily", "NEAR"},
		"302 to another kind of address":             {all, "NEAR", "", "<tel:+100>, <mailto:a@FAR>, *, <sip:>", "302 Moved Temporarily", "NEAR"},
		"SRV to the PBX":                             {all, "far.internal", "", "", "200 OK", "FAR FAR"},
		"SRV over TCP":                               {all, "far.internal;transport=tcp", "", "", "200 OK", "FAR FAR"},
		"SRV to a public address":                    {all, "tricky.internal", "", "", public, ""},
		"a public address":                           {all, "public.internal", "", "", public, ""},
		"an outbound proxy":                          {all, "elsewhere.internal", "FAR", "", "200 OK", "FAR FAR"},
		"an outbound proxy by its SRV":               {all, "elsewhere.internal", "far.internal;transport=tcp", "", "200 OK", "FAR FAR"},
		"an outbound proxy outside the patterns":     {onlyNear, "NEAR", "FAR", "", "502 no pattern of real registrars covers FAR", ""},
		"an outbound proxy of a public address":      {all, "NEAR", "public.internal", "", public, ""},
		"an outbound proxy with a public SRV":        {all, "NEAR", "tricky.internal", "", public, ""},
		"an outbound proxy's 302 to a covered PBX":   {all, "elsewhere.internal", "NEAR", "<sip:FAR>", "200 OK", "NEAR FAR FAR"},
		"an outbound proxy's 302 out of the pattern": {onlyNear, "near.internal", "NEAR", "<sip:FAR>", "302 Moved Temporarily", "NEAR"},
	} {
		t.Run(name, func(t *testing.T) {
			h := newHops(t, c.covered)
			if c.moved != "" || strings.HasPrefix(c.answer, "302") {
				h.near.Answers(moved(h.real(c.moved)))
			}
			answer, sent := h.register(c.proxy, c.outbound)
			if h.symbolic(answer) != c.answer || sent != c.sent {
				t.Errorf("%s, asked %q; want %s, %q", answer, sent, c.answer, c.sent)
			}
		})
	}
}

// A PBX that knows the digest of the first hop must not make it go on.
func TestADigestStaysWithinThePatternsAtEachHop(t *testing.T) {
	h := newHops(t, []string{"NEAR"})
	h.near.Answers(
		pbx.Answer{Status: 401, Headers: map[string]string{"WWW-Authenticate": `Digest realm="a", nonce="n"`}},
		moved("<sip:"+h.far.Proxy()+">"),
	)
	answer, sent := h.register("NEAR", "")
	if answer != "302 Moved Temporarily" || sent != "NEAR NEAR" || len(h.far.Requests()) > 0 {
		t.Errorf("%s, asked %s, far %v", answer, sent, h.far.Requests())
	}
	if got := h.near.Requests(); len(got) != 2 || !strings.Contains(got[1].Text, "Authorization: Digest") {
		t.Errorf("near: %v", got)
	}
}

func TestAnEndlessSequenceOfRedirectionsEnds(t *testing.T) {
	for _, transport := range []string{"", ";transport=tcp"} {
		h := newHops(t, []string{"NEAR", "FAR"})
		h.near.Answers(moved("<sip:" + h.far.Proxy() + transport + ">"))
		h.far.Answers(moved("<sip:" + h.near.Proxy() + transport + ">"))
		answer, sent := h.register("NEAR"+transport, "")
		if answer != "482 Loop Detected" || len(strings.Fields(sent)) != 8 {
			t.Errorf("%s, asked %s", answer, sent)
		}
	}
}

func TestAnUnregistrationFollowsTheSameHops(t *testing.T) {
	h := newHops(t, []string{"NEAR", "FAR"})
	h.near.Answers(moved("<sip:" + h.far.Proxy() + ">"))
	var session sip.Session
	b := sip.Binding{RegistrationID: 1, SIPUsername: "alice", Password: "secret", Proxy: h.near.Proxy()}
	if a := h.agent.Register(t.Context(), b, &session); a.StatusCode != 200 || len(h.far.Contacts("alice")) != 1 {
		t.Fatalf("%+v, contacts %v", a, h.far.Contacts("alice"))
	}
	h.agent.Unregister(t.Context(), b, &session)
	if got := h.far.Contacts("alice"); len(got) > 0 {
		t.Errorf("left: %v", got)
	}
}
