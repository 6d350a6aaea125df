package listen

import (
	"bufio"
	"context"
	"crypto/tls"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

// pipes is a listener without a network, whose deadlines use the clock of a synctest
// bubble.
type pipes struct {
	net.Listener
	accept chan net.Conn
}

func (p pipes) Addr() net.Addr { return &net.TCPAddr{} }
func (p pipes) Close() error   { close(p.accept); return nil }
func (p pipes) Accept() (net.Conn, error) {
	if connection, ok := <-p.accept; ok {
		return connection, nil
	}
	return nil, net.ErrClosed
}

// onLimits runs a client that is connected to a server by a pipe, in a bubble. The server
// replies with the number of bytes of the body, or with the error of reading it; /slow
// takes an hour, /large replies with a megabyte.
func onLimits(t *testing.T, client func(net.Conn)) {
	synctest.Test(t, func(t *testing.T) {
		socket := pipes{accept: make(chan net.Conn)}
		server := serve(deadlineListener{socket}, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if r.URL.Path == "/large" {
				_, _ = w.Write(make([]byte, 1<<20)) // fails when the client is disconnected
				return
			}
			body, err := io.ReadAll(r.Body)
			if r.URL.Path == "/slow" {
				select {
				case <-r.Context().Done():
					err = r.Context().Err()
				case <-time.After(time.Hour):
				}
			}
			fmt.Fprint(w, len(body), err)
		}), slog.New(slog.DiscardHandler))
		ours, theirs := net.Pipe()
		socket.accept <- theirs
		client(ours)
		_ = ours.Close()
		if err := server.Shutdown(context.Background()); err != nil {
			t.Error(err)
		}
	})
}

// drip sends a text and then one byte per second until the connection is closed; wait
// waits for that.
func drip(connection net.Conn, beginning string) (wait func()) {
	var dripping sync.WaitGroup
	dripping.Go(func() {
		_, err := io.WriteString(connection, beginning)
		for err == nil {
			time.Sleep(time.Second) // of the bubble's clock
			_, err = io.WriteString(connection, "x")
		}
	})
	return dripping.Wait
}

// endsAfter waits until the server closes the connection and checks the time.
func endsAfter(t *testing.T, connection net.Conn, want time.Duration) (answer string) {
	t.Helper()
	begin := time.Now()
	text, _ := io.ReadAll(connection) // the error does not matter
	if took := time.Since(begin); took < want || took > want+time.Second {
		t.Errorf("the server hung up after %v, want %v", took, want)
	}
	return string(text)
}

func TestAHeaderThatDoesNotEndIsCutOff(t *testing.T) {
	for _, beginning := range []string{"", "GET / HT", "GET / HTTP/1.1\r\nHost: a\r\nX-Slow: 1\r\n"} {
		onLimits(t, func(c net.Conn) {
			_, _ = io.WriteString(c, beginning)
			endsAfter(t, c, headerTimeout)
		})
	}
}

func TestAHeaderInDropsIsCutOff(t *testing.T) {
	onLimits(t, func(c net.Conn) {
		defer drip(c, "GET / HTTP/1.1\r\nHost: a\r\nX: ")()
		endsAfter(t, c, headerTimeout)
	})
}

func TestABodyInDropsIsCutOff(t *testing.T) {
	onLimits(t, func(c net.Conn) {
		defer drip(c, "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1000\r\n\r\n")()
		if answer := endsAfter(t, c, bodyTimeout); !strings.Contains(answer, "timeout") {
			t.Errorf("the handler was not told: %q", answer)
		}
	})
}

func TestACallMayTakeLongOnceItsBodyIsRead(t *testing.T) {
	onLimits(t, func(c net.Conn) {
		_, _ = io.WriteString(c, "POST /slow HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nabc")
		reply, err := http.ReadResponse(bufio.NewReader(c), nil)
		if err != nil {
			t.Fatal(err)
		}
		if text, err := io.ReadAll(reply.Body); string(text) != "3 <nil>" || err != nil {
			t.Errorf("%q, %v", text, err)
		}
	})
}

func TestAClientThatTakesNothingIsCutOff(t *testing.T) {
	onLimits(t, func(c net.Conn) {
		_, _ = io.WriteString(c, "GET /large HTTP/1.1\r\nHost: a\r\n\r\n")
		time.Sleep(writeTimeout + time.Second) // of the bubble's clock
		if text, _ := io.ReadAll(c); len(text) > 64<<10 {
			t.Errorf("%d bytes were written after the time was over", len(text))
		}
	})
}

