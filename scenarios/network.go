package scenarios

import "github.com/voxemu/voxemu/emulator/vox"

// canonical returns other texts than networks unchanged; the check reports them.
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
