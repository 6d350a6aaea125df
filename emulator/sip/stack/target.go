package stack

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"regexp"
	"strconv"
	"strings"
)

// target is a proxy: host[:port][;transport=udp|tcp|tls].
type target struct {
	host      string // a name, or an address without brackets
	port      int    // 0: not given
	transport string // UDP, TCP or TLS
}

// longestHost is the maximum length of a host name (RFC 1035), which is checked apart: in
// the pattern it would cost half a millisecond at each start.
const longestHost = 253

var hostName = regexp.MustCompile(`^[A-Za-z0-9_]([A-Za-z0-9_.-]*[A-Za-z0-9_.])?$`)

// parse refuses everything that is not a host and a port, because the values go into
// headers.
func parse(proxy string) (target, error) {
	address, parameters, _ := strings.Cut(proxy, ";")
	t := target{host: address, transport: "UDP"}
	if strings.HasPrefix(address, "[") && strings.HasSuffix(address, "]") {
		t.host = address[1 : len(address)-1]
	}
	if host, port, err := net.SplitHostPort(address); err == nil {
		n, err := strconv.ParseUint(port, 10, 16)
		if err != nil || n == 0 {
			return t, fmt.Errorf("%q: want a port from 1 to 65535", proxy)
		}
		t.host, t.port = host, int(n)
	}
	if _, err := netip.ParseAddr(t.host); (err != nil || strings.Contains(t.host, "%")) && (len(t.host) > longestHost || !hostName.MatchString(t.host)) {
		return t, fmt.Errorf("%q: want a host name or an address", proxy)
	}
	switch strings.ToLower(strings.TrimSpace(parameters)) {
	case "", "transport=udp":
	case "transport=tcp":
		t.transport = "TCP"
	case "transport=tls":
		t.transport = "TLS"
	default:
		return t, fmt.Errorf("%q: want ;transport=udp, tcp or tls", proxy)
	}
	return t, nil
}

func (t target) defaultPort() int {
	if t.transport == "TLS" {
		return 5061
	}
	return 5060
}

// uriHost returns the host as it stands in a URI.
func (t target) uriHost() string {
	if strings.Contains(t.host, ":") {
		return "[" + t.host + "]"
	}
	return t.host
}

// String is the target as a proxy, for the patterns of real rules.
func (t target) String() string {
	if t.port == 0 {
		return t.uriHost()
	}
	return t.uriHost() + ":" + strconv.Itoa(t.port)
}

// resolver is the part of net.Resolver that is used.
type resolver interface {
	LookupNetIP(ctx context.Context, network, host string) ([]netip.Addr, error)
	LookupSRV(ctx context.Context, service, proto, name string) (string, []*net.SRV, error)
}

// errPublic refuses a PBX that is neither on this machine nor in a private network.
var errPublic = errors.New("neither a loopback nor a private address; allow it with --sip-allow-public")

// resolve returns the address to send to (RFC 3263 without NAPTR): that of the SRV record
// if the target is a name without port and there is one, else that of the name. host is
// the name that the address belongs to.
func (a *agent) resolve(ctx context.Context, t target) (to netip.AddrPort, host string, err error) {
	host, port := t.host, t.port
	ip, err := netip.ParseAddr(host)
	if err != nil {
		if port == 0 {
			host, port = a.service(ctx, t)
		}
		found, err := a.resolver.LookupNetIP(ctx, "ip", host)
		if err != nil {
			return netip.AddrPort{}, host, err
		}
		if len(found) == 0 {
			return netip.AddrPort{}, host, &net.DNSError{Err: "no address", Name: host, IsNotFound: true}
		}
		ip = found[0]
		for _, other := range found {
			if other.Unmap().Is4() {
				ip = other
				break
			}
		}
	}
	ip = ip.Unmap()
	if port == 0 {
		port = t.defaultPort()
	}
	return netip.AddrPortFrom(ip, uint16(port)), host, a.permit(ip)
}

// permit refuses public addresses unless they are allowed.
func (a *agent) permit(ip netip.Addr) error {
	if ip = ip.Unmap(); a.AllowPublic || ip.IsLoopback() || ip.IsPrivate() {
		return nil
	}
	return fmt.Errorf("%s is %w", ip, errPublic)
}

// service returns the host and port of the SRV record, or the target's host and port 0.
func (a *agent) service(ctx context.Context, t target) (host string, port int) {
	service, proto := "sip", strings.ToLower(t.transport)
	if t.transport == "TLS" {
		service, proto = "sips", "tcp"
	}
	_, records, err := a.resolver.LookupSRV(ctx, service, proto, t.host)
	if err != nil || len(records) == 0 || records[0].Port == 0 {
		return t.host, 0
	}
	return strings.TrimSuffix(records[0].Target, "."), int(records[0].Port)
}
