package listen

import (
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func newTestAuthority(t testing.TB, dir string) *Authority {
	t.Helper()
	a, err := NewAuthority(dir)
	if err != nil {
		t.Fatal(err)
	}
	return a
}

// trusting returns the certificates of a client that loaded the CA's PEM file.
func trusting(t *testing.T, a *Authority) *x509.CertPool {
	t.Helper()
	pool := x509.NewCertPool()
	if !pool.AppendCertsFromPEM(a.PEM()) {
		t.Fatalf("no certificate in %q", a.PEM())
	}
	return pool
}

func TestTheAuthoritySignsServersAndNothingElse(t *testing.T) {
	ca := newTestAuthority(t, "").certificate
	type facts struct {
		Name           string
		CA, ZeroLength bool
		Usage          x509.KeyUsage
		Days           int
	}
	got := facts{ca.Subject.CommonName, ca.IsCA, ca.MaxPathLenZero, ca.KeyUsage, int(ca.NotAfter.Sub(ca.NotBefore).Hours() / 24)}
	want := facts{"voxemu local CA", true, true, x509.KeyUsageCertSign | x509.KeyUsageCRLSign, 730}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if curve := ca.PublicKey.(*ecdsa.PublicKey).Curve.Params().Name; curve != "P-256" {
		t.Errorf("curve %s, want P-256", curve)
	}
}

func TestTheAuthorityIsKeptFromOneStartToTheNext(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "missing", "voxemu")
	first, second := newTestAuthority(t, dir), newTestAuthority(t, dir)
	if diff := cmp.Diff(string(first.PEM()), string(second.PEM())); diff != "" {
		t.Errorf("another certificate (-first +second):\n%s", diff)
	}
	if !first.key.Equal(second.key) {
		t.Error("another key")
	}
	want := map[string]os.FileMode{".": 0o700, caName: 0o644, keyName: 0o600}
	if diff := cmp.Diff(want, modes(t, dir)); diff != "" {
		t.Errorf("files and modes (-want +got):\n%s", diff)
	}
	if text, err := os.ReadFile(filepath.Join(dir, caName)); err != nil || string(text) != string(first.PEM()) {
		t.Errorf("%s holds %q, error %v", caName, text, err)
	}
}

// modes returns the permissions of a folder and its files.
func modes(t *testing.T, dir string) map[string]os.FileMode {
	t.Helper()
	found := map[string]os.FileMode{}
	err := filepath.Walk(dir, func(path string, info os.FileInfo, err error) error {
		if err != nil {
			return err
		}
		name, err := filepath.Rel(dir, path)
		found[name] = info.Mode().Perm()
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return found
}

func TestWithoutAFolderEveryAuthorityIsItsOwn(t *testing.T) {
	t.Chdir(t.TempDir())
	if newTestAuthority(t, "").key.Equal(newTestAuthority(t, "").key) {
		t.Error("two authorities share a key")
	}
	if diff := cmp.Diff([]string{"."}, keysOf(modes(t, "."))); diff != "" {
		t.Errorf("files were left (-want +got):\n%s", diff)
	}
}

func keysOf(m map[string]os.FileMode) []string {
	var names []string
	for name := range m {
		names = append(names, name)
	}
	return names
}

func TestAuthoritiesMadeAtTheSameTimeAreTheSame(t *testing.T) {
	for range 20 {
		dir := filepath.Join(t.TempDir(), "voxemu")
		const starters = 8
		made, errs := make([]*Authority, starters), make([]error, starters)
		var all sync.WaitGroup
		for i := range starters {
			all.Go(func() { made[i], errs[i] = NewAuthority(dir) })
		}
		all.Wait()
		for i := range starters {
			if errs[i] != nil {
				t.Fatal(errs[i])
			}
			if string(made[i].PEM()) != string(made[0].PEM()) || !made[i].key.Equal(made[0].key) {
				t.Fatal("two starts at once ended with different authorities")
			}
		}
		if got := len(modes(t, dir)); got != 3 {
			t.Fatalf("%d entries, want the folder and two files", got)
		}
	}
}

// signed returns a certificate that differs in one property from the CA's.
func signed(t *testing.T, by *Authority, change func(*x509.Certificate)) string {
	t.Helper()
	template := &x509.Certificate{
		Subject: pkix.Name{CommonName: "voxemu local CA"}, BasicConstraintsValid: true, IsCA: true,
		NotBefore: time.Now().Add(-48 * time.Hour), NotAfter: time.Now().Add(48 * time.Hour),
	}
	change(template)
	der, err := x509.CreateCertificate(rand.Reader, template, template, by.key.Public(), by.key)
	if err != nil {
		t.Fatal(err)
	}
	return string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}))
}

