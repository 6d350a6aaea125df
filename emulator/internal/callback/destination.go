package callback

import (
	"errors"
	"fmt"
	"net/netip"
	"net/url"
	"syscall"
)

// errPublic refuses a receiver that is neither on this machine nor in a private network:
// the receiver of a copied production URL must not get simulated callbacks.
var errPublic = errors.New("neither a loopback nor a private address; allow it with --callbacks-allow-public (emulator.WithCallbacksAllowPublic)")

// refusePublic checks the resolved address immediately before connecting, so that names
// cannot bypass the check.
func refusePublic(_, address string, _ syscall.RawConn) error {
	a, err := netip.ParseAddrPort(address)
	if err != nil {
		return fmt.Errorf("%s: %w", address, errPublic)
	}
	if ip := a.Addr().Unmap(); !ip.IsLoopback() && !ip.IsPrivate() {
		return fmt.Errorf("%s: %w", ip, errPublic)
	}
	return nil
}

// shown returns a receiver without parts that can be secret: user information and query.
func shown(u *url.URL) string {
	bare := url.URL{Scheme: u.Scheme, Host: u.Host, Path: u.Path}
	return bare.String()
}
