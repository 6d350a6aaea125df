package registrar_test

import (
	"context"
	"fmt"
	"maps"
	"math/rand/v2"
	"runtime"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/voxemu/voxemu/emulator/internal/registrar"
	"github.com/voxemu/voxemu/emulator/sip"
)

// exchange is a fake agent together with the PBXs that it talks to.
type exchange struct {
	mu       sync.Mutex
	bound    map[string]bool // user@proxy
	at       map[int64][]time.Duration
	answers  func(sip.Binding, int) sip.Answer // by attempt, from 0
	delay    func(sip.Binding) time.Duration
	began    time.Time
	now      map[string]int // requests in progress, by proxy
	mostBusy int
	closed   bool
}

func (x *exchange) Register(ctx context.Context, b sip.Binding, _ *sip.Session) sip.Answer {
	x.mu.Lock()
	n := len(x.at[b.RegistrationID])
	x.at[b.RegistrationID] = append(x.at[b.RegistrationID], time.Since(x.began))
	answer := sip.Answer{StatusCode: 200, Reason: "OK", Expires: time.Hour}
	if x.answers != nil {
		answer = x.answers(b, n)
	}
	x.mu.Unlock()
	if !x.take(ctx, b) {
		return sip.Answer{StatusCode: 408, Reason: "Request Timeout"}
	}
	if answer.StatusCode == 200 {
		x.mu.Lock()
		defer x.mu.Unlock()
		x.bound[b.SIPUsername+"@"+b.Proxy] = true
	}
	return answer
}

// take lets a request take its time.
func (x *exchange) take(ctx context.Context, b sip.Binding) bool {
	x.mu.Lock()
	x.now[b.Proxy]++
	x.mostBusy = max(x.mostBusy, x.now[b.Proxy])
	wait := time.Millisecond
	if x.delay != nil {
		wait = x.delay(b)
	}
	x.mu.Unlock()
	defer func() {
		x.mu.Lock()
		defer x.mu.Unlock()
		x.now[b.Proxy]--
	}()
	select {
	case <-time.After(wait):
		return true
	case <-ctx.Done():
		return false
	}
}

func (x *exchange) Unregister(ctx context.Context, b sip.Binding, _ *sip.Session) {
	if x.take(ctx, b) {
		x.mu.Lock()
		defer x.mu.Unlock()
		delete(x.bound, b.SIPUsername+"@"+b.Proxy)
	}
}

func (x *exchange) Address() string { return "127.0.0.1:5062" }

func (x *exchange) Close() error {
	x.closed = true
	return nil
}

// attempts returns the times of a registration's requests, since the beginning.
func (x *exchange) attempts(id int64) []time.Duration {
	x.mu.Lock()
	defer x.mu.Unlock()
	return slices.Clone(x.at[id])
}

func (x *exchange) users() []string {
	x.mu.Lock()
	defer x.mu.Unlock()
	return slices.Sorted(maps.Keys(x.bound))
}

// keep returns a keeper of an exchange: accepted registrations are refreshed after 54
// minutes, failed ones retried after as many minutes as they have failed.
func keep(x *exchange) *registrar.Keeper {
	x.bound, x.at, x.now, x.began = map[string]bool{}, map[int64][]time.Duration{}, map[string]int{}, time.Now()
	return &registrar.Keeper{
		Open: func() (sip.Agent, error) { return x, nil },
		Answered: func(_ sip.Binding, a sip.Answer, failures int64) (time.Duration, bool) {
			if a.StatusCode == 200 {
				return a.Expires * 9 / 10, true
			}
			return time.Duration(failures) * time.Minute, true
		},
	}
}

func binding(id int64, user, proxy string) sip.Binding {
	return sip.Binding{RegistrationID: id, SIPUsername: user, Proxy: proxy}
}

func stop(t *testing.T, k *registrar.Keeper) {
	t.Helper()
	if err := k.Close(context.Background()); err != nil {
		t.Error(err)
	}
}

