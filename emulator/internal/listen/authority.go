package listen

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"time"
)

const (
	caName  = "ca.pem"
	keyName = "ca-key.pem"

	caLife = 2 * 365 * 24 * time.Hour
	// leafLife is below 397 days, the maximum that clients accept for server
	// certificates.
	leafLife = 396 * 24 * time.Hour
	// backdated makes certificates valid for clients whose clocks are slow.
	backdated = time.Hour
	// maxLeaves limits the certificates in memory, because clients can ask for any number
	// of names.
	maxLeaves = 64
)

// Authority is the certificate authority (CA) of the HTTPS listener. The Node, Python and
// PHP SDKs use only HTTPS, so their users must trust it.
type Authority struct {
	certificate *x509.Certificate
	key         *ecdsa.PrivateKey
	leafKey     *ecdsa.PrivateKey // the same for all leaves

	mu     sync.Mutex
	leaves map[string]*tls.Certificate // by requested name; "" is the certificate for the usual names
}

// CAFile returns the path of the CA certificate in a folder, PEM, and creates it if it is
// missing. It returns an error if there is no folder, if the folder cannot be used, or if
// the certificate or key in it is malformed or expired.
func CAFile(dir string) (path string, err error) {
	if dir == "" {
		return "", errors.New("a certificate authority without a folder has no file")
	}
	if _, err := NewAuthority(dir); err != nil {
		return "", err
	}
	return filepath.Join(dir, caName), nil
}

// NewAuthority loads the CA from a folder, or creates it; with dir "" it is kept in
// memory only. A malformed or expired file is not replaced, because clients trust it: the
// error states which files to delete. names are those that the CA may sign in addition to
// the usual ones; it is an error if a kept CA may not.
func NewAuthority(dir string, names ...string) (*Authority, error) {
	a, err := newAuthority(dir, names)
	return a, about(dir, err)
}

// RenewAuthority replaces the CA in a folder by a new one, and returns the path of its
// certificate. Servers that run keep the old one.
func RenewAuthority(dir string, names ...string) (path string, err error) {
	certificate, key, err := newCA(names)
	if err == nil {
		err = os.MkdirAll(dir, 0o700)
	}
	if err == nil {
		err = replace(filepath.Join(dir, keyName), key, 0o600)
	}
	path = filepath.Join(dir, caName)
	if err == nil {
		err = replace(path, certificate, 0o644)
	}
	return path, about(dir, err)
}

func newCA(names []string) (certificate, key []byte, err error) {
	if err := checkNames(names); err != nil {
		return nil, nil, err
	}
	if key, err = newCAKey(); err != nil {
		return nil, nil, err
	}
	parsed, err := parseKey(key)
	if err != nil {
		return nil, nil, err
	}
	certificate, err = newCACertificate(parsed, names)
	return certificate, key, err
}

func newAuthority(dir string, names []string) (*Authority, error) {
	if err := checkNames(names); err != nil {
		return nil, err
	}
	keyPEM, err := keep(dir, keyName, 0o600, newCAKey)
	if err != nil {
		return nil, err
	}
	key, err := parseKey(keyPEM)
	if err != nil {
		return nil, fmt.Errorf("%s: %w; delete it and %s beside it to have both made anew", filepath.Join(dir, keyName), err, caName)
	}
	certificatePEM, err := keep(dir, caName, 0o644, func() ([]byte, error) { return newCACertificate(key, names) })
	if err != nil {
		return nil, err
	}
	certificate, err := parseCA(certificatePEM, key)
	if err != nil {
		return nil, fmt.Errorf("%s: %w; delete it, or run voxemu ca renew, to have a new one made, which clients then have to trust", filepath.Join(dir, caName), err)
	}
	leafKey, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, err
	}
	a := &Authority{certificate: certificate, key: key, leafKey: leafKey, leaves: map[string]*tls.Certificate{}}
	for _, name := range names {
		if name = strings.ToLower(name); !a.permits(name) {
			return nil, fmt.Errorf("%s: the certificate authority is not for the name %s; make one that is with voxemu ca renew --tls-name %s, which clients then have to trust", filepath.Join(dir, caName), name, name)
		}
	}
	_, err = a.leaf("") // reports errors at the start instead of at the first client
	return a, err
}

