package testkit

import (
	"bytes"
	"crypto/x509"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"os"
	"path"
	"strings"
	"time"

	"github.com/voxemu/voxemu/emulator"
)

// hostVariable names a running emulator, with or without a scheme.
const hostVariable = "VOXIMPLANT_EMULATOR_HOST"

// SharedEmulator is an emulator in which a test owns one account.
type SharedEmulator struct {
	tb     TB
	base   *url.URL
	client *http.Client
	fresh  freshAccount
	files  folder
}

// freshAccount is the control API's reply to the creation of an account.
type freshAccount struct {
	AccountID int64  `json:"account_id"`
	Name      string `json:"name"`
	APIKey    string `json:"api_key"`
	KeyID     string `json:"key_id"`
}

// newAccount is the request for an account. Its key pair is generated on first use,
// because that takes 0.1 s.
type newAccount struct {
	Credentials bool `json:"credentials"`
}

// Shared uses the emulator named by VOXIMPLANT_EMULATOR_HOST, for example in a container,
// and creates an account there, which is deleted when the test ends, so that tests on one
// server do not affect each other. Without the variable it runs an emulator in the
// process, with HTTPS as in voxemu serve, so that the same test works in both cases. The
// options apply to that one only.
//
// There is no Advance here, because clock, faults and scenario are shared by all users of
// the server. An emulator that does not reply within ten seconds ends the test.
func Shared(t TB, opts ...Option) *SharedEmulator {
	t.Helper()
	host := os.Getenv(hostVariable)
	if host == "" {
		host = RunTLS(t, opts...).URL()
	}
	base, err := parseHost(host)
	if err != nil {
		t.Fatalf("testkit: %v", err)
		return nil
	}
	transport := &http.Transport{} // no proxy: the emulator is on this machine or network
	s := &SharedEmulator{tb: t, base: base, client: &http.Client{Transport: transport, Timeout: controlTimeout}}
	t.Cleanup(func() {
		s.leave()
		transport.CloseIdleConnections()
		s.files.remove()
	})
	if err := s.ask(http.MethodPost, "/_voxemu/accounts", newAccount{}, &s.fresh); err != nil {
		t.Fatalf("testkit: a fresh account at %s: %v", base, err)
	}
	return s
}

// controlTimeout limits a request to the control API.
const controlTimeout = 10 * time.Second

func parseHost(host string) (*url.URL, error) {
	if !strings.Contains(host, "://") {
		host = "http://" + host
	}
	base, err := url.Parse(host)
	if err != nil || base.Host == "" || base.Scheme != "http" && base.Scheme != "https" {
		return nil, fmt.Errorf("%s=%q: want host:port or http://host:port", hostVariable, host)
	}
	return &url.URL{Scheme: base.Scheme, Host: base.Host}, nil
}

func (s *SharedEmulator) leave() {
	if s.fresh.AccountID == 0 {
		return
	}
	if err := s.ask(http.MethodDelete, fmt.Sprintf("/_voxemu/accounts/%d", s.fresh.AccountID), nil, nil); err != nil {
		s.tb.Logf("testkit: account %d stays at %s: %v", s.fresh.AccountID, s.base, err)
	}
}

// maxReply is the maximum size of a reply of the control API, in bytes.
const maxReply = 1 << 20

// ask sends a request to the control API; in and out are JSON, or nil.
func (s *SharedEmulator) ask(verb, at string, in, out any) error {
	text, err := s.text(verb, at, in)
	if err != nil || out == nil {
		return err
	}
	return json.Unmarshal(text, out)
}

// text sends a request to the control API and returns the body of the reply.
func (s *SharedEmulator) text(verb, at string, in any) ([]byte, error) {
	var body io.Reader = http.NoBody
	if in != nil {
		text, err := json.Marshal(in)
		if err != nil {
			return nil, err
		}
		body = bytes.NewReader(text)
	}
	request, err := http.NewRequest(verb, s.base.JoinPath(path.Clean(at)).String(), body)
	if err != nil {
		return nil, err
	}
	reply, err := s.client.Do(request)
	if err != nil {
		return nil, fmt.Errorf("%w; check with voxemu wait that the emulator is running", err)
	}
	defer reply.Body.Close()
	text, err := io.ReadAll(io.LimitReader(reply.Body, maxReply))
	if err == nil && reply.StatusCode != http.StatusOK {
		err = fmt.Errorf("%s %s: %s: %s", verb, at, reply.Status, bytes.TrimSpace(text))
	}
	return text, err
}

