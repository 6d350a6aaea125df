package callback

import (
	"errors"
	"fmt"
	"net/netip"
	"net/url"
	"syscall"
)

// errPublic refuses a receiver that is neither on this machine nor in a private
// network: a copied production URL must not receive simulated callbacks.
var errPublic = errors.New("neither a loopback nor a private address; allow it with --callbacks-allow-public (emulator.WithCallbacksAllowPublic)")

// refusePublic checks the address that a name was resolved to, right before it
// is connected to, so that no trick with names gets around it.
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

// receiver is the account's callback_url; scenarios check it as well, with a
// place.
func receiver(text string) (*url.URL, error) {
	u, err := url.Parse(text)
	switch {
	case text == "":
		return nil, errors.New("the account has no callback_url")
	case err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https":
		return nil, errors.New("the account's callback_url is no http or https URL")
	}
	return u, nil
}

// shown is a receiver without what may be secret: user information and query.
func shown(u *url.URL) string {
	bare := url.URL{Scheme: u.Scheme, Host: u.Host, Path: u.Path}
	return bare.String()
}