func TestAFileThatCannotBeUsedIsNamedAndLeftAlone(t *testing.T) {
	mine, other := newTestAuthority(t, ""), newTestAuthority(t, "")
	for _, test := range []struct{ name, file, text, want string }{
		{"empty certificate", caName, "", "not one PEM certificate"},
		{"text", caName, "hello", "not one PEM certificate"},
		{"two certificates", caName, string(mine.PEM()) + string(other.PEM()), "not one PEM certificate"},
		{"broken certificate", caName, "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n", "no certificate"},
		{"another authority's", caName, string(other.PEM()), "does not belong to ca-key.pem"},
		{"expired", caName, signed(t, mine, func(c *x509.Certificate) { c.NotAfter = time.Now().Add(-24 * time.Hour) }), "expired on"},
		{"of the future", caName, signed(t, mine, func(c *x509.Certificate) { c.NotBefore = time.Now().Add(24 * time.Hour) }), "not valid before"},
		{"a server's", caName, signed(t, mine, func(c *x509.Certificate) { c.IsCA = false }), "not the certificate of an authority"},
		{"empty key", keyName, "", "no PKCS#8 PEM private key"},
		{"certificate as key", keyName, string(mine.PEM()), "no PKCS#8 PEM private key"},
		{"broken key", keyName, "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n", "no PKCS#8 private key"},
		{"a key of another kind", keyName, keyText(t, ed25519.NewKeyFromSeed(make([]byte, 32))), "no ECDSA key"},
	} {
		t.Run(test.name, func(t *testing.T) {
			dir := t.TempDir()
			path := filepath.Join(dir, test.file)
			write(t, filepath.Join(dir, caName), string(mine.PEM()))
			write(t, filepath.Join(dir, keyName), keyText(t, mine.key))
			write(t, path, test.text)
			_, err := NewAuthority(dir)
			if err == nil || !strings.Contains(err.Error(), path+": "+test.want) || !strings.Contains(err.Error(), "delete it") {
				t.Errorf("error %v, want the path, %q and what to delete", err, test.want)
			}
			if text, err := os.ReadFile(path); err != nil || string(text) != test.text {
				t.Errorf("the file was changed to %q, error %v", text, err)
			}
		})
	}
}

func keyText(t *testing.T, key any) string {
	t.Helper()
	der, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	return string(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der}))
}

func write(t *testing.T, path, text string) {
	t.Helper()
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

func TestAStartAfterAnInterruptedOneMakesWhatIsMissing(t *testing.T) {
	dir := t.TempDir()
	before := newTestAuthority(t, dir)
	if err := os.Remove(filepath.Join(dir, caName)); err != nil {
		t.Fatal(err)
	}
	after := newTestAuthority(t, dir)
	if !after.key.Equal(before.key) {
		t.Error("the key was replaced")
	}
}

func TestAFolderThatCannotBeUsedIsAnError(t *testing.T) {
	file := filepath.Join(t.TempDir(), "file")
	write(t, file, "")
	for _, dir := range []string{file, filepath.Join(file, "below")} {
		if _, err := NewAuthority(dir); err == nil || !strings.Contains(err.Error(), file) {
			t.Errorf("%s: error %v, want one that names it", dir, err)
		}
	}
}

func TestCAFileIsWhatTheServerUses(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "voxemu")
	path, err := CAFile(dir)
	if err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(newTestAuthority(t, dir).PEM()), string(text)); diff != "" {
		t.Errorf("(-server +file):\n%s", diff)
	}
	if path, err := CAFile(""); err == nil {
		t.Errorf("without a folder: %q, want an error", path)
	}
}

