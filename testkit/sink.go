package testkit

import (
	"cmp"
	"crypto/md5"
	"crypto/subtle"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"slices"
	"strconv"
	"sync"
	"time"

	"github.com/voxemu/voxemu/emulator/vox"
)

// Sink receives and keeps callbacks. A request with a wrong hash, or without one, fails
// the test and is answered with 400; others are answered with 200.
type Sink struct {
	tb      TB
	account func(id int64) (vox.Account, bool)
	url     string

	mu       sync.Mutex // guards received
	received []Received
}

// Received is a callback with a correct hash.
type Received struct {
	// ID is the callback_id.
	ID int64
	// Type is the event, for example sip_registration_fail.
	Type string
	// AccountID is the account that was notified.
	AccountID int64
	// Detail is the member named by Type, as JSON; empty if there is none.
	Detail json.RawMessage
	// Fields are all members, as JSON.
	Fields map[string]json.RawMessage
}

// CallbackSink opens a receiver on a free port of 127.0.0.1 until the test ends. Set an
// account's callback_url to its [Sink.URL]. Hashes are checked with CallbackSalt and
// APIKey of the given accounts; callbacks of others fail the test. For an emulator in the
// test use [Emulator.CallbackSink].
func CallbackSink(t TB, known ...vox.Account) *Sink {
	t.Helper()
	return newSink(t, func(id int64) (vox.Account, bool) { return accountIn(known, id) })
}

// CallbackSink opens a receiver for the emulator's accounts, as they are when a callback
// arrives. It sets the callback_url of [Emulator.AccountID], and a salt if there is none.
// [Emulator.Settle] waits for deliveries.
func (e *Emulator) CallbackSink() *Sink {
	e.tb.Helper()
	s := newSink(e.tb, func(id int64) (vox.Account, bool) {
		account, err := e.server.Account(id)
		return account, err == nil
	})
	account := e.Account(e.AccountID())
	account.CallbackURL, account.CallbackSalt = s.URL(), cmp.Or(account.CallbackSalt, "pepper")
	e.AddAccount(account)
	return s
}

func newSink(t TB, account func(int64) (vox.Account, bool)) *Sink {
	t.Helper()
	s := &Sink{tb: t, account: account}
	socket, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatalf("testkit: %v", err)
		return s
	}
	s.url = "http://" + socket.Addr().String() + "/"
	server := &http.Server{Handler: s, ReadHeaderTimeout: 10 * time.Second}
	var serving sync.WaitGroup
	serving.Go(func() { _ = server.Serve(socket) }) // ends with Shutdown or Close
	t.Cleanup(func() {
		if server.Shutdown(ended) != nil {
			_ = server.Close()
		}
		serving.Wait()
	})
	return s
}

// URL returns the address for callbacks.
func (s *Sink) URL() string { return s.url }

// Received returns the callbacks so far, in the order of arrival. A callback that was
// sent twice is contained twice.
func (s *Sink) Received() []Received {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.received)
}

// maxCallbacks is the maximum size of a body, in bytes.
const maxCallbacks = 1 << 20

// ServeHTTP implements [http.Handler], so that a server of the test can include the sink.
func (s *Sink) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	arrived, err := s.read(http.MaxBytesReader(w, r.Body, maxCallbacks))
	if err != nil {
		s.tb.Errorf("testkit: the callback sink received a request that is not a callback: %v", err)
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.received = append(s.received, arrived...)
}

// read reads {"callbacks":[…]} (docs/evidence.md#callback-body).
func (s *Sink) read(body io.Reader) ([]Received, error) {
	var envelope struct {
		Callbacks []map[string]json.RawMessage `json:"callbacks"`
	}
	if err := json.NewDecoder(body).Decode(&envelope); err != nil {
		return nil, fmt.Errorf("want {\"callbacks\":[…]}: %w", err)
	}
	if len(envelope.Callbacks) == 0 {
		return nil, fmt.Errorf("callbacks: want at least one")
	}
	var arrived []Received
	for i, fields := range envelope.Callbacks {
		one, err := s.check(fields)
		if err != nil {
			return nil, fmt.Errorf("callbacks[%d]: %w", i, err)
		}
		arrived = append(arrived, one)
	}
	return arrived, nil
}

func (s *Sink) check(fields map[string]json.RawMessage) (Received, error) {
	got := Received{Fields: fields}
	var hash string
	for name, into := range map[string]any{"callback_id": &got.ID, "type": &got.Type, "account_id": &got.AccountID, "hash": &hash} {
		if err := json.Unmarshal(fields[name], into); err != nil {
			return got, fmt.Errorf("%s: %w", name, err)
		}
	}
	got.Detail = fields[got.Type]
	account, ok := s.account(got.AccountID)
	if !ok {
		return got, fmt.Errorf("account_id: the sink does not know account %d", got.AccountID)
	}
	if want := CallbackHash(account, got.ID); subtle.ConstantTimeCompare([]byte(hash), []byte(want)) != 1 {
		return got, fmt.Errorf("hash: %q is not md5(salt + account_id + api_key + callback_id)", hash)
	}
	return got, nil
}

// CallbackHash returns the required member hash of an account's callback: the MD5, in
// hexadecimal, of callback salt, account id, api_key and callback id, concatenated
// (docs/evidence.md#callback-hash).
func CallbackHash(account vox.Account, callbackID int64) string {
	text := account.CallbackSalt + strconv.FormatInt(account.ID, 10) + account.APIKey + strconv.FormatInt(callbackID, 10)
	sum := md5.Sum([]byte(text))
	return hex.EncodeToString(sum[:])
}