func TestFailuresAreRetriedAndSuccessesRefreshedBeforeTheirEnd(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		x := &exchange{answers: func(_ sip.Binding, n int) sip.Answer {
			if n < 2 {
				return sip.Answer{StatusCode: 503}
			}
			return sip.Answer{StatusCode: 200, Expires: time.Hour}
		}}
		k := keep(x)
		k.Want(binding(1, "alice", "pbx"))
		time.Sleep(2 * time.Hour)
		at := x.attempts(1)
		if len(at) < 5 {
			t.Fatalf("attempts: %v", at)
		}
		for i, want := range []time.Duration{0, time.Minute, 2 * time.Minute, 54 * time.Minute, 54 * time.Minute} {
			got := at[i]
			if i > 0 {
				got -= at[i-1]
			}
			if got > want+time.Second || got < want-want/10 {
				t.Errorf("attempt %d after %v, want at most %v and not much less", i, got, want)
			}
		}
		stop(t, k)
		if len(x.users()) > 0 || !x.closed {
			t.Errorf("left: %v, closed %v", x.users(), x.closed)
		}
	})
}

func TestASilentPBXDelaysNoOther(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		x := &exchange{delay: func(b sip.Binding) time.Duration {
			if b.Proxy == "silent" {
				return 32 * time.Second
			}
			return time.Millisecond
		}}
		k := keep(x)
		for id := range int64(100) {
			k.Want(binding(id+1, fmt.Sprint(id), "silent"))
		}
		k.Want(binding(1000, "alice", "pbx"))
		time.Sleep(time.Second)
		if got := x.users(); !slices.Contains(got, "alice@pbx") {
			t.Errorf("registered: %v", got)
		}
		x.mu.Lock()
		if x.mostBusy != 16 {
			t.Errorf("%d requests at once, want 16", x.mostBusy)
		}
		x.mu.Unlock()
		stopped, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		began := time.Now()
		if err := k.Close(stopped); err != nil {
			t.Error(err)
		}
		if took := time.Since(began); took > 1100*time.Millisecond {
			t.Errorf("the stop took %v", took)
		}
	})
}

func TestAThousandRegistrationsNeedNoGoroutineEachAndSpreadTheirRefreshes(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		x := &exchange{}
		k := keep(x)
		before := runtime.NumGoroutine()
		for id := range int64(1000) {
			k.Want(binding(id+1, fmt.Sprint("user", id), "pbx"))
		}
		time.Sleep(time.Minute)
		if all, accepted := k.Len(); all != 1000 || accepted != 1000 {
			t.Fatalf("%d registrations, %d accepted", all, accepted)
		}
		if more := runtime.NumGoroutine() - before; more > 3 {
			t.Errorf("%d more goroutines", more)
		}
		time.Sleep(time.Hour)
		perMinute := map[int]int{}
		for id := range int64(1000) {
			perMinute[int(x.attempts(id + 1)[1]/time.Minute)]++
		}
		if len(perMinute) < 5 {
			t.Errorf("refreshes by minute: %v", perMinute)
		}
		began := time.Now()
		stop(t, k)
		if took := time.Since(began); took > time.Second {
			t.Errorf("the stop took %v", took)
		}
		if left := x.users(); len(left) > 0 {
			t.Errorf("%d are left", len(left))
		}
	})
}

func TestWhateverIsWantedInTheEndIsWhatThePBXHas(t *testing.T) {
	for seed := range uint64(30) {
		synctest.Test(t, func(t *testing.T) {
			random := rand.New(rand.NewPCG(seed, 1))
			x := &exchange{}
			delays := rand.New(rand.NewPCG(seed, 2)) // guarded by the exchange
			x.delay = func(sip.Binding) time.Duration { return time.Duration(delays.IntN(50)) * time.Millisecond }
			k := keep(x)
			want := map[int64]string{}
			for range 200 {
				id := int64(random.IntN(6)) + 1
				if random.IntN(3) == 0 {
					k.Drop(id)
					delete(want, id)
				} else {
					b := binding(id, fmt.Sprintf("user%d-%d", id, random.IntN(3)), fmt.Sprintf("pbx%d", random.IntN(2)))
					k.Want(b)
					want[id] = b.SIPUsername + "@" + b.Proxy
				}
				time.Sleep(time.Duration(random.IntN(30)) * time.Millisecond)
			}
			time.Sleep(5 * time.Second)
			if diff := cmp.Diff(slices.Sorted(maps.Values(want)), x.users()); diff != "" {
				t.Errorf("seed %d (-wanted +registered):\n%s", seed, diff)
			}
			stop(t, k)
			if left := x.users(); len(left) > 0 {
				t.Errorf("seed %d left %v", seed, left)
			}
		})
	}
}
