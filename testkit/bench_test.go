package testkit_test

import (
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/voxemu/voxemu/testkit"
)

// BenchmarkRun measures the cost for a test: an emulator, one request, the end. For
// comparison it also measures a bare httptest server on the same machine.
func BenchmarkRun(b *testing.B) {
	for name, once := range map[string]func(testing.TB){"httptest": bare, "memory": inMemory, "socket": overSocket} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				once(b)
			}
		})
	}
}

// bare runs a server without any function.
func bare(tb testing.TB) {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		_, _ = io.WriteString(w, `{"result":[],"count":0}`) // a client that is gone fails the benchmark
	}))
	defer server.Close()
	client := plainClient()
	defer client.CloseIdleConnections()
	fetch(tb, client, server.URL)
}

func overSocket(tb testing.TB) {
	cost(tb, func(emu *testkit.Emulator) {
		client := plainClient()
		defer client.CloseIdleConnections()
		fetch(tb, client, emu.URL())
	})
}

func inMemory(tb testing.TB) {
	cost(tb, func(emu *testkit.Emulator) { fetch(tb, emu.HTTPClient(), "http://voxemu") })
}

// cost runs an emulator, calls do and ends the test.
func cost(tb testing.TB, do func(*testkit.Emulator)) {
	t := &recorder{name: "cost"}
	do(testkit.Run(t))
	if t.end(); len(t.failures) > 0 {
		tb.Fatal(t.failures)
	}
}

// plainClient resets its connections at their end. Ports of closed connections stay in
// use for a minute, and with thousands of them the kernel takes milliseconds to find a
// free port for the next server.
func plainClient() *http.Client {
	return &http.Client{Transport: &http.Transport{DialContext: func(ctx context.Context, network, addr string) (net.Conn, error) {
		conn, err := new(net.Dialer).DialContext(ctx, network, addr)
		if tcp, ok := conn.(*net.TCPConn); ok {
			err = errors.Join(err, tcp.SetLinger(0))
		}
		return conn, err
	}}}
}

func fetch(tb testing.TB, client *http.Client, base string) {
	reply, err := client.Get(base + "/platform_api/GetSipRegistrations?account_id=1&api_key=demo-key")
	if err != nil {
		tb.Fatal(err)
	}
	defer reply.Body.Close()
	if _, err := io.Copy(io.Discard, reply.Body); err != nil {
		tb.Fatal(err)
	}
}