// PEM returns the CA certificate.
func (a *Authority) PEM() []byte {
	return pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: a.certificate.Raw})
}

// tlsConfig creates a certificate for each name that clients ask for.
func (a *Authority) tlsConfig() *tls.Config {
	return &tls.Config{
		MinVersion:     tls.VersionTLS12,
		NextProtos:     []string{"h2", "http/1.1"},
		GetCertificate: func(hello *tls.ClientHelloInfo) (*tls.Certificate, error) { return a.leaf(expectedName(hello)) },
	}
}

// expectedName returns the name that the client expects: that of SNI, else the address of
// the connection.
func expectedName(hello *tls.ClientHelloInfo) string {
	if hello.ServerName != "" {
		return strings.ToLower(hello.ServerName)
	}
	if hello.Conn == nil {
		return ""
	}
	host, _, err := net.SplitHostPort(hello.Conn.LocalAddr().String())
	if err != nil || net.ParseIP(host) == nil { // a Unix socket, or an IPv6 address with zone
		return ""
	}
	return host
}

// hostName matches names allowed in certificates. Underscores are not valid in DNS, but
// names of containers contain them.
var hostName = regexp.MustCompile(`^[a-z0-9_-]+(\.[a-z0-9_-]+)*$`)

// leaf returns a certificate for the usual names and the given one.
func (a *Authority) leaf(name string) (*tls.Certificate, error) {
	template := usualNames()
	switch ip := net.ParseIP(name); {
	case template.VerifyHostname(name) == nil, !a.permits(name):
		name = ""
	case ip != nil:
		template.IPAddresses = append(template.IPAddresses, ip)
	case len(name) <= 253 && hostName.MatchString(name):
		template.DNSNames = append(template.DNSNames, name)
	default:
		name = ""
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	if leaf, ok := a.leaves[name]; ok && time.Until(leaf.Leaf.NotAfter) > leafLife/2 {
		return leaf, nil
	}
	leaf, err := a.issue(template)
	if err != nil {
		return nil, err
	}
	if len(a.leaves) >= maxLeaves {
		clear(a.leaves)
	}
	a.leaves[name] = leaf
	return leaf, nil
}

// usualNames returns a template of a certificate for this machine and for a container
// named voxemu.
func usualNames() *x509.Certificate {
	return &x509.Certificate{
		Subject:     pkix.Name{CommonName: "voxemu"},
		DNSNames:    []string{"localhost", "voxemu"},
		IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1), net.IPv6loopback},
		KeyUsage:    x509.KeyUsageDigitalSignature,
		ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
	}
}

func (a *Authority) issue(template *x509.Certificate) (*tls.Certificate, error) {
	template.NotBefore = time.Now().Add(-backdated)
	template.NotAfter = template.NotBefore.Add(leafLife)
	if template.NotAfter.After(a.certificate.NotAfter) {
		template.NotAfter = a.certificate.NotAfter
	}
	der, err := x509.CreateCertificate(rand.Reader, template, a.certificate, a.leafKey.Public(), a.key)
	if err != nil {
		return nil, err
	}
	leaf, err := x509.ParseCertificate(der)
	return &tls.Certificate{Certificate: [][]byte{der}, PrivateKey: a.leafKey, Leaf: leaf}, err
}

func newCAKey() ([]byte, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, err
	}
	der, err := x509.MarshalPKCS8PrivateKey(key)
	return pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der}), err
}

