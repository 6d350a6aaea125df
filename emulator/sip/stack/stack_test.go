package stack

import (
	"context"
	"net"
	"net/netip"
	"strings"
	"testing"
	"time"

	"github.com/voxemu/voxemu/emulator/sip"
)

// zone is a resolver with fixed names.
type zone struct {
	addresses map[string]string
	services  map[string]*net.SRV
}

func (z zone) LookupNetIP(_ context.Context, _, host string) ([]netip.Addr, error) {
	if text, ok := z.addresses[host]; ok {
		return []netip.Addr{netip.MustParseAddr("fd00::9"), netip.MustParseAddr(text)}, nil
	}
	return nil, &net.DNSError{Err: "no such host", Name: host, IsNotFound: true}
}

func (z zone) LookupSRV(_ context.Context, service, proto, name string) (string, []*net.SRV, error) {
	if record, ok := z.services["_"+service+"._"+proto+"."+name]; ok {
		return name, []*net.SRV{record}, nil
	}
	return "", nil, &net.DNSError{Err: "no such host", Name: name, IsNotFound: true}
}

func TestATargetResolvesAsRFC3263Says(t *testing.T) {
	a := &agent{resolver: zone{
		addresses: map[string]string{"pbx.internal": "10.0.0.7", "node.internal": "10.0.0.8", "pbx.example.com": "203.0.113.7"},
		services: map[string]*net.SRV{
			"_sip._tcp.pbx.internal":    {Target: "node.internal.", Port: 5070},
			"_sips._tcp.pbx.internal":   {Target: "node.internal.", Port: 5071},
			"_sip._udp.tricky.internal": {Target: "pbx.example.com.", Port: 5060},
		},
	}}
	for proxy, want := range map[string]string{
		"pbx.internal":                    "10.0.0.7:5060",
		"pbx.internal:5080":               "10.0.0.7:5080",
		"pbx.internal;transport=tcp":      "10.0.0.8:5070",
		"pbx.internal:5090;transport=tcp": "10.0.0.7:5090",
		"pbx.internal;transport=tls":      "10.0.0.8:5071",
		"node.internal;transport=tls":     "10.0.0.8:5061",
		"10.0.0.9":                        "10.0.0.9:5060",
		"[::1]:5080":                      "[::1]:5080",
		"pbx.example.com":                 "203.0.113.7 is neither",
		"tricky.internal":                 "203.0.113.7 is neither",
		"[::ffff:203.0.113.7]":            "203.0.113.7 is neither",
		"nobody.internal":                 "no such host",
	} {
		to, err := parse(proxy)
		if err != nil {
			t.Errorf("%s: %v", proxy, err)
			continue
		}
		got, _, err := a.resolve(t.Context(), to)
		text := got.String()
		if err != nil {
			text = err.Error()
		}
		if !strings.Contains(text, want) {
			t.Errorf("%s: %s, want %s", proxy, text, want)
		}
	}
}

// What a name resolves to can change between the check and the connection: the dialer
// checks again.
func TestTheDialerChecksTheAddressAgain(t *testing.T) {
	for allowed, want := range map[bool]string{false: "203.0.113.7 is neither", true: ""} {
		a := &agent{Config: sip.Config{AllowPublic: allowed}}
		if err := a.dialer(nil).Control("tcp", "203.0.113.7:5061", nil); (err == nil) != allowed || err != nil && !strings.Contains(err.Error(), want) {
			t.Errorf("allowed %v: %v", allowed, err)
		}
		if err := a.dialer(nil).Control("tcp", "10.0.0.7:5061", nil); err != nil {
			t.Errorf("allowed %v: %v", allowed, err)
		}
	}
}

func TestOnlyHostsAndPortsAreTargets(t *testing.T) {
	for _, proxy := range []string{
		"", ":5060", "a:0", "a:99999", "a b", "a\r\nX: 1", "a>b", "a;transport=sctp", "a;lr", "a@b", "a/b", "a,b", "[::1", "[fe80::1%eth0]", `a"b`, strings.Repeat("a", 300),
	} {
		if to, err := parse(proxy); err == nil {
			t.Errorf("%q is taken for %v", proxy, to)
		}
	}
}

func TestTheUserOfAURIIsEscaped(t *testing.T) {
	for user, want := range map[string]string{
		"alice": "alice", "+1-800": "+1-800", "a b": "a%20b", "a\r\nX: 1": "a%0D%0AX%3A%201", `a"<>;tag=x`: `a%22%3C%3E;tag=x`, "ü@x": "%C3%BC%40x",
	} {
		if got := escaped(user); got != want {
			t.Errorf("%q: %s, want %s", user, got, want)
		}
	}
}

func TestSecretsAreMasked(t *testing.T) {
	const secretText = "0123456789abcdef"
	for _, text := range []string{
		"REGISTER sip:a SIP/2.0\r\nAuthorization: Digest username=\"u\", response=\"" + secretText + "\", cnonce=\"" + secretText + "\"\r\n\r\n",
		"REGISTER sip:a SIP/2.0\r\nproxy-authorization : Basic " + secretText + "\r\n\r\n",
		"REGISTER sip:a SIP/2.0\r\nAuthorization:Digest RESPONSE=" + secretText + "\r\n\r\n",
		"SIP/2.0 200 OK\r\nAuthentication-Info: rspauth=\"" + secretText + "\"\r\n\r\n",
	} {
		if got := masked(text); strings.Contains(got, secretText) || !strings.Contains(got, "***") {
			t.Errorf("%s", got)
		}
	}
}

func TestNothingIsLeftAfterClose(t *testing.T) {
	a, err := Open(sip.Config{}, sip.Events{Message: func(sip.Message) {}, Allowed: func(string) bool { return true }, Expires: func() time.Duration { return time.Hour }})
	if err != nil {
		t.Fatal(err)
	}
	address := a.Address()
	if err := a.Close(); err != nil {
		t.Fatal(err)
	}
	packets, err := net.ListenPacket("udp", address)
	if err != nil {
		t.Fatal(err)
	}
	if err := packets.Close(); err != nil {
		t.Error(err)
	}
}

func TestAnAddressForSIPMustBeUsable(t *testing.T) {
	for want, c := range map[string]sip.Config{
		"contains no certificate":      {CA: []byte("nothing")},
		"needs an address to adverti":  {Addr: "0.0.0.0:0"},
		"the address for SIP":          {Addr: "nonsense"},
		"the advertised address for S": {Advertise: "a b"},
	} {
		if a, err := Open(c, sip.Events{}); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%+v: %v %v, want %q", c, a, err, want)
		}
	}
}
