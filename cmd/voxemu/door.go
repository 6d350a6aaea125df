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

	// answerTimeout is ample: a year of ten thousand registrations takes less than
	// one of its minutes.
	answerTimeout = 5 * time.Minute
	maxAnswer     = 256 << 20 // bytes; the largest is the state of an emulator
)

// hostFlag adds --host to a command that talks to a running emulator.
func hostFlag(c *cobra.Command, host *string) {
	c.Flags().StringVar(host, "host", "", "the running emulator, `HOST[:PORT]` or URL (default $"+hostVar+", else "+defaultHost+")")
}

// door is a client of a running emulator's control door.
type door struct {
	base   *url.URL
	token  string // empty: none
	client *http.Client
}

// openDoor finds the emulator: the flag, the environment, the default. It does
// not connect yet.
func openDoor(host string) (*door, error) {
	host = cmp.Or(host, os.Getenv(hostVar), defaultHost)
	base, err := baseURL(host)
	if err != nil {
		return nil, err
	}
	transport := &http.Transport{Proxy: http.ProxyFromEnvironment}
	if base.Scheme == "https" {
		transport.TLSClientConfig = &tls.Config{RootCAs: trusted()}
	}
	return &door{base, os.Getenv(tokenVar), &http.Client{Transport: transport, Timeout: answerTimeout}}, nil
}

// baseURL reads what names an emulator, with or without scheme and port.
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

// trusted holds what the system trusts and this user's certificate authority,
// if there is one.
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

// get gives the body of an answer with status 200. Errors: nobody answers, or
// what the emulator says.
func (d *door) get(ctx context.Context, path string) ([]byte, error) {
	return d.call(ctx, http.MethodGet, path, nil)
}

// post sends a value as JSON; nil: nothing.
func (d *door) post(ctx context.Context, path string, value any) ([]byte, error) {
	var body []byte
	if value != nil {
		var err error
		if body, err = json.Marshal(value); err != nil {
			return nil, err
		}
	}
	return d.call(ctx, http.MethodPost, path, body)
}

// put sends a text as it is.
func (d *door) put(ctx context.Context, path string, text []byte) ([]byte, error) {
	return d.call(ctx, http.MethodPut, path, text)
}

// delete asks for something to be gone.
func (d *door) delete(ctx context.Context, path string) ([]byte, error) {
	return d.call(ctx, http.MethodDelete, path, nil)
}

// call sends a request; the path may end in a query. The error of an answer
// other than 200 is a *refusal.
func (d *door) call(ctx context.Context, verb, path string, body []byte) ([]byte, error) {
	answer, err := d.send(ctx, verb, path, body)
	if err != nil {
		return nil, err
	}
	defer answer.Body.Close()
	return readAnswer(answer, maxAnswer)
}

// readAnswer reads a body of at most limit bytes.
func readAnswer(answer *http.Response, limit int64) ([]byte, error) {
	text, err := io.ReadAll(io.LimitReader(answer.Body, limit+1))
	switch {
	case err != nil:
		return nil, fmt.Errorf("%s: the answer breaks off: %w", answer.Request.URL, err)
	case int64(len(text)) > limit:
		return nil, fmt.Errorf("%s: the answer has more than %d bytes", answer.Request.URL, limit)
	}
	return text, nil
}

// send is call for an answer that is not read yet: the caller closes its body.
func (d *door) send(ctx context.Context, verb, path string, body []byte) (*http.Response, error) {
	path, query, _ := strings.Cut(path, "?")
	target := d.base.JoinPath(path)
	target.RawQuery = query
	request, err := http.NewRequestWithContext(ctx, verb, target.String(), bytes.NewReader(body))
	if err != nil {
		return nil, err
	}
	if d.token != "" {
		request.Header.Set("Authorization", "Bearer "+d.token)
	}
	answer, err := d.client.Do(request)
	if err != nil {
		return nil, d.unreachable(err)
	}
	if answer.StatusCode == http.StatusOK {
		return answer, nil
	}
	defer answer.Body.Close()
	text, err := readAnswer(answer, maxAnswer)
	if err != nil {
		return nil, err
	}
	return nil, &refusal{target, answer.StatusCode, text, complaint(answer.Status, text)}
}

// refusal is an answer other than 200.
type refusal struct {
	target *url.URL
	status int
	body   []byte
	said   string // in words
}

func (r *refusal) Error() string { return r.target.String() + ": " + r.said }

// unreachable says what to do when no answer came.
func (d *door) unreachable(err error) error {
	if outer := (*url.Error)(nil); errors.As(err, &outer) {
		err = outer.Err // the address is named anyway
	}
	if untrusted := (*tls.CertificateVerificationError)(nil); errors.As(err, &untrusted) {
		return fmt.Errorf("%s has a certificate of another authority than this user's: %w; use its http address", d.base, err)
	}
	return fmt.Errorf("no emulator answers at %s: %w; start one with: voxemu serve", d.base, err)
}

// complaint is what an answer other than 200 says: the control door's error, or
// the first line of whatever else answered.
func complaint(status string, body []byte) string {
	type problem struct {
		Message string
		More    []struct{ Message string }
	}
	var said struct{ Error problem }
	if json.Unmarshal(body, &said) == nil && said.Error.Message != "" {
		text := said.Error.Message
		for _, more := range said.Error.More {
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
