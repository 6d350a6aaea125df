package callback_test

import (
	"crypto/md5"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/voxemu/voxemu/emulator/internal/callback"
	"github.com/voxemu/voxemu/emulator/internal/store"
	"github.com/voxemu/voxemu/emulator/vox"
)

func TestTheRequestIsThatOfTheRealService(t *testing.T) {
	var header http.Header
	r := newReceiver(t, func(_ int, _ http.ResponseWriter, r *http.Request) { header = r.Header })
	w := newWorld(t, r.URL+"/hook?token=secret-token")
	w.fail(5)
	w.settle()
	sum := md5.Sum([]byte("secret-salt" + "1" + "secret-key" + "1"))
	want := `{"callbacks":[{"callback_id":1,"type":"sip_registration_fail","account_id":1,"hash":"` + hex.EncodeToString(sum[:]) + `",` +
		`"account_name":"demo","account_email":"demo@example.com","language_code":"en","account_first_name":"","account_last_name":"",` +
		`"balance":10.00,"currency":"USD","sip_registration_fail":{"sip_registrations":[{"sip_registration_id":5,"status_code":"403","error_message":"Forbidden"}]}}]}`
	if diff := cmp.Diff(want, string(r.bodies[0])); diff != "" {
		t.Errorf("body (-want +got):\n%s", diff)
	}
	if got := header.Get("Content-Type"); got != "application/json" {
		t.Errorf("Content-Type %q", got)
	}
}

func TestEveryAttemptIsRecordedWithoutSecrets(t *testing.T) {
	r := newReceiver(t, func(n int, w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/plain")
		if n == 1 {
			w.WriteHeader(http.StatusInternalServerError)
		}
		fmt.Fprint(w, "done")
	})
	url := strings.Replace(r.URL, "http://", "http://user:secret-password@", 1)
	w := newWorld(t, url+"/hook?token=secret-token")
	w.fail(5)
	w.advance(10 * time.Second)
	type short struct {
		At                 time.Time
		ID, Number         int64
		URL                string
		Status             int
		Type, Reply, Cause string
	}
	var got []short
	for _, a := range w.recorded() {
		got = append(got, short{a.At, a.Callbacks[0].ID, a.Callbacks[0].Attempts, a.URL, a.Status, a.ReplyType, string(a.Reply), a.Failure})
	}
	want := []short{
		{noon, 1, 1, r.URL + "/hook", 500, "text/plain", "done", "answered 500"},
		{noon.Add(10 * time.Second), 1, 2, r.URL + "/hook", 200, "text/plain", "done", ""},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("attempts (-want +got):\n%s", diff)
	}
	text, err := json.Marshal(w.recorded())
	if err != nil {
		t.Fatal(err)
	}
	for where, text := range map[string]string{"record": string(text), "log": w.log.String(), "bodies": string(w.recorded()[0].Request)} {
		if strings.Contains(text, "secret") {
			t.Errorf("the %s holds a secret: %s", where, text)
		}
	}
}

