package listen

import (
	"bytes"
	"crypto/tls"
	"crypto/x509"
	"log/slog"
	"net/http"
	"strings"
	"testing"
)

// The log explains what to do if a client does not trust the CA, and only then.
func TestAClientThatDoesNotTrustTheAuthorityIsLoggedWithWhatToDo(t *testing.T) {
	logged := make(lineWriter, 1)
	authority, err := NewAuthority(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	opened, err := Open(Config{
		HTTPS: Endpoint{"127.0.0.1:0", http.NotFoundHandler()}, Authority: authority,
		Logger: slog.New(slog.NewTextHandler(logged, nil)),
	})
	if err != nil {
		t.Fatal(err)
	}
	defer opened.Close(t.Context())
	stranger := &http.Client{Transport: &http.Transport{TLSClientConfig: &tls.Config{RootCAs: x509.NewCertPool()}}}
	if _, err := stranger.Get(opened.HTTPS); err == nil {
		t.Fatal("the certificate was trusted")
	}
	if line := <-logged; !strings.Contains(line, "voxemu ca") || !strings.Contains(line, "client=127.0.0.1:") {
		t.Errorf("logged %s", line)
	}
}

func TestWhatNetHTTPSaysOfConnectionsIsLogged(t *testing.T) {
	for text, advises := range map[string]bool{
		"http: TLS handshake error from 127.0.0.1:1: remote error: tls: unknown certificate authority": true,
		"http: TLS handshake error from 127.0.0.1:1: remote error: tls: bad certificate":               true,
		"http: TLS handshake error from 127.0.0.1:1: remote error: tls: unknown certificate":           true,
		"http: TLS handshake error from 127.0.0.1:1: local error: tls: bad record MAC":                 true,
		"http: TLS handshake error from 127.0.0.1:1: EOF":                                              false,
		"http: Accept error: too many open files; retrying in 5ms":                                     false,
	} {
		var log bytes.Buffer
		if _, err := (connectionLog{slog.New(slog.NewTextHandler(&log, nil))}).Write([]byte(text + "\n")); err != nil {
			t.Fatal(err)
		}
		if got := strings.Contains(log.String(), "voxemu env"); got != advises || !advises && !strings.Contains(log.String(), text) {
			t.Errorf("%s: logged %s", text, log.String())
		}
	}
}

// lineWriter is a channel of the texts written to it.
type lineWriter chan string

func (w lineWriter) Write(line []byte) (int, error) {
	w <- string(line)
	return len(line), nil
}
