// Package listen opens the ports of a server, with TLS and limits against slow clients.
// It also keeps the certificate authority and the key pairs, in a folder if there is one.
package listen

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"log"
	"log/slog"
	"maps"
	"net"
	"net/http"
	"sync"
	"syscall"
)

// Config states the addresses and their handlers.
type Config struct {
	HTTP, HTTPS, Control Endpoint

	Authority *Authority // for HTTPS
	Expose    bool       // allows addresses that are not loopback
	Logger    *slog.Logger
}

// Endpoint is an address and its handler.
type Endpoint struct {
	Address string // host:port, with port 0 a free one; localhost is 127.0.0.1 and ::1; empty: not open
	Handler http.Handler
}

// Listeners are open ports. The zero value has none.
type Listeners struct {
	HTTP, HTTPS, Control string // base URLs with the actual ports; empty: not open

	servers []*http.Server
}

// URLs returns the URLs of the open listeners by their names in the ready line.
func (l Listeners) URLs() map[string]string {
	urls := map[string]string{"http": l.HTTP, "https": l.HTTPS, "control": l.Control}
	maps.DeleteFunc(urls, func(_, url string) bool { return url == "" })
	return urls
}

// ErrExposed reports an address that other machines can connect to.
var ErrExposed = errors.New("there is no access control; allow other machines to connect with --expose (emulator.WithExpose)")

// Open listens and serves. Errors: an address in use, or [ErrExposed]; no port is open
// then.
func Open(config Config) (Listeners, error) {
	var opened Listeners
	var sockets []net.Listener
	var handlers []http.Handler
	for _, endpoint := range []struct {
		Endpoint
		scheme string
		url    *string
	}{
		{config.HTTP, "http", &opened.HTTP}, {config.HTTPS, "https", &opened.HTTPS}, {config.Control, "http", &opened.Control},
	} {
		if endpoint.Address == "" {
			continue
		}
		found, err := open(endpoint.Address, config.Expose)
		if err != nil {
			for _, socket := range sockets {
				_ = socket.Close() // nothing is served yet
			}
			return Listeners{}, err
		}
		*endpoint.url = endpoint.scheme + "://" + found[0].Addr().String()
		for _, socket := range found {
			if endpoint.scheme == "https" {
				socket = tls.NewListener(socket, config.Authority.tlsConfig())
			}
			sockets, handlers = append(sockets, socket), append(handlers, endpoint.Handler)
		}
	}
	for i, socket := range sockets {
		opened.servers = append(opened.servers, serve(socket, handlers[i], config.Logger))
	}
	return opened, nil
}

// Loopback reports whether only this machine can connect to a listener's address.
func Loopback(address string) bool {
	host, _, err := net.SplitHostPort(address)
	ip := net.ParseIP(host)
	return err == nil && (host == "localhost" || ip != nil && ip.IsLoopback())
}

// open returns at least one socket. The name localhost stands for both loopback
// addresses, because clients connect to either.
func open(address string, expose bool) ([]net.Listener, error) {
	host, port, err := net.SplitHostPort(address)
	if err != nil {
		return nil, fmt.Errorf("address %q: want host:port: %w", address, err)
	}
	if !expose && !Loopback(address) {
		return nil, fmt.Errorf("address %q is not a loopback address: %w", address, ErrExposed)
	}
	if host == "localhost" {
		return openLoopback(port)
	}
	socket, err := net.Listen("tcp", address)
	if err != nil {
		return nil, err
	}
	return []net.Listener{deadlineListener{socket}}, nil
}

// openLoopback listens on 127.0.0.1 and ::1, on the same port; on one of them if the
// machine lacks the other.
func openLoopback(port string) ([]net.Listener, error) {
	const attempts = 20 // a port that is free at one address can be in use at the other
	for attempt := 1; ; attempt++ {
		four, err := net.Listen("tcp4", "127.0.0.1:"+port)
		if errors.Is(err, syscall.EADDRINUSE) {
			return nil, err
		}
		chosen := port
		if err == nil {
			_, chosen, _ = net.SplitHostPort(four.Addr().String()) // cannot fail: an address of a socket
		}
		six, err6 := net.Listen("tcp6", "[::1]:"+chosen)
		switch {
		case err == nil && err6 == nil:
			return []net.Listener{deadlineListener{four}, deadlineListener{six}}, nil
		case err6 == nil:
			return []net.Listener{deadlineListener{six}}, nil
		case err == nil && !errors.Is(err6, syscall.EADDRINUSE):
			return []net.Listener{deadlineListener{four}}, nil
		case err == nil:
			_ = four.Close() // nothing is served yet
			if chosen == port || attempt == attempts {
				return nil, err6
			}
		default:
			return nil, err
		}
	}
}

func serve(socket net.Listener, handler http.Handler, logger *slog.Logger) *http.Server {
	// The contexts of requests end when the server stops, so that waiting handlers
	// return.
	running, stop := context.WithCancel(context.Background())
	accepted := &connections{open: map[net.Conn]bool{}}
	server := &http.Server{
		ConnState:         accepted.note,
		BaseContext:       func(net.Listener) context.Context { return running },
		Handler:           limitBodies(limitWrites(handler)),
		HTTP2:             &http.HTTP2Config{MaxConcurrentStreams: streamLimit},
		ReadHeaderTimeout: headerTimeout,
		IdleTimeout:       idleTimeout,
		MaxHeaderBytes:    headerLimit,
		ErrorLog:          log.New(connectionLog{logger}, "", 0),
	}
	server.RegisterOnShutdown(stop)
	server.RegisterOnShutdown(accepted.hurry)
	go func() {
		if err := server.Serve(socket); !errors.Is(err, http.ErrServerClosed) {
			logger.Error("listener failed", "address", socket.Addr(), "error", err)
		}
	}()
	return server
}

// Close stops accepting connections and lets requests finish until the context ends; then
// it closes their connections. Requests that are not sent completely end within a second.
func (l Listeners) Close(ctx context.Context) error {
	if len(l.servers) == 0 {
		return nil
	}
	errs := make([]error, len(l.servers))
	var closing sync.WaitGroup
	for i, server := range l.servers {
		closing.Go(func() {
			if err := server.Shutdown(ctx); err != nil {
				errs[i] = errors.Join(err, server.Close())
			}
		})
	}
	closing.Wait()
	return errors.Join(errs...)
}