func TestEveryNameAskedForGetsATrustedCertificate(t *testing.T) {
	a, err := NewAuthority("", "192.0.2.7", "2001:db8::1", "my_emulator-1")
	if err != nil {
		t.Fatal(err)
	}
	roots := trusting(t, a)
	for name, want := range map[string]string{ // requested name → name that must be valid
		"localhost": "localhost", "127.0.0.1": "127.0.0.1", "::1": "::1", "voxemu": "voxemu",
		"127.8.8.8": "127.8.8.8", "192.0.2.7": "192.0.2.7", "2001:db8::1": "2001:db8::1",
		"api.voximplant.com": "api.voximplant.com", "my_emulator-1": "my_emulator-1",
		"": "localhost", "*.example.com": "localhost", "exämple.com": "localhost", "a..b": "localhost",
		"10.1.2.3": "10.1.2.3", "fd00::7": "fd00::7", "shop.test": "shop.test",
		"example.com": "localhost", "192.0.2.8": "localhost", "api.voximplant.com.example": "localhost",
		"a/b": "localhost", strings.Repeat("a", 254): "localhost",
	} {
		leaf, err := a.leaf(name)
		if err != nil {
			t.Errorf("%q: %v", name, err)
			continue
		}
		if _, err := leaf.Leaf.Verify(x509.VerifyOptions{DNSName: want, Roots: roots}); err != nil {
			t.Errorf("%q: %v", name, err)
		}
		if err := leaf.Leaf.VerifyHostname("localhost"); err != nil {
			t.Errorf("%q: %v", name, err)
		}
		if days := leaf.Leaf.NotAfter.Sub(leaf.Leaf.NotBefore).Hours() / 24; days > 397 {
			t.Errorf("%q: valid for %v days, want at most 397", name, days)
		}
	}
}

func TestTheSameNameGetsTheSameCertificate(t *testing.T) {
	a := newTestAuthority(t, "")
	for _, names := range [][2]string{{"example.test", "example.test"}, {"example.com", "localhost"}, {"localhost", "127.0.0.1"}, {"", "a..b"}} {
		first, err1 := a.leaf(names[0])
		second, err2 := a.leaf(names[1])
		if err1 != nil || err2 != nil || first != second {
			t.Errorf("%q: issued twice (errors %v, %v)", names, err1, err2)
		}
	}
}

func TestACertificateInTheSecondHalfOfItsLifeIsReplaced(t *testing.T) {
	a := newTestAuthority(t, "")
	old := a.leaves[""]
	old.Leaf.NotAfter = time.Now().Add(leafLife / 3)
	if leaf, err := a.leaf("localhost"); err != nil || leaf == old {
		t.Errorf("the old certificate is still served (error %v)", err)
	}
}

func TestACertificateDoesNotOutliveItsAuthority(t *testing.T) {
	a := newTestAuthority(t, "")
	a.certificate.NotAfter = time.Now().Add(leafLife / 4)
	leaf, err := a.leaf("example.test")
	if err != nil || leaf.Leaf.NotAfter.After(a.certificate.NotAfter) {
		t.Errorf("valid until %v, its authority until %v (error %v)", leaf.Leaf.NotAfter, a.certificate.NotAfter, err)
	}
}

func TestRememberedCertificatesAreBounded(t *testing.T) {
	a := newTestAuthority(t, "")
	for i := range 3 * maxLeaves {
		if _, err := a.leaf(fmt.Sprintf("host%d.example.test", i)); err != nil {
			t.Fatal(err)
		}
		if len(a.leaves) > maxLeaves {
			t.Fatalf("%d certificates remembered, want at most %d", len(a.leaves), maxLeaves)
		}
	}
}