// The schedule is that of A48; afterwards the next callback is sent.
func TestRetriesFollowTheScheduleAndThenTheNextCallbackFollows(t *testing.T) {
	r := newReceiver(t, func(n int, w http.ResponseWriter, _ *http.Request) {
		if n <= 7 {
			w.WriteHeader(http.StatusServiceUnavailable)
		}
	})
	w := newWorld(t, r.URL)
	w.fail(1, 2)
	w.advance(24 * time.Hour)
	var got []string
	for _, a := range w.recorded() {
		got = append(got, fmt.Sprintf("%d.%d after %s", a.Callbacks[0].ID, a.Callbacks[0].Attempts, a.At.Sub(noon)))
	}
	want := []string{
		"1.1 after 0s", "1.2 after 10s", "1.3 after 1m10s", "1.4 after 6m10s", "1.5 after 21m10s", "1.6 after 1h21m10s",
		"1.7 after 7h21m10s", "2.1 after 7h21m10s",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("attempts (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]outcome{{1, vox.CallbackGivenUp, 7}, {2, vox.CallbackDelivered, 1}}, w.outcomes()); diff != "" {
		t.Errorf("callbacks (-want +got):\n%s", diff)
	}
}

func TestABatchIsSentInOneRequestAndRetriedAsOne(t *testing.T) {
	r := newReceiver(t, func(n int, w http.ResponseWriter, _ *http.Request) {
		if n == 1 {
			w.WriteHeader(http.StatusBadGateway)
		}
	})
	w := newWorld(t, r.URL)
	w.put(vox.Registration{ID: 1, AccountID: 1})
	frozen := failed(1, 1)
	frozen.Deactivated = true
	w.put(frozen)
	w.fail(2)
	w.advance(time.Minute)
	if diff := cmp.Diff([][]int64{{1, 2}, {1, 2}, {3}}, r.received(t)); diff != "" {
		t.Errorf("requests (-want +got):\n%s", diff)
	}
}

func TestAReceiverThatIsKilledLosesNothing(t *testing.T) {
	r := newReceiver(t, nil)
	w := newWorld(t, r.URL)
	address := r.Listener.Addr().String()
	r.Close()
	w.fail(1, 2, 3)
	w.settle()
	if got := w.recorded(); len(got) != 1 || got[0].Failure != "connect: connection refused" {
		t.Fatalf("attempts %+v, want one that was refused", got)
	}
	again := &receiver{}
	socket, err := net.Listen("tcp", address)
	if err != nil {
		t.Fatal(err)
	}
	again.Server = httptest.NewUnstartedServer(http.HandlerFunc(again.receive))
	again.Listener.Close()
	again.Listener = socket
	again.Start()
	defer again.Close()
	w.advance(10 * time.Second)
	if diff := cmp.Diff([][]int64{{1}, {2}, {3}}, again.received(t)); diff != "" {
		t.Errorf("requests (-want +got):\n%s", diff)
	}
	want := []outcome{{1, vox.CallbackDelivered, 2}, {2, vox.CallbackDelivered, 1}, {3, vox.CallbackDelivered, 1}}
	if diff := cmp.Diff(want, w.outcomes()); diff != "" {
		t.Errorf("callbacks (-want +got):\n%s", diff)
	}
}

// Each kind of misbehaviour is one attempt that is not accepted.
func TestReceiversThatMisbehaveAreAskedAgain(t *testing.T) {
	elsewhere := newReceiver(t, nil)
	hijack := func(w http.ResponseWriter, text string) {
		connection, _, err := w.(http.Hijacker).Hijack()
		if err != nil {
			t.Error(err)
			return
		}
		fmt.Fprint(connection, text)
		connection.Close()
	}
	for why, c := range map[string]struct {
		answer func(w http.ResponseWriter, r *http.Request)
		want   string
	}{
		"answers too late":      {func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() }, "no answer within 1s"},
		"says 500":              {func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(500) }, "answered 500"},
		"closes without answer": {func(w http.ResponseWriter, _ *http.Request) { hijack(w, "") }, "the connection ended before the answer did"},
		"resets": {func(w http.ResponseWriter, _ *http.Request) {
			connection, _, err := w.(http.Hijacker).Hijack()
			if err != nil {
				t.Error(err)
				return
			}
			_ = connection.(*net.TCPConn).SetLinger(0) // makes closing a reset
			connection.Close()
		}, "the connection ended before the answer did"},
		"closes in the header": {func(w http.ResponseWriter, _ *http.Request) { hijack(w, "HTTP/1.1 200 OK\r\n") }, "the connection ended before the answer did"},
		"closes in the body": {func(w http.ResponseWriter, _ *http.Request) {
			hijack(w, "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf")
		}, "the connection ended before the answer did"},
		"redirects elsewhere": {func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, elsewhere.URL, http.StatusTemporaryRedirect)
		}, "answered 307"},
		"redirects with success": {func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, elsewhere.URL, http.StatusMovedPermanently)
		}, "answered 301"},
		"speaks no HTTP": {func(w http.ResponseWriter, _ *http.Request) { hijack(w, "hello\r\n") }, `malformed HTTP response "hello"`},
		"trickles its body": {func(w http.ResponseWriter, r *http.Request) {
			w.WriteHeader(200)
			w.(http.Flusher).Flush()
			<-r.Context().Done()
		}, "no answer within 1s"},
	} {
		t.Run(why, func(t *testing.T) {
			r := newReceiver(t, func(n int, w http.ResponseWriter, r *http.Request) {
				if n == 1 {
					c.answer(w, r)
				}
			})
			w := newWorld(t, r.URL, func(config *callback.Config) {
				if strings.HasPrefix(c.want, "no answer") {
					config.Timeout = time.Second // long enough for the callback to arrive
				}
			})
			w.fail(1, 2)
			w.settle()
			w.deliverer.Timeout = time.Minute // later attempts may take long
			if got := w.callbacks()[0]; got.State != vox.CallbackRetrying || !strings.Contains(got.LastFailure, c.want) {
				t.Errorf("%s, %s; want retrying, %s", got.State, got.LastFailure, c.want)
			}
			w.advance(10 * time.Second)
			if diff := cmp.Diff([]outcome{{1, vox.CallbackDelivered, 2}, {2, vox.CallbackDelivered, 1}}, w.outcomes()); diff != "" {
				t.Errorf("callbacks (-want +got):\n%s", diff)
			}
			if diff := cmp.Diff([][]int64{{1}, {1}, {2}}, r.received(t)); diff != "" {
				t.Errorf("requests (-want +got):\n%s", diff)
			}
		})
	}
	if got := elsewhere.received(t); got != nil {
		t.Errorf("a redirect was followed: %v", got)
	}
}