// onStreams is [onLimits] over HTTP/2, with a client that takes at most 4 MB of a reply
// that it does not read. The server replies with 16 MB, or to /events with a text now and
// another one after an hour.
func onStreams(t *testing.T, client func(*http.Client)) {
	a := newTestAuthority(t, "")
	synctest.Test(t, func(t *testing.T) {
		socket := pipes{accept: make(chan net.Conn)}
		server := serve(tls.NewListener(deadlineListener{socket}, a.tlsConfig()), http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if r.URL.Path != "/events" {
				_, _ = w.Write(make([]byte, 16<<20)) // fails when the stream is reset
				return
			}
			for range 2 {
				fmt.Fprintln(w, "event")
				if err := http.NewResponseController(w).Flush(); err != nil {
					t.Error(err)
				}
				time.Sleep(time.Hour) // of the bubble's clock
			}
		}), slog.New(slog.DiscardHandler))
		transport := &http.Transport{ForceAttemptHTTP2: true, DialTLSContext: func(ctx context.Context, _, _ string) (net.Conn, error) {
			ours, theirs := net.Pipe()
			socket.accept <- theirs
			connection := tls.Client(ours, &tls.Config{InsecureSkipVerify: true, NextProtos: []string{"h2"}})
			return connection, connection.HandshakeContext(ctx)
		}}
		client(&http.Client{Transport: transport})
		transport.CloseIdleConnections()
		if err := server.Shutdown(context.Background()); err != nil {
			t.Error(err)
		}
	})
}

func TestAStreamThatTakesNothingIsCutOff(t *testing.T) {
	onStreams(t, func(c *http.Client) {
		reply, err := c.Get("https://localhost/large")
		if err != nil {
			t.Fatal(err)
		}
		defer reply.Body.Close()
		time.Sleep(writeTimeout + time.Second) // of the bubble's clock
		if n, err := io.Copy(io.Discard, reply.Body); err == nil {
			t.Errorf("%s: the whole reply, %d bytes, was kept", reply.Proto, n)
		}
	})
}

func TestAStreamOfEventsMayBeQuiet(t *testing.T) {
	onStreams(t, func(c *http.Client) {
		reply, err := c.Get("https://localhost/events")
		if err != nil {
			t.Fatal(err)
		}
		defer reply.Body.Close()
		if text, err := io.ReadAll(reply.Body); string(text) != "event\nevent\n" || err != nil {
			t.Errorf("%s: %q, %v", reply.Proto, text, err)
		}
	})
}

func TestAConnectionWithoutCallsIsClosed(t *testing.T) {
	onLimits(t, func(c net.Conn) {
		_, _ = io.WriteString(c, "GET / HTTP/1.1\r\nHost: a\r\n\r\n")
		endsAfter(t, c, idleTimeout)
	})
}

func TestAHeaderThatIsTooLargeIsRefused(t *testing.T) {
	onLimits(t, func(c net.Conn) {
		go func() {
			_, _ = io.WriteString(c, "GET / HTTP/1.1\r\nHost: a\r\nX: "+strings.Repeat("x", headerLimit+8<<10))
		}()
		answer := make([]byte, 12)
		if _, err := io.ReadFull(c, answer); err != nil || string(answer) != "HTTP/1.1 431" {
			t.Errorf("%q, %v", answer, err)
		}
	})
}

// A client that stops in the middle of a request, or sends none, does not keep the server
// from stopping.
func TestStoppingWaitsForNoRequestThatIsNotSentCompletely(t *testing.T) {
	for _, sent := range []string{"", "GET / HT", "GET / HTTP/1.1\r\nHost: a\r\nX: ", "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\nabc"} {
		synctest.Test(t, func(t *testing.T) {
			socket := pipes{accept: make(chan net.Conn)}
			server := serve(deadlineListener{socket}, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				_, err := io.Copy(io.Discard, r.Body)
				fmt.Fprint(w, err)
			}), slog.New(slog.DiscardHandler))
			ours, theirs := net.Pipe()
			socket.accept <- theirs
			if _, err := io.WriteString(ours, sent); err != nil {
				t.Fatal(err)
			}
			go func() { _, _ = io.Copy(io.Discard, ours) }() // until the server hangs up
			synctest.Wait()
			began := time.Now()
			if err := (Listeners{servers: []*http.Server{server}}).Close(t.Context()); err != nil {
				t.Error(err)
			}
			if took := time.Since(began); took > time.Second {
				t.Errorf("after %q: %v", sent, took)
			}
			_ = ours.Close()
		})
	}
}