// URL returns the emulator's base URL without a trailing slash.
func (s *SharedEmulator) URL() string { return s.base.String() }

// AccountID returns the account of this test.
func (s *SharedEmulator) AccountID() int64 { return s.fresh.AccountID }

// AccountName returns the account's name, the middle part of full application names.
func (s *SharedEmulator) AccountName() string { return s.fresh.Name }

// APIKey returns the account's api_key, which grants all rights.
func (s *SharedEmulator) APIKey() string { return s.fresh.APIKey }

// CredentialsFile returns the path of a credentials.json of the account's service-account
// key, which has the role Owner. Its key pair is generated on first use. The file is
// removed when the test ends.
func (s *SharedEmulator) CredentialsFile() string {
	s.tb.Helper()
	var text json.RawMessage
	if err := s.ask(http.MethodPost, "/_voxemu/keys/"+s.fresh.KeyID+"/credentials", nil, &text); err != nil {
		s.tb.Fatalf("testkit: %v", err)
	}
	return s.files.write(s.tb, "credentials-"+s.fresh.KeyID+".json", text)
}

// TLSURL returns the base URL for HTTPS without a trailing slash: the host of
// [SharedEmulator.URL] with the port that the emulator reports. A container must publish
// the port under the same number. An emulator without HTTPS ends the test.
func (s *SharedEmulator) TLSURL() string {
	s.tb.Helper()
	host := s.tlsHost()
	if host == "" {
		s.tb.Fatalf("testkit: %s has no HTTPS listener", s.base)
	}
	return "https://" + host
}

// tlsHost returns HOST:PORT of HTTPS; empty: there is none.
func (s *SharedEmulator) tlsHost() string {
	s.tb.Helper()
	if s.base.Scheme == "https" {
		return s.base.Host
	}
	var health struct{ Listeners struct{ HTTPS string } }
	if err := s.ask(http.MethodGet, "/_voxemu/health", nil, &health); err != nil {
		s.tb.Fatalf("testkit: %v", err)
	}
	listener, err := url.Parse(health.Listeners.HTTPS)
	if err != nil || listener.Port() == "" {
		return ""
	}
	return net.JoinHostPort(s.base.Hostname(), listener.Port())
}

// RootCAs returns the CA certificate of [SharedEmulator.TLSURL] and no other.
func (s *SharedEmulator) RootCAs() *x509.CertPool {
	s.tb.Helper()
	pool := x509.NewCertPool()
	if !pool.AppendCertsFromPEM(s.ca()) {
		s.tb.Fatalf("testkit: %s has no certificate authority", s.base)
	}
	return pool
}

func (s *SharedEmulator) ca() []byte {
	s.tb.Helper()
	pem, err := s.text(http.MethodGet, "/_voxemu/ca.pem", nil)
	if err != nil {
		s.tb.Fatalf("testkit: %v", err)
	}
	return pem
}

// Env returns environment variables with which child processes use the emulator as this
// account, in the form of os/exec's Cmd.Env; append it to os.Environ(). They are
// VOXIMPLANT_EMULATOR_HOST, VOXIMPLANT_CREDENTIALS and VOXIMPLANT_CREDENTIALS_PATH and,
// if the emulator has HTTPS, VOXEMU_TLS_HOST and the variables with which runtimes trust
// a certificate authority.
func (s *SharedEmulator) Env() []string {
	s.tb.Helper()
	file := s.CredentialsFile()
	env := []string{hostVariable + "=" + strings.TrimPrefix(s.base.String(), "http://"),
		"VOXIMPLANT_CREDENTIALS=" + file, "VOXIMPLANT_CREDENTIALS_PATH=" + file}
	if host := s.tlsHost(); host != "" {
		env = append(env, tlsVariables(s.tb, &s.files, host, s.ca())...)
	}
	return append(env, emulator.Inherited(os.Environ()).Overrides("", s.base.Hostname())...)
}