// foreign returns a certificate that a thief of the CA's key signs for a name.
func foreign(t *testing.T, a *Authority, name string) *x509.Certificate {
	t.Helper()
	template := usualNames()
	template.IPAddresses, template.DNSNames = nil, []string{name}
	if ip := net.ParseIP(name); ip != nil {
		template.IPAddresses, template.DNSNames = []net.IP{ip}, nil
	}
	leaf, err := a.issue(template)
	if err != nil {
		t.Fatal(err)
	}
	return leaf.Leaf
}

func TestTheAuthorityIsGoodForItsNamesOnly(t *testing.T) {
	a, err := NewAuthority("", "Emulator.Example.com", "192.0.2.7")
	if err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]bool{
		"localhost": true, "shop.localhost": true, "shop.test": true, "voxemu": true, "host.docker.internal": true,
		"api.voximplant.com": true, "emulator.example.com": true, "192.0.2.7": true,
		"127.8.8.8": true, "10.1.2.3": true, "172.31.0.1": true, "192.168.0.1": true, "169.254.0.1": true, "::1": true, "fd00::1": true, "fe80::1": true,
		"example.com": false, "voximplant.com": false, "manage.voximplant.com": false, "bank.example": false, "notlocalhost": false,
		"8.8.8.8": false, "172.32.0.1": false, "192.0.2.8": false, "2001:db8::1": false,
	} {
		_, err := foreign(t, a, name).Verify(x509.VerifyOptions{DNSName: name, Roots: trusting(t, a)})
		if (err == nil) != want || a.permits(name) != want {
			t.Errorf("%s: %v, permitted: %t, want %t", name, err, a.permits(name), want)
		}
	}
	for _, name := range []string{"", "*.example.com", "a b", "http://a", "a:1", strings.Repeat("a", 254)} {
		if _, err := NewAuthority("", name); err == nil {
			t.Errorf("%q was accepted as a name", name)
		}
	}
}

