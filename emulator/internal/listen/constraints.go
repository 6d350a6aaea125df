package listen

import (
	"fmt"
	"net"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"time"
)

// permittedDomains returns the domains, with their subdomains, that every new CA may sign:
// names of this machine and of containers, names reserved for tests, and the documented
// hosts of the real service, which some clients have built in.
func permittedDomains() []string {
	return []string{"localhost", "test", "voxemu", "host.docker.internal", "api.voximplant.com", "api-node1.voximplant.com"}
}

// permittedRanges returns loopback, private and link-local addresses.
func permittedRanges() []*net.IPNet {
	var ranges []*net.IPNet
	for _, text := range []string{
		"127.0.0.0/8", "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "169.254.0.0/16", "::1/128", "fc00::/7", "fe80::/10",
	} {
		_, network, _ := net.ParseCIDR(text) // constants; a test looks at each
		ranges = append(ranges, network)
	}
	return ranges
}

// single returns the range of one address.
func single(ip net.IP) *net.IPNet {
	if four := ip.To4(); four != nil {
		ip = four
	}
	return &net.IPNet{IP: ip, Mask: net.CIDRMask(8*len(ip), 8*len(ip))}
}

func checkNames(names []string) error {
	for _, name := range names {
		if net.ParseIP(name) == nil && (len(name) > 253 || !hostName.MatchString(strings.ToLower(name))) {
			return fmt.Errorf("TLS name %q: want a host name or an address, such as emulator.example.com", name)
		}
	}
	return nil
}

// unconstrained reports whether the CA may sign any name, as those of earlier versions.
func (a *Authority) unconstrained() bool {
	return len(a.certificate.PermittedDNSDomains) == 0 && len(a.certificate.PermittedIPRanges) == 0
}

// permits reports whether the CA may sign a name or an address.
func (a *Authority) permits(name string) bool {
	if a.unconstrained() {
		return true
	}
	if ip := net.ParseIP(name); ip != nil {
		return slices.ContainsFunc(a.certificate.PermittedIPRanges, func(n *net.IPNet) bool { return n.Contains(ip) })
	}
	return slices.ContainsFunc(a.certificate.PermittedDNSDomains, func(domain string) bool {
		return name == domain || strings.HasSuffix(name, "."+domain)
	})
}

// Warnings returns what a user should mend about the CA and the keys in a folder.
func (a *Authority) Warnings(dir string) []string {
	var found []string
	if a.unconstrained() {
		found = append(found, fmt.Sprintf("the certificate authority in %s may sign any name until %s; voxemu ca renew makes one that is limited to the emulator's names, which trust stores then need",
			dir, a.certificate.NotAfter.Format(time.DateOnly)))
	}
	if dir == "" {
		return found
	}
	keys, _ := filepath.Glob(filepath.Join(dir, "keys", "*.pem")) // without keys if the folder's name is a bad pattern
	for _, path := range append([]string{filepath.Join(dir, keyName)}, keys...) {
		if ReadableByOthers(path) {
			found = append(found, path+" can be read by other users; make it readable by its owner only, with chmod 600")
		}
	}
	return found
}

// ReadableByOthers reports whether users other than the owner may read a file. Windows
// does not tell.
func ReadableByOthers(path string) bool {
	info, err := os.Stat(path)
	return err == nil && runtime.GOOS != "windows" && info.Mode().Perm()&0o077 != 0
}

// replace writes a file atomically.
func replace(path string, text []byte, mode os.FileMode) error {
	beside, err := os.CreateTemp(filepath.Dir(path), filepath.Base(path)+".*.new")
	if err != nil {
		return err
	}
	defer os.Remove(beside.Name()) // has no effect after the rename
	_, err = beside.Write(text)
	for _, step := range []func() error{
		func() error { return beside.Chmod(mode) },
		beside.Close,
		func() error { return os.Rename(beside.Name(), path) },
	} {
		if err == nil {
			err = step()
		}
	}
	return err
}
