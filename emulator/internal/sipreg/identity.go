package sipreg

import "github.com/voxemu/voxemu/emulator/vox"

// Identity is the parameters on user, password and servers that Create and Update share.
type Identity struct {
	SIPUsername   string `param:"sip_username"`
	Proxy         string `param:"proxy"`
	AuthUser      string `param:"auth_user"`
	OutboundProxy string `param:"outbound_proxy"`
	Password      string `param:"password"`
}

// apply sets the given values; empty ones leave the registration unchanged (A5). It
// reports whether anything changed.
func (i Identity) apply(r *vox.Registration) bool {
	before := *r
	for _, change := range []struct {
		to    *string
		given string
	}{
		{&r.SIPUsername, i.SIPUsername},
		{&r.Proxy, i.Proxy},
		{&r.AuthUser, i.AuthUser},
		{&r.OutboundProxy, i.OutboundProxy},
		{&r.Password, i.Password},
	} {
		if change.given != "" {
			*change.to = change.given
		}
	}
	return *r != before
}