func TestAnEndlessAnswerIsReadOnlyInPart(t *testing.T) {
	r := newReceiver(t, func(_ int, w http.ResponseWriter, r *http.Request) {
		for r.Context().Err() == nil {
			if _, err := w.Write(make([]byte, 1024)); err != nil {
				return
			}
		}
	})
	w := newWorld(t, r.URL)
	w.fail(1)
	w.settle()
	if got := w.recorded()[0]; len(got.Reply) != 4096 || got.Failure != "" {
		t.Errorf("%d bytes, %q; want 4096 bytes of an accepting answer", len(got.Reply), got.Failure)
	}
}

func TestNobodyWaitsForAReceiver(t *testing.T) {
	asked, free := make(chan struct{}), make(chan struct{})
	r := newReceiver(t, func(n int, _ http.ResponseWriter, _ *http.Request) {
		if n == 1 {
			close(asked)
			<-free
		}
	})
	w := newWorld(t, r.URL)
	w.fail(1)
	<-asked
	w.fail(2, 3)        // the same account
	w.put(failed(2, 4)) // another account
	if got := len(w.callbacks()); got != 4 {
		t.Errorf("%d callbacks, want 4", got)
	}
	close(free)
	w.settle()
	for _, c := range w.callbacks() {
		if c.State != vox.CallbackDelivered || c.Attempts != 1 {
			t.Errorf("callback %d: %s after %d attempts", c.ID, c.State, c.Attempts)
		}
	}
}

func TestWhatIsDeletedWhileItIsOnItsWayStaysDeleted(t *testing.T) {
	asked, free := make(chan struct{}), make(chan struct{})
	r := newReceiver(t, func(int, http.ResponseWriter, *http.Request) {
		close(asked)
		<-free
	})
	w := newWorld(t, r.URL)
	w.fail(1)
	<-asked
	w.write(func(tx *store.Tx) error {
		store.Delete(tx, store.Callbacks, 1)
		store.Delete(tx, store.Accounts, 1)
		return nil
	})
	close(free)
	w.settle()
	if got := w.outcomes(); got != nil {
		t.Errorf("callbacks %v of an account that is gone", got)
	}
}

