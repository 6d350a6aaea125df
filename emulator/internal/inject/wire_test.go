package inject_test

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/voxemu/voxemu/emulator/fault"
)

// raw sends a request over a plain connection, because HTTP clients hide details.
func raw(t *testing.T, url string) *bufio.Reader {
	t.Helper()
	conn, err := net.Dial("tcp", strings.TrimPrefix(url, "http://"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close() })
	fmt.Fprint(conn, "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n")
	return bufio.NewReader(conn)
}

func TestADuplicatedReplyComesTwiceOnTheWire(t *testing.T) {
	e, _ := engine(t, 1, fault.Rule{Name: "rule", Then: fault.Do(fault.DuplicateReply{})})
	s := newService(t, e)
	url, _ := transports["http"](t, s)
	replies := raw(t, url)
	for range 2 {
		if got := see(http.ReadResponse(replies, nil)); got != "200 "+genuine {
			t.Errorf("saw %q", got)
		}
	}
	if rest, err := io.ReadAll(replies); err != nil || len(rest) > 0 {
		t.Errorf("then %q, %v", rest, err)
	}
	if done := s.done.Load(); done != 1 {
		t.Errorf("work done %d times", done)
	}
}

func TestATruncatedReplyClaimsItsFullLengthAndAClosedOneNone(t *testing.T) {
	for _, c := range []struct {
		then fault.Then
		want string
	}{
		{fault.Do(fault.TruncatedJSON{}), fmt.Sprintf("Content-Length: %d\r\n", len(genuine))},
		{fault.Do(fault.Close{AfterSending: fault.Body}), "Transfer-Encoding: chunked\r\n"},
	} {
		e, _ := engine(t, 1, fault.Rule{Name: "rule", Then: c.then})
		url, _ := transports["http"](t, newService(t, e))
		text, err := io.ReadAll(raw(t, url))
		if err != nil || !strings.Contains(string(text), c.want) || strings.Contains(string(text), "42}") {
			t.Errorf("want %q and half of the body, got %q, %v", c.want, text, err)
		}
	}
}

func TestAClientThatDoesNotReadDoesNotKeepTheConnectionOfAStoppedServer(t *testing.T) {
	for _, then := range []fault.Then{fault.Do(fault.DuplicateReply{}), fault.Do(fault.Reset{AfterSending: fault.Body})} {
		e, _ := engine(t, 1, fault.Rule{Name: "rule", Then: then})
		s := newService(t, e)
		s.body = bytes.Repeat([]byte(" "), 64<<20) // larger than socket buffers
		stopped, stop := context.WithCancel(t.Context())
		server := httptest.NewUnstartedServer(s)
		server.Config.BaseContext = func(net.Listener) context.Context { return stopped }
		server.Start()
		reply := raw(t, server.URL)
		if _, err := reply.ReadByte(); err != nil { // sending has begun
			t.Fatal(err)
		}
		stop()
		<-s.left
		server.Close()
	}
}

// sleeper records the durations of its sleeps.
type sleeper struct {
	slept []time.Duration
	err   error
}

func (s *sleeper) Sleep(_ context.Context, d time.Duration) error {
	s.slept = append(s.slept, d)
	return s.err
}

func TestDelaysSleepOnTheEmulatorsClock(t *testing.T) {
	second := fault.Duration(time.Second)
	for _, c := range []struct {
		then fault.Then
		want []time.Duration
	}{
		{fault.Do(fault.Delay{Fixed: second}), []time.Duration{time.Second}},
		{fault.Do(fault.Delay{Fixed: second}, fault.HTTP{Status: 503}), []time.Duration{time.Second}},
		{fault.Do(fault.SlowBody{Over: second, Chunks: 5}), []time.Duration{250e6, 250e6, 250e6, 250e6}},
		{fault.Do(fault.SlowBody{Over: second, Chunks: 1}), nil},
		{fault.Do(fault.SlowBody{Over: second, Chunks: 9999}), repeat(time.Second/time.Duration(len(genuine)-1), len(genuine)-1)},
	} {
		e, _ := engine(t, 1, fault.Rule{Name: "rule", Then: c.then})
		s, noted := newService(t, e), &sleeper{}
		s.sleep = noted.Sleep
		s.ServeHTTP(httptest.NewRecorder(), httptest.NewRequest("GET", "/", nil))
		if diff := cmp.Diff(c.want, noted.slept); diff != "" {
			t.Errorf("%+v (-want +slept):\n%s", c.then, diff)
		}
	}
}

