package emulator

import (
	"bytes"
	"cmp"
	"crypto/x509"
	"encoding/pem"
	"maps"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
)

// Inherited is the environment, such as [os.Environ], of programs that are to use an
// emulator: what in it would lead them elsewhere or keep them from trusting the emulator.
type Inherited []string

// Overrides returns variables, NAME=VALUE, that programs need in addition because of what
// they inherit: NO_PROXY and no_proxy if a proxy is set, and CURL_CA_BUNDLE and
// SSL_CERT_DIR, which clients prefer to SSL_CERT_FILE and REQUESTS_CA_BUNDLE, if they are
// set. hosts are those of the emulator; bundle is the file with the certificates to trust,
// empty: none.
func (list Inherited) Overrides(bundle string, hosts ...string) []string {
	found := list.withoutProxy(proxyExceptions(hosts...)...)
	if bundle != "" {
		found = append(list.outranked(bundle), found...)
	}
	return found
}

// get returns a variable's value; empty: not set.
func (list Inherited) get(name string) string {
	for _, entry := range slices.Backward(list) {
		if key, value, _ := strings.Cut(entry, "="); key == name {
			return value
		}
	}
	return ""
}

// withoutProxy returns the variables that make clients connect to the hosts directly if a
// proxy is set. Programs read one spelling or the other, so each keeps what it had.
func (list Inherited) withoutProxy(hosts ...string) []string {
	set := slices.ContainsFunc([]string{"http_proxy", "https_proxy", "all_proxy"}, func(name string) bool {
		return list.get(name) != "" || list.get(strings.ToUpper(name)) != ""
	})
	if !set {
		return nil
	}
	var found []string
	spellings := []string{"NO_PROXY", "no_proxy"}
	if runtime.GOOS == "windows" { // names of variables have no case
		spellings = spellings[:1]
	}
	for i, name := range spellings {
		kept := cmp.Or(list.get(name), list.get(spellings[len(spellings)-1-i]))
		names := strings.FieldsFunc(kept, func(r rune) bool { return r == ',' || r == ' ' })
		for _, host := range hosts {
			if !slices.Contains(names, host) && !slices.Contains(names, "*") {
				names = append(names, host)
			}
		}
		found = append(found, name+"="+strings.Join(names, ","))
	}
	return found
}

// outranked returns variables for those that are set and that clients read instead of, or
// before, SSL_CERT_FILE and REQUESTS_CA_BUNDLE. An empty SSL_CERT_DIR is like none.
func (list Inherited) outranked(bundle string) []string {
	var found []string
	if list.get("CURL_CA_BUNDLE") != "" {
		found = append(found, "CURL_CA_BUNDLE="+bundle)
	}
	if list.get("SSL_CERT_DIR") != "" {
		found = append(found, "SSL_CERT_DIR=")
	}
	return found
}

// Authorities returns the certificates, PEM, that programs trust without voxemu: those
// that the variables name, else the system's. Empty: there are no such files, as on
// Windows.
func (list Inherited) Authorities() []byte {
	var named []string
	for _, name := range []string{"SSL_CERT_FILE", "SSL_CERT_DIR", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"} {
		if value := list.get(name); value != "" {
			named = append(named, filepath.SplitList(value)...)
		}
	}
	if found := certificates(named); len(found) > 0 {
		return found
	}
	for _, path := range systemBundles() {
		if found := certificates([]string{path}); len(found) > 0 {
			return found
		}
	}
	return nil
}

// systemBundles are the files that crypto/x509 reads on Linux and BSD, and macOS's copy.
func systemBundles() []string {
	return []string{
		"/etc/ssl/certs/ca-certificates.crt",
		"/etc/pki/tls/certs/ca-bundle.crt",
		"/etc/ssl/ca-bundle.pem",
		"/etc/pki/tls/cacert.pem",
		"/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem",
		"/etc/ssl/cert.pem",
		"/usr/local/etc/ssl/cert.pem",
		"/usr/local/share/certs/ca-root-nss.crt",
		"/etc/openssl/certs/ca-certificates.crt",
	}
}

// certificates returns the certificates in files and folders, each once. It leaves out
// those of voxemu's own authorities, because the variables may be those of an earlier
// voxemu env. Files that cannot be read are left out, as clients do.
func certificates(paths []string) []byte {
	var all bytes.Buffer
	seen := map[string]bool{}
	for _, path := range paths {
		files := []string{path}
		if entries, err := os.ReadDir(path); err == nil {
			files = nil
			for _, entry := range entries {
				files = append(files, filepath.Join(path, entry.Name()))
			}
		}
		for _, file := range files {
			text, _ := os.ReadFile(file)
			for block, rest := pem.Decode(text); block != nil; block, rest = pem.Decode(rest) {
				certificate, err := x509.ParseCertificate(block.Bytes)
				if err == nil && !seen[string(block.Bytes)] && certificate.Subject.CommonName != "voxemu local CA" {
					seen[string(block.Bytes)] = true
					_ = pem.Encode(&all, &pem.Block{Type: "CERTIFICATE", Bytes: block.Bytes}) // a buffer accepts all
				}
			}
		}
	}
	return all.Bytes()
}

// proxyExceptions returns the names by which clients may connect to a host.
func proxyExceptions(hosts ...string) []string {
	names := map[string]bool{}
	for _, host := range hosts {
		if host == "localhost" || strings.HasPrefix(host, "127.") || host == "::1" {
			names["127.0.0.1"], names["localhost"], names["::1"] = true, true, true
		}
		names[host] = host != ""
	}
	maps.DeleteFunc(names, func(_ string, ok bool) bool { return !ok })
	return slices.Sorted(maps.Keys(names))
}
