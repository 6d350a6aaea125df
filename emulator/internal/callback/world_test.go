package callback_test

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"sync"
	"time"

	"github.com/voxemu/voxemu/emulator/internal/callback"
	"github.com/voxemu/voxemu/emulator/internal/store"
	"github.com/voxemu/voxemu/emulator/vox"
)

var noon = time.Date(2026, 1, 31, 12, 0, 0, 0, time.UTC)

// tb is the common part of a test and a rapid check.
type tb interface {
	Helper()
	Error(...any)
	Errorf(string, ...any)
	Fatal(...any)
	Fatalf(string, ...any)
	Cleanup(func())
}

// world is the state of these tests: accounts 1 and 2 with a receiver, account 3 without.
// The clock is stopped.
type world struct {
	tb
	store     *store.Store
	deliverer *callback.Deliverer
	log       bytes.Buffer

	mu       sync.Mutex
	now      time.Time
	attempts []callback.Attempt
}

// newWorld returns the state; url is the receiver of accounts 1 and 2.
func newWorld(t tb, url string, change ...func(*callback.Config)) *world {
	t.Helper()
	w := &world{tb: t, store: store.New(), now: noon}
	config := callback.Config{
		Store: w.store, Now: w.time, Record: w.record, Timeout: time.Minute,
		Logger: slog.New(slog.NewTextHandler(&w.log, &slog.HandlerOptions{Level: slog.LevelDebug})),
	}
	for _, c := range change {
		c(&config)
	}
	w.deliverer = callback.New(config)
	w.store.Observe(w.deliverer.Note)
	w.seed(url)
	t.Cleanup(w.deliverer.Pause)
	return w
}

func (w *world) seed(url string) {
	w.Helper()
	err := w.store.Replace(noon, func(tx *store.Tx) error {
		for _, a := range []vox.Account{
			{ID: 1, Name: "demo", Email: "demo@example.com", APIKey: "secret-key", CallbackSalt: "secret-salt", CallbackURL: url, Currency: "USD", Balance: vox.MustParseMoney("10")},
			{ID: 2, Name: "other", APIKey: "other-key", CallbackURL: url, Currency: "EUR"},
			{ID: 3, Name: "silent", Currency: "USD"},
		} {
			if err := store.Put(tx, store.Accounts, a); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		w.Fatal(err)
	}
}

func (w *world) time() time.Time {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.now
}

func (w *world) record(a callback.Attempt) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.attempts = append(w.attempts, a)
}

func (w *world) recorded() []callback.Attempt {
	w.mu.Lock()
	defer w.mu.Unlock()
	return append([]callback.Attempt(nil), w.attempts...)
}

// write runs a transaction at the current time.
func (w *world) write(fn func(*store.Tx) error) {
	w.Helper()
	if err := w.store.Write(w.time(), fn); err != nil {
		w.Fatal(err)
	}
}

func (w *world) put(rows ...vox.Registration) {
	w.Helper()
	w.write(func(tx *store.Tx) error {
		for _, r := range rows {
			if err := store.Put(tx, store.Registrations, r); err != nil {
				return err
			}
		}
		return nil
	})
}

// fail makes registrations of account 1 fail, each in its own transaction, which gives
// one callback each.
func (w *world) fail(ids ...int64) {
	w.Helper()
	for _, id := range ids {
		w.put(failed(1, id))
	}
}

func failed(account, id int64) vox.Registration {
	return vox.Registration{ID: id, AccountID: account, State: vox.Failed, StatusCode: 403, ErrorMessage: "Forbidden"}
}

func (w *world) settle() {
	w.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	if err := w.deliverer.Settle(ctx); err != nil {
		w.Fatal(err)
	}
}

// advance moves the time as the clock does: event by event, and past a point in time only
// after everything has settled.
func (w *world) advance(d time.Duration) {
	w.Helper()
	target := w.time().Add(d)
	for {
		w.settle()
		at, ok := w.nextDue()
		if !ok || at.After(target) {
			break
		}
		w.set(at)
		w.write(w.deliverer.RunNext)
	}
	w.set(target)
}

func (w *world) set(at time.Time) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.now = at
}

func (w *world) nextDue() (at time.Time, ok bool) {
	w.Helper()
	err := w.store.Read(noon, func(tx *store.Tx) error {
		at, ok = callback.NextDue(tx)
		return nil
	})
	if err != nil {
		w.Fatal(err)
	}
	return at, ok
}

func (w *world) callbacks() []vox.Callback {
	w.Helper()
	var list []vox.Callback
	err := w.store.Read(noon, func(tx *store.Tx) error {
		for c := range store.All(tx, store.Callbacks) {
			list = append(list, c)
		}
		return nil
	})
	if err != nil {
		w.Fatal(err)
	}
	return list
}

type outcome struct {
	ID       int64
	State    vox.CallbackState
	Attempts int64
}

func (w *world) outcomes() []outcome {
	w.Helper()
	var list []outcome
	for _, c := range w.callbacks() {
		list = append(list, outcome{c.ID, c.State, c.Attempts})
	}
	return list
}

// receiver is an account's server. answer handles the n-th request, from 1; nil accepts
// it.
type receiver struct {
	*httptest.Server
	answer func(n int, w http.ResponseWriter, r *http.Request)

	mu     sync.Mutex
	bodies [][]byte
}

func newReceiver(t tb, answer func(n int, w http.ResponseWriter, r *http.Request)) *receiver {
	t.Helper()
	r := &receiver{answer: answer}
	r.Server = httptest.NewServer(http.HandlerFunc(r.receive))
	t.Cleanup(r.Close)
	return r
}

func (r *receiver) receive(w http.ResponseWriter, request *http.Request) {
	text, err := io.ReadAll(request.Body)
	r.mu.Lock()
	r.bodies = append(r.bodies, text)
	n := len(r.bodies)
	r.mu.Unlock()
	switch {
	case err != nil:
		http.Error(w, err.Error(), http.StatusBadRequest)
	case r.answer != nil:
		r.answer(n, w, request)
	}
}

// received returns the callback ids in each request.
func (r *receiver) received(t tb) [][]int64 {
	t.Helper()
	r.mu.Lock()
	defer r.mu.Unlock()
	var all [][]int64
	for _, text := range r.bodies {
		var body struct {
			Callbacks []struct {
				ID int64 `json:"callback_id"`
			} `json:"callbacks"`
		}
		if err := json.Unmarshal(text, &body); err != nil {
			t.Fatalf("%v in %s", err, text)
		}
		var ids []int64
		for _, c := range body.Callbacks {
			ids = append(ids, c.ID)
		}
		all = append(all, ids)
	}
	return all
}
