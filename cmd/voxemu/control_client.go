package main

import (
	"bytes"
	"cmp"
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/spf13/cobra"
)

const (
	defaultHost = "127.0.0.1:15060"
	defaultPort = "15060"
	hostVar     = "VOXIMPLANT_EMULATOR_HOST"
	tokenVar    = "VOXEMU_CONTROL_TOKEN"

	// replyTimeout is ample: advancing a year with ten thousand registrations takes less
	// than a minute.
	replyTimeout = 5 * time.Minute
	maxReply     = 256 << 20 // bytes; the largest reply is the whole state
)

// hostFlag adds --host to a command for a running emulator.
func hostFlag(c *cobra.Command, host *string) {
	c.Flags().StringVar(host, "host", "", "the running emulator, `HOST[:PORT]` or URL (default $"+hostVar+", else "+defaultHost+")")
}

// controlClient is a client of a running emulator's control API.
type controlClient struct {
	base  *url.URL
	token string // empty: none
	http  *http.Client
}

// newControlClient returns a client of the emulator named by the flag, by the
// environment, or of the default one. It does not connect.
func newControlClient(host string) (*controlClient, error) {
	host = cmp.Or(host, os.Getenv(hostVar), defaultHost)
	base, err := baseURL(host)
	if err != nil {
		return nil, err
	}
	transport := &http.Transport{Proxy: http.ProxyFromEnvironment}
	if base.Scheme == "https" {
		transport.TLSClientConfig = &tls.Config{RootCAs: trusted()}
	}
	return &controlClient{base, os.Getenv(tokenVar), &http.Client{Transport: transport, Timeout: replyTimeout}}, nil
}

// baseURL parses an address of an emulator, with or without scheme and port.
func baseURL(host string) (*url.URL, error) {
	text := host
	if !strings.Contains(text, "://") {
		text = strings.TrimSuffix(text, "/")
		if _, _, err := net.SplitHostPort(text); err != nil {
			text = net.JoinHostPort(strings.Trim(text, "[]"), defaultPort)
		}
		text = "http://" + text
	}
	base, err := url.Parse(text)
	if err != nil || base.Hostname() == "" || strings.Trim(base.Path, "/") != "" || base.RawQuery != "" ||
		base.User != nil || base.Scheme != "http" && base.Scheme != "https" {
		return nil, wrongUsage("%q (--host or %s) names no emulator; want HOST, HOST:PORT, http://HOST:PORT or https://HOST:PORT", host, hostVar)
	}
	return &url.URL{Scheme: base.Scheme, Host: base.Host}, nil
}

// trusted returns the system's root certificates and this user's CA, if there is one.
func trusted() *x509.CertPool {
	pool, err := x509.SystemCertPool()
	if err != nil {
		pool = x509.NewCertPool()
	}
	if dir, err := configDir(); err == nil {
		if text, err := os.ReadFile(filepath.Join(dir, "ca.pem")); err == nil {
			pool.AppendCertsFromPEM(text)
		}
	}
	return pool
}

// get is [controlClient.call] for GET.
func (c *controlClient) get(ctx context.Context, path string) ([]byte, error) {
	return c.call(ctx, http.MethodGet, path, nil)
}

// call sends a request and reads the reply; path can include a query. For a status other
// than 200 the error is a [*controlError].
func (c *controlClient) call(ctx context.Context, verb, path string, body []byte) ([]byte, error) {
	reply, err := c.send(ctx, verb, path, body)
	if err != nil {
		return nil, err
	}
	defer reply.Body.Close()
	return readReply(reply, maxReply)
}

// readReply reads a body; more than limit bytes are an error.
func readReply(reply *http.Response, limit int64) ([]byte, error) {
	text, err := io.ReadAll(io.LimitReader(reply.Body, limit+1))
	switch {
	case err != nil:
		return nil, fmt.Errorf("%s: the reply breaks off: %w", reply.Request.URL, err)
	case int64(len(text)) > limit:
		return nil, fmt.Errorf("%s: the reply has more than %d bytes", reply.Request.URL, limit)
	}
	return text, nil
}

// send is [controlClient.call] without reading the reply; the caller must close its body.
func (c *controlClient) send(ctx context.Context, verb, path string, body []byte) (*http.Response, error) {
	path, query, _ := strings.Cut(path, "?")
	target := c.base.JoinPath(path)
	target.RawQuery = query
	request, err := http.NewRequestWithContext(ctx, verb, target.String(), bytes.NewReader(body))
	if err != nil {
		return nil, err
	}
	if c.token != "" {
		request.Header.Set("Authorization", "Bearer "+c.token)
	}
	reply, err := c.http.Do(request)
	if err != nil {
		return nil, c.unreachable(err)
	}
	if reply.StatusCode == http.StatusOK {
		return reply, nil
	}
	defer reply.Body.Close()
	text, err := readReply(reply, maxReply)
	if err != nil {
		return nil, err
	}
	return nil, &controlError{target, reply.StatusCode, text, errorMessage(reply.Status, text)}
}

type controlError struct {
	target  *url.URL
	status  int
	body    []byte
	message string
}

func (e *controlError) Error() string { return e.target.String() + ": " + e.message }

// unreachable adds what to do if there was no reply.
func (c *controlClient) unreachable(err error) error {
	if outer := (*url.Error)(nil); errors.As(err, &outer) {
		err = outer.Err // the message contains the address anyway
	}
	if untrusted := (*tls.CertificateVerificationError)(nil); errors.As(err, &untrusted) {
		return fmt.Errorf("the certificate of %s is not from this user's certificate authority: %w; use the emulator's http address", c.base, err)
	}
	return fmt.Errorf("no emulator answers at %s: %w; start one with: voxemu serve", c.base, err)
}

// errorMessage returns the control API's message in a reply other than 200, or the first
// line of another program's reply.
func errorMessage(status string, body []byte) string {
	var reply struct {
		Error struct {
			Message string
			More    []struct{ Message string }
		}
	}
	if json.Unmarshal(body, &reply) == nil && reply.Error.Message != "" {
		text := reply.Error.Message
		for _, more := range reply.Error.More {
			text += "\n" + more.Message
		}
		return text
	}
	line, _, _ := bytes.Cut(bytes.TrimSpace(body), []byte("\n"))
	const longest = 200
	if len(line) > longest {
		line = line[:longest]
	}
	return fmt.Sprintf("%s: %q", status, line)
}