func repeat(d time.Duration, times int) []time.Duration {
	all := make([]time.Duration, times)
	for i := range all {
		all[i] = d
	}
	return all
}

func TestAClientThatGivesUpDuringADelayPreventsTheWorkUnlessItWasDone(t *testing.T) {
	for _, after := range []bool{false, true} {
		e, _ := engine(t, 1, fault.Rule{Name: "rule", Then: fault.Do(fault.Delay{Fixed: 1}), After: after})
		s := newService(t, e)
		s.sleep = (&sleeper{err: errors.New("gone")}).Sleep
		func() {
			defer func() {
				if p := recover(); p != http.ErrAbortHandler {
					t.Errorf("the connection is not dropped: %v", p)
				}
			}()
			s.ServeHTTP(httptest.NewRecorder(), httptest.NewRequest("GET", "/", nil))
		}()
		if done := s.done.Load() == 1; done != after {
			t.Errorf("after=%v: work done: %v", after, done)
		}
	}
}

// delays returns the delays of the first requests.
func delays(t *testing.T, seed int64, d fault.Delay, calls int) []time.Duration {
	t.Helper()
	e, _ := engine(t, seed, fault.Rule{Name: "rule", Then: fault.Do(d)})
	s, noted := newService(t, e), &sleeper{}
	s.left = make(chan struct{}, calls)
	s.sleep = noted.Sleep
	for range calls {
		s.ServeHTTP(httptest.NewRecorder(), httptest.NewRequest("GET", "/", nil))
	}
	return noted.slept
}

func TestRandomDelaysFollowTheSeed(t *testing.T) {
	ms := func(n int) fault.Duration { return fault.Duration(n) * fault.Duration(time.Millisecond) }
	for _, d := range []fault.Delay{{Min: ms(100), Max: ms(200)}, {Median: ms(100), Sigma: 0.5}} {
		first, second, other := delays(t, 1, d, 50), delays(t, 1, d, 50), delays(t, 2, d, 50)
		if diff := cmp.Diff(first, second); diff != "" {
			t.Errorf("the same seed gives others:\n%s", diff)
		}
		if cmp.Equal(first, other) {
			t.Error("another seed gives the same")
		}
	}
}

func TestDelaysAreDistributedAsTheySay(t *testing.T) {
	const calls = 2000
	for name, c := range map[string]struct {
		delay              fault.Delay
		least, half, great time.Duration // half of the requests are below half, within 5%
	}{
		"even":             {fault.Delay{Min: 100, Max: 300}, 100, 200, 300},
		"lognormal":        {fault.Delay{Median: fault.Duration(time.Second), Sigma: 1}, 1, time.Second, time.Hour},
		"capped lognormal": {fault.Delay{Median: fault.Duration(time.Second), Sigma: 10, Max: fault.Duration(2 * time.Second)}, 0, time.Second, 2 * time.Second},
	} {
		below := 0
		for _, d := range delays(t, 1, c.delay, calls) {
			if d < c.least || d > c.great {
				t.Fatalf("%s: %v", name, d)
			}
			if d < c.half {
				below++
			}
		}
		if below < calls*45/100 || below > calls*55/100 {
			t.Errorf("%s: %d of %d below %v", name, below, calls, c.half)
		}
	}
}
