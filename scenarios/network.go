package scenarios

import (
	"fmt"

	"github.com/voxemu/voxemu/emulator/vox"
)

func (d *draft) authorizedIPTable() table[int64, vox.AuthorizedIP] {
	return table[int64, vox.AuthorizedIP]{
		name:  "authorized_ips",
		list:  func(s *Scenario) *[]vox.AuthorizedIP { return &s.AuthorizedIPs },
		id:    func(a vox.AuthorizedIP) int64 { return a.ID },
		owner: func(a *vox.AuthorizedIP) *int64 { return &a.AccountID },
		fill:  func(a *vox.AuthorizedIP, _ place) { a.Network = canonical(a.Network) },
		judge: func(c checker, a *vox.AuthorizedIP) {
			c.network(a.Network)
			c.text("description", a.Description, false)
			c.owner(a.AccountID)
		},
		unique: []uniqueness[vox.AuthorizedIP]{
			{"network", func(a vox.AuthorizedIP) string { return fmt.Sprint(a.AccountID, " ", a.Denied, " ", a.Network) }},
		},
	}
}

func (d *draft) sipWhiteListTable() table[int64, vox.SIPWhiteListItem] {
	return table[int64, vox.SIPWhiteListItem]{
		name:  "sip_white_list",
		list:  func(s *Scenario) *[]vox.SIPWhiteListItem { return &s.SIPWhiteList },
		id:    func(i vox.SIPWhiteListItem) int64 { return i.ID },
		owner: func(i *vox.SIPWhiteListItem) *int64 { return &i.AccountID },
		fill:  func(i *vox.SIPWhiteListItem, _ place) { i.Network = canonical(i.Network) },
		judge: func(c checker, i *vox.SIPWhiteListItem) {
			c.network(i.Network)
			c.text("description", i.Description, false)
			c.owner(i.AccountID)
		},
	}
}

// canonical leaves what is no network as it is, to be complained about.
func canonical(network string) string {
	if _, text, ok := vox.ParseNetwork(network); ok {
		return text
	}
	return network
}

func (c checker) network(text string) {
	if _, _, ok := vox.ParseNetwork(text); !ok {
		c.refuse("network", "want an IPv4 address or network such as 192.0.2.0/24")
	}
}