// An authority of an earlier version, for any name, is kept with a warning until it is
// renewed.
func TestAnAuthorityForAnyNameIsKeptUntilItIsRenewed(t *testing.T) {
	dir := t.TempDir()
	before := newTestAuthority(t, dir)
	if warnings := before.Warnings(dir); len(warnings) > 0 {
		t.Errorf("a new one: %q", warnings)
	}
	write(t, filepath.Join(dir, caName), signed(t, before, func(*x509.Certificate) {}))
	old := newTestAuthority(t, dir)
	if warnings := strings.Join(old.Warnings(dir), ""); !strings.Contains(warnings, "voxemu ca renew") {
		t.Errorf("warnings: %q", warnings)
	}
	if _, err := NewAuthority(dir, "emulator.example.com"); err != nil {
		t.Errorf("one for any name is for this one too: %v", err)
	}
	path, err := RenewAuthority(dir, "emulator.example.com")
	if err != nil || path != filepath.Join(dir, caName) {
		t.Fatal(path, err)
	}
	renewed, err := NewAuthority(dir, "emulator.example.com")
	if err != nil || renewed.unconstrained() || renewed.key.Equal(old.key) {
		t.Errorf("after renewal: error %v", err)
	}
	if _, err := NewAuthority(dir, "other.example.com"); err == nil || !strings.Contains(err.Error(), "voxemu ca renew --tls-name other.example.com") {
		t.Errorf("a name that it is not for: %v", err)
	}
	if diff := cmp.Diff(map[string]os.FileMode{caName: 0o644, keyName: 0o600}, withoutFolder(modes(t, dir))); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func withoutFolder(m map[string]os.FileMode) map[string]os.FileMode { delete(m, "."); return m }

func TestKeysThatOthersCanReadGetAWarning(t *testing.T) {
	dir := t.TempDir()
	a := newTestAuthority(t, dir)
	ring := NewKeyring(dir)
	if _, err := ring.Make("owner-key"); err != nil {
		t.Fatal(err)
	}
	if warnings := a.Warnings(dir); len(warnings) > 0 {
		t.Errorf("nobody else can read them: %q", warnings)
	}
	for _, path := range []string{filepath.Join(dir, keyName), ring.file("owner-key")} {
		if err := os.Chmod(path, 0o640); err != nil {
			t.Fatal(err)
		}
	}
	if warnings := a.Warnings(dir); len(warnings) != 2 || !strings.Contains(warnings[0], keyName) || !strings.Contains(warnings[1], "owner-key") {
		t.Errorf("%q", warnings)
	}
}

// serveTLS serves an empty page with a certificate of the CA on a loopback address.
func serveTLS(t *testing.T, a *Authority, address string) net.Addr {
	t.Helper()
	socket, err := net.Listen("tcp", address)
	if err != nil {
		t.Fatal(err)
	}
	server := &http.Server{Handler: http.NotFoundHandler(), ErrorLog: slog.NewLogLogger(slog.DiscardHandler, 0)}
	done := make(chan error)
	go func() { done <- server.Serve(tls.NewListener(socket, a.tlsConfig())) }()
	t.Cleanup(func() {
		_ = server.Close() // closes the listener; Serve returns its error
		if err := <-done; err != http.ErrServerClosed {
			t.Error(err)
		}
	})
	return socket.Addr()
}

func TestClientsThatTrustTheAuthorityConnect(t *testing.T) {
	a := newTestAuthority(t, "")
	address := serveTLS(t, a, "127.0.0.1:0").String()
	for _, test := range []struct {
		name, server string
		offer        []string
		maxVersion   uint16
		want         string // the protocol, or the error
	}{
		{"by address", "127.0.0.1", []string{"h2", "http/1.1"}, 0, "h2"},
		{"by name", "localhost", []string{"http/1.1"}, 0, "http/1.1"},
		{"by a name in capitals", "Api.Voximplant.COM", []string{"http/1.1"}, 0, "http/1.1"},
		{"without ALPN", "voxemu", nil, 0, ""},
		{"TLS 1.2", "localhost", []string{"h2"}, tls.VersionTLS12, "h2"},
		{"TLS 1.1", "localhost", []string{"h2"}, tls.VersionTLS11, "protocol version not supported"},
	} {
		config := &tls.Config{
			RootCAs: trusting(t, a), ServerName: test.server, NextProtos: test.offer,
			MinVersion: tls.VersionTLS10, MaxVersion: test.maxVersion,
		}
		connection, err := tls.Dial("tcp", address, config)
		if err != nil {
			if test.want == "" || !strings.Contains(err.Error(), test.want) {
				t.Errorf("%s: %v, want %q", test.name, err, test.want)
			}
			continue
		}
		if got := connection.ConnectionState().NegotiatedProtocol; got != test.want {
			t.Errorf("%s: protocol %q, want %q", test.name, got, test.want)
		}
		if err := connection.Close(); err != nil {
			t.Errorf("%s: %v", test.name, err)
		}
	}
}

// A client that connects to an address sends no SNI.
func TestTheAddressDialledIsInTheCertificate(t *testing.T) {
	a := newTestAuthority(t, "")
	server, client := net.Pipe()
	defer server.Close()
	defer client.Close()
	dialled := addressed{server, &net.TCPAddr{IP: net.IPv4(192, 168, 2, 7), Port: 15061}}
	leaf, err := a.tlsConfig().GetCertificate(&tls.ClientHelloInfo{Conn: dialled})
	if err != nil {
		t.Fatal(err)
	}
	if err := leaf.Leaf.VerifyHostname("192.168.2.7"); err != nil {
		t.Error(err)
	}
}

type addressed struct {
	net.Conn
	local net.Addr
}

func (a addressed) LocalAddr() net.Addr { return a.local }

func BenchmarkLoadingAnAuthority(b *testing.B) {
	dir := b.TempDir()
	newTestAuthority(b, dir)
	for b.Loop() {
		newTestAuthority(b, dir)
	}
}
