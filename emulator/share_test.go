package emulator

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/voxemu/voxemu/scenarios"
)

// BenchmarkShare measures throughput relative to a bare net/http handler that reads the
// same body and replies with a constant of the same size: over kept-alive connections,
// with 1,000 registrations. Both take turns of a few hundred requests, so that other load
// affects both.
func BenchmarkShare(b *testing.B) {
	for _, c := range []struct{ name, parameters string }{
		{"CreateSipRegistration", "sip_username=user&proxy=sip.example.com&password=secret"},
		{"GetSipRegistrations", "count=20"},
	} {
		b.Run(c.name, func(b *testing.B) {
			request := postOf(c.name, "account_id=1&api_key=demo-key&"+c.parameters)
			emulator := richServer(b)
			ours := dialAll(b, emulator.URL(), request)
			floor := dialAll(b, constantServer(b, ours[0].exchange(b)), request)
			var tookOurs, tookFloor time.Duration
			for b.Loop() {
				tookOurs += ours.run(b)
				tookFloor += floor.run(b)
			}
			b.ReportMetric(100*tookFloor.Seconds()/tookOurs.Seconds(), "%floor")
			b.ReportMetric(float64(b.N*turn*len(ours))/tookOurs.Seconds(), "calls/s")
		})
	}
}

// turn is the number of requests per connection in a turn.
const turn = 50

// richServer has 1,000 registrations of an account with money for many more.
func richServer(b *testing.B) *Server {
	var text strings.Builder
	text.WriteString("accounts: [{id: 1, name: demo, api_key: demo-key, balance: 1000000000}]\nregistrations:\n")
	for id := range 1000 {
		fmt.Fprintf(&text, "  - {id: %d, sip_username: user%d, proxy: sip.example.com}\n", id+1, id)
	}
	s, err := New(WithScenario("empty"))
	if err != nil {
		b.Fatal(err)
	}
	if err := s.LoadSources(scenarios.Source{Name: "rich", Text: []byte(text.String())}); err != nil {
		b.Fatal(err)
	}
	if err := s.Start(); err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { _ = s.Close(context.Background()) }) // the benchmark has ended
	return s
}

// constantServer is the bare handler.
func constantServer(b *testing.B, reply string) string {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, err := io.ReadAll(r.Body)
		if err == nil {
			w.Header().Set("Content-Type", "application/json; charset=utf-8")
			w.Header().Set("Content-Length", strconv.Itoa(len(reply)))
			_, err = io.WriteString(w, reply)
		}
		if err != nil {
			b.Error(err)
		}
	}))
	b.Cleanup(server.Close)
	return server.URL
}

func postOf(method, body string) string {
	return fmt.Sprintf("POST /platform_api/%s HTTP/1.1\r\nHost: 127.0.0.1\r\n"+
		"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: %d\r\n\r\n%s", method, len(body), body)
}

// caller repeats a request over one connection. net/http's client would take longer than
// the servers.
type caller struct {
	conn    net.Conn
	reader  *bufio.Reader
	request string
}

type callers []*caller

func dialAll(b *testing.B, url, request string) callers {
	all := make(callers, 8)
	for i := range all {
		conn, err := net.Dial("tcp", strings.TrimPrefix(url, "http://"))
		if err != nil {
			b.Fatal(err)
		}
		b.Cleanup(func() { _ = conn.Close() }) // the benchmark has ended
		all[i] = &caller{conn, bufio.NewReader(conn), request}
	}
	return all
}

// run takes a turn and returns its duration.
func (all callers) run(b *testing.B) time.Duration {
	began := time.Now()
	var running sync.WaitGroup
	for _, c := range all {
		running.Go(func() {
			for range turn {
				if reply := c.exchange(b); strings.HasPrefix(reply, `{"error"`) {
					b.Error(reply)
					return
				}
			}
		})
	}
	running.Wait()
	return time.Since(began)
}

// exchange sends one request and returns the body of the reply.
func (c *caller) exchange(b *testing.B) string {
	var length int
	_, err := io.WriteString(c.conn, c.request)
	for line := ""; err == nil && line != "\r\n"; {
		line, err = c.reader.ReadString('\n')
		if number, ok := strings.CutPrefix(line, "Content-Length: "); ok {
			_, err = fmt.Sscan(number, &length)
		}
	}
	if err != nil {
		b.Error(err)
		return ""
	}
	body := make([]byte, length)
	if _, err := io.ReadFull(c.reader, body); err != nil {
		b.Error(err)
	}
	return string(body)
}