func newCACertificate(key *ecdsa.PrivateKey, names []string) ([]byte, error) {
	notBefore := time.Now().Add(-backdated)
	template := &x509.Certificate{
		Subject:               pkix.Name{CommonName: "voxemu local CA"},
		NotBefore:             notBefore,
		NotAfter:              notBefore.Add(caLife),
		KeyUsage:              x509.KeyUsageCertSign | x509.KeyUsageCRLSign,
		BasicConstraintsValid: true,
		IsCA:                  true,
		MaxPathLenZero:        true,

		// A stolen key must not be good for any other site.
		PermittedDNSDomainsCritical: true,
		PermittedDNSDomains:         permittedDomains(),
		PermittedIPRanges:           permittedRanges(),
	}
	for _, name := range names {
		if ip := net.ParseIP(name); ip != nil {
			template.PermittedIPRanges = append(template.PermittedIPRanges, single(ip))
		} else {
			template.PermittedDNSDomains = append(template.PermittedDNSDomains, strings.ToLower(name))
		}
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	return pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}), err
}

func parseKey(text []byte) (*ecdsa.PrivateKey, error) {
	block, _ := pem.Decode(text)
	if block == nil || block.Type != "PRIVATE KEY" {
		return nil, errors.New("no PKCS#8 PEM private key")
	}
	parsed, err := x509.ParsePKCS8PrivateKey(block.Bytes)
	if err != nil {
		return nil, errors.New("no PKCS#8 private key")
	}
	key, ok := parsed.(*ecdsa.PrivateKey)
	if !ok {
		return nil, errors.New("no ECDSA key")
	}
	return key, nil
}

func parseCA(text []byte, key *ecdsa.PrivateKey) (*x509.Certificate, error) {
	block, rest := pem.Decode(text)
	if block == nil || block.Type != "CERTIFICATE" || len(bytes.TrimSpace(rest)) > 0 {
		return nil, errors.New("not one PEM certificate")
	}
	certificate, err := x509.ParseCertificate(block.Bytes)
	switch now := time.Now(); {
	case err != nil:
		return nil, fmt.Errorf("no certificate: %w", err)
	case !certificate.IsCA:
		return nil, errors.New("not the certificate of an authority")
	case !key.PublicKey.Equal(certificate.PublicKey):
		return nil, fmt.Errorf("does not belong to %s", keyName)
	case now.Before(certificate.NotBefore):
		return nil, fmt.Errorf("not valid before %s", certificate.NotBefore.Format(time.DateOnly))
	case !now.Before(certificate.NotAfter):
		return nil, fmt.Errorf("expired on %s", certificate.NotAfter.Format(time.DateOnly))
	}
	return certificate, nil
}

// about adds to an error which folder it is about and how to use another one.
func about(dir string, err error) error {
	if err == nil || dir == "" {
		return err
	}
	return fmt.Errorf("%w (the configuration folder is %s; to use another one, name it in VOXEMU_CONFIG_DIR)", err, dir)
}

// keep returns the content of a file in a folder, and creates it if it is missing. With
// dir "" the content is generated and not stored.
func keep(dir, name string, mode fs.FileMode, generate func() ([]byte, error)) ([]byte, error) {
	if dir == "" {
		return generate()
	}
	path := filepath.Join(dir, name)
	kept, err := os.ReadFile(path)
	if !errors.Is(err, fs.ErrNotExist) {
		return kept, err
	}
	text, err := generate()
	if err != nil {
		return nil, err
	}
	if err := publish(path, text, mode); err != nil {
		return nil, err
	}
	return os.ReadFile(path) // another process may have created it at the same time
}

// publish creates a complete file atomically, unless it exists.
func publish(path string, text []byte, mode fs.FileMode) error {
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return err
	}
	beside, err := os.CreateTemp(filepath.Dir(path), filepath.Base(path)+".*.new")
	if err != nil {
		return err
	}
	defer os.Remove(beside.Name())
	_, err = beside.Write(text)
	if err := errors.Join(err, beside.Chmod(mode), beside.Close()); err != nil {
		return err
	}
	err = os.Link(beside.Name(), path)
	if err == nil || errors.Is(err, fs.ErrExist) {
		return nil
	}
	return os.Rename(beside.Name(), path) // the file system has no hard links
}
