package evidence

import (
	"context"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"log"
	"log/slog"
	"net/http"
	"net/http/httputil"
	"net/url"
	"time"

	"github.com/voxemu/voxemu/emulator/internal/listen"
	"github.com/voxemu/voxemu/emulator/internal/origin"
)

// Config says what to record.
type Config struct {
	// Upstream is the base URL of the service, such as https://api.voximplant.com or
	// http://127.0.0.1:15060. Nothing else is reached.
	Upstream string
	// Out is the file to write. It must not exist.
	Out string
	// Addr and TLSAddr are the addresses of the listeners, with port 0 a free one; empty:
	// not open. Only loopback addresses are allowed.
	Addr, TLSAddr string
	// Only are the methods to record; default: all.
	Only []string
	// Account is the id, name or e-mail of the account to record; default: all.
	Account string
	// ConfigDir is the folder with the certificate authority; default: one in memory.
	ConfigDir string
	// RootCAs are the authorities that the service's certificate may be of; default: the
	// system's.
	RootCAs *x509.CertPool
	// Version is written into the recording.
	Version string
	// Ready is called with the base URLs of the listeners once they accept; empty: not
	// open.
	Ready func(httpURL, httpsURL string)
	// Logger gets what goes wrong; default: nothing.
	Logger *slog.Logger
}

// ErrConfig reports a [Config] that cannot be used.
var ErrConfig = errors.New("evidence: invalid configuration")

// check returns the parsed upstream.
func (c Config) check(known func(method string) bool) (*url.URL, error) {
	for _, method := range c.Only {
		if !known(method) {
			return nil, fmt.Errorf("%w: --only %q: no method of the API has this name", ErrConfig, method)
		}
	}
	upstream, err := url.Parse(c.Upstream)
	if err != nil || upstream.Scheme != "http" && upstream.Scheme != "https" || upstream.Host == "" || upstream.User != nil || upstream.RawQuery != "" {
		return nil, fmt.Errorf("%w: --upstream: want a base URL such as https://api.voximplant.com, without user and query", ErrConfig)
	}
	if c.Out == "" {
		return nil, fmt.Errorf("%w: --out: want the name of a new file", ErrConfig)
	}
	return upstream, nil
}

// closeTimeout is the time that running requests have when the recording ends.
const closeTimeout = 5 * time.Second

// Record passes all requests on to a service and writes those of the API to a file, masked,
// until the context ends. Then the file is audited and complete. It returns the number of
// exchanges in it. Errors: [ErrConfig], an address in use, a file that cannot be written,
// or [ErrLeak]; there is no file then.
func Record(ctx context.Context, c Config) (exchanges int, err error) {
	spec, err := specification()
	if err != nil {
		return 0, err
	}
	upstream, err := c.check(func(name string) bool {
		_, ok := spec.Method(name)
		return ok || spec.NotEmulated(name)
	})
	if err != nil {
		return 0, err
	}
	if c.Logger == nil {
		c.Logger = slog.New(slog.DiscardHandler)
	}
	r, err := newRecorder(spec, c)
	if err != nil {
		return 0, err
	}
	open, err := c.listen(r.proxy(upstream, c.RootCAs, c.Logger))
	if err != nil {
		_, _ = r.complete() // the error is that of the listeners
		return 0, err
	}
	if c.Ready != nil {
		c.Ready(open.HTTP, open.HTTPS)
	}
	<-ctx.Done()
	closing, cancel := context.WithTimeout(context.WithoutCancel(ctx), closeTimeout)
	defer cancel()
	_ = open.Close(closing) // the error only reports requests that were cut off
	return r.complete()
}

func (c Config) listen(handler http.Handler) (listen.Listeners, error) {
	config := listen.Config{
		HTTP:   listen.Endpoint{Address: c.Addr, Handler: handler},
		HTTPS:  listen.Endpoint{Address: c.TLSAddr, Handler: handler},
		Logger: c.Logger,
	}
	if c.TLSAddr != "" {
		var err error
		if config.Authority, err = listen.NewAuthority(c.ConfigDir); err != nil {
			return listen.Listeners{}, err
		}
	}
	return listen.Open(config)
}

// proxy passes requests on to the upstream and to nothing else: it follows no redirect and
// no proxy of the environment. It records what a client reads to the end.
func (r *recorder) proxy(upstream *url.URL, roots *x509.CertPool, logger *slog.Logger) http.Handler {
	transport := direct(roots)
	transport.DisableCompression = true
	proxy := &httputil.ReverseProxy{
		Transport:     transport,
		FlushInterval: -1,
		ErrorLog:      log.New(io.Discard, "", 0), // its texts can contain what a client sent
		Rewrite: func(p *httputil.ProxyRequest) {
			p.SetURL(upstream)
			p.Out.Host = upstream.Host
			p.Out.Header.Set("Accept-Encoding", "identity") // the reply is read on the way
		},
	}
	return http.HandlerFunc(func(w http.ResponseWriter, sent *http.Request) {
		if origin.Foreign(sent) {
			http.Error(w, "voxemu record answers no requests of web pages", http.StatusForbidden)
			return
		}
		at := time.Now()
		body := &watched{ReadCloser: sent.Body, length: -1}
		original := sent.Clone(sent.Context())
		sent.Body = body
		passing := *proxy
		passing.ErrorHandler = func(w http.ResponseWriter, _ *http.Request, _ error) {
			logger.Warn("the upstream did not answer")
			r.leave()
			w.WriteHeader(http.StatusBadGateway)
		}
		passing.ModifyResponse = func(reply *http.Response) error {
			answer := &watched{ReadCloser: reply.Body, length: reply.ContentLength}
			answer.ended = func(whole bool) { r.exchanged(at, original, body, reply.StatusCode, answer, whole) }
			reply.Body = answer
			return nil
		}
		passing.ServeHTTP(w, sent)
	})
}

// exchanged records an exchange that ended; a broken one is only counted.
func (r *recorder) exchanged(at time.Time, sent *http.Request, request *watched, status int, reply *watched, whole bool) {
	question, complete := request.text()
	asked, ok := r.asks(sent, question)
	if !ok {
		return
	}
	answer, all := reply.text()
	if !whole || !complete || !all {
		r.leave()
		return
	}
	r.keep(at, asked, sent.Method, status, answer)
}