func TestARedeliveryHasANewNumberAndKeepsTheOrder(t *testing.T) {
	r := newReceiver(t, func(n int, w http.ResponseWriter, _ *http.Request) {
		if n == 2 || n == 4 {
			w.WriteHeader(http.StatusInternalServerError)
		}
	})
	w := newWorld(t, r.URL)
	redeliver := func(id int64) {
		w.write(func(tx *store.Tx) error { return w.deliverer.Redeliver(tx, id) })
		w.settle()
	}
	w.fail(1, 2) // 1 is accepted, 2 is not
	w.settle()
	redeliver(1)
	redeliver(2) // sent at once instead of at its retry
	redeliver(2)
	if diff := cmp.Diff([]outcome{{1, vox.CallbackDelivered, 2}, {2, vox.CallbackDelivered, 3}}, w.outcomes()); diff != "" {
		t.Errorf("callbacks (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([][]int64{{1}, {2}, {1}, {2}, {2}}, r.received(t)); diff != "" {
		t.Errorf("requests (-want +got):\n%s", diff)
	}
	err := w.store.Write(noon, func(tx *store.Tx) error { return w.deliverer.Redeliver(tx, 3) })
	if !errors.Is(err, callback.ErrUnknown) {
		t.Errorf("callback 3: %v, want %v", err, callback.ErrUnknown)
	}
}

func TestAPauseCutsOffAndWhatFollowsHasANewNumber(t *testing.T) {
	asked := make(chan struct{})
	r := newReceiver(t, func(n int, _ http.ResponseWriter, r *http.Request) {
		if n == 1 {
			close(asked)
			<-r.Context().Done()
		}
	})
	w := newWorld(t, r.URL)
	w.fail(1)
	<-asked
	w.deliverer.Pause()
	w.fail(2)
	if diff := cmp.Diff([]outcome{{1, vox.CallbackQueued, 1}, {2, vox.CallbackQueued, 0}}, w.outcomes()); diff != "" {
		t.Errorf("during the pause (-want +got):\n%s", diff)
	}
	w.deliverer.Pause()
	w.deliverer.Resume()
	w.settle()
	if got := len(r.received(t)); got != 1 {
		t.Errorf("%d requests during the pause, want the one before it", got)
	}
	w.deliverer.Resume()
	w.settle()
	if diff := cmp.Diff([]outcome{{1, vox.CallbackDelivered, 2}, {2, vox.CallbackDelivered, 1}}, w.outcomes()); diff != "" {
		t.Errorf("after the pause (-want +got):\n%s", diff)
	}
}

func TestPublicReceiversGetNothingUnlessAllowed(t *testing.T) {
	for _, url := range []string{
		"http://192.0.2.1/", "http://[2001:db8::1]/", "http://0.0.0.0:9/", "http://[::]:9/", "http://[::ffff:192.0.2.1]/",
		"http://169.254.169.254/", "http://[fe80::1%25lo]/", "http://100.64.0.1/", "http://[64:ff9b::7f00:1]/", "http://224.0.0.1/",
	} {
		w := newWorld(t, url)
		w.fail(1, 2)
		w.settle()
		for _, c := range w.callbacks() {
			if c.State != vox.CallbackDropped || !strings.Contains(c.LastFailure, "--callbacks-allow-public") {
				t.Errorf("%s: %s, %s", url, c.State, c.LastFailure)
			}
		}
	}
}

func TestLoopbackReceiversGetCallbacksByNameAndInEveryForm(t *testing.T) {
	r := newReceiver(t, nil)
	_, port, err := net.SplitHostPort(r.Listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	for _, host := range []string{"localhost", "127.0.0.1", "[::ffff:127.0.0.1]"} {
		w := newWorld(t, "http://"+host+":"+port+"/")
		w.fail(1)
		w.settle()
		if got := w.callbacks()[0]; got.State != vox.CallbackDelivered {
			t.Errorf("%s: %s, %s", host, got.State, got.LastFailure)
		}
	}
}

// A server on this machine has an address that is neither loopback nor private.
func TestPublicReceiversGetCallbacksWhenAllowed(t *testing.T) {
	r := newReceiver(t, nil)
	_, port, err := net.SplitHostPort(r.Listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	w := newWorld(t, "http://0.0.0.0:"+port+"/", func(c *callback.Config) { c.AllowPublic = true })
	w.fail(1)
	w.settle()
	if got := w.callbacks()[0]; got.State != vox.CallbackDelivered {
		t.Errorf("%s, %s", got.State, got.LastFailure)
	}
}

func TestReceiversThatCannotBeAskedAreDroppedAtOnce(t *testing.T) {
	for _, url := range []string{"ftp://127.0.0.1/", "127.0.0.1", "http://", "file:///etc/hostname", "http://a b/", "http://127.0.0.1:70000/"} {
		w := newWorld(t, url)
		w.fail(1)
		w.settle()
		got := w.callbacks()[0]
		if got.State != vox.CallbackDropped || !strings.HasPrefix(got.LastFailure, "the account's callback_url: want ") {
			t.Errorf("%s: %s, %s", url, got.State, got.LastFailure)
		}
	}
}

// A callback is added after its worker has checked the queue and before the worker ends.
func TestNoCallbackIsOverlookedWhenItsWorkerIsAboutToEnd(t *testing.T) {
	r := newReceiver(t, nil)
	w := newWorld(t, r.URL)
	armed := true
	w.store.Observe(func(tx *store.Tx) error {
		looked := true // the worker's last transaction found nothing
		for range store.Changes(tx, store.Registrations) {
			looked = false
		}
		for range store.Changes(tx, store.Callbacks) {
			looked = false
		}
		if looked && armed {
			armed = false
			if err := store.Put(tx, store.Registrations, failed(1, 2)); err != nil {
				return err
			}
		}
		return w.deliverer.Note(tx)
	})
	w.fail(1)
	w.settle()
	if diff := cmp.Diff([]outcome{{1, vox.CallbackDelivered, 1}, {2, vox.CallbackDelivered, 1}}, w.outcomes()); diff != "" {
		t.Errorf("callbacks (-want +got):\n%s", diff)
	}
}

// A retry can run at a time that the clock has not reached yet.
func TestAttemptsOfAnAccountNeverGoBackInTime(t *testing.T) {
	r := newReceiver(t, func(n int, w http.ResponseWriter, _ *http.Request) {
		if n == 1 {
			w.WriteHeader(http.StatusInternalServerError)
		}
	})
	w := newWorld(t, r.URL)
	w.fail(1, 2)
	w.settle()
	if err := w.store.Write(noon.Add(10*time.Second), w.deliverer.RunNext); err != nil {
		t.Fatal(err)
	}
	w.settle()
	var got []time.Duration
	for _, a := range w.recorded() {
		got = append(got, a.At.Sub(noon))
	}
	if diff := cmp.Diff([]time.Duration{0, 10 * time.Second, 10 * time.Second}, got); diff != "" {
		t.Errorf("attempts (-want +got):\n%s", diff)
	}
}
