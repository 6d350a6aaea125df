package main

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"time"

	vegeta "github.com/tsenart/vegeta/v12/lib"
)

func (w *world) load(d time.Duration) error { return w.loadAt(w.rate, d) }

// fill sends requests as fast as possible until the bounded stores are full: the journal
// keeps 10,000 requests, and the audit log of an account 1,000 entries, to which about
// half of the requests add one.
func (w *world) fill() error {
	for w.calls.Load() < max(10_000, int64(2*1000*len(w.accounts))) {
		if err := w.loadAt(0, time.Second); err != nil {
			return err
		}
	}
	return nil
}

// loadAt sends requests at a rate per second, or as fast as possible (0). Each request is
// chosen by the model of an idle account.
func (w *world) loadAt(rate int, d time.Duration) error {
	for _, a := range w.accounts {
		w.idle <- a
	}
	attacker := vegeta.NewAttacker(
		vegeta.Client(&http.Client{Transport: judge{w}, Timeout: w.client.Timeout}),
		vegeta.Workers(uint64(len(w.accounts))), vegeta.MaxWorkers(uint64(len(w.accounts))),
	)
	var metrics vegeta.Metrics
	for result := range attacker.Attack(w.target, vegeta.Rate{Freq: rate, Per: time.Second}, d, "soak") {
		metrics.Add(result)
	}
	metrics.Close()
	fmt.Printf("%d calls at %.0f/s: p50 %v, p99 %v, at most %v\n", metrics.Requests, metrics.Rate,
		metrics.Latencies.P50.Round(time.Microsecond), metrics.Latencies.P99.Round(time.Microsecond), metrics.Latencies.Max.Round(time.Microsecond))
	for len(w.idle) > 0 {
		<-w.idle
	}
	w.client.CloseIdleConnections()
	w.mu.Lock()
	defer w.mu.Unlock()
	return errors.Join(w.wrong...)
}

// caller is the header that names the account of a request.
const caller = "X-Soak-Account"

// target returns the next request of an idle account, with parameters in the query or in
// the body.
func (w *world) target(t *vegeta.Target) error {
	var a *account
	select {
	case a = <-w.idle:
	case <-w.stop:
		return vegeta.ErrNoTargets
	}
	o := a.next()
	a.pending = o
	t.Method, t.Body, t.Header = http.MethodGet, nil, http.Header{caller: {strconv.FormatInt(a.ID, 10)}}
	if a.random.IntN(2) == 0 {
		t.Method, t.Body = http.MethodPost, []byte(o.parameters.Encode())
		t.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		t.URL = w.url(a, o, nil)
		return nil
	}
	t.URL = w.url(a, o, o.parameters)
	return nil
}

// judge is the transport of the load generator. It compares each reply with the model.
type judge struct{ world *world }

// RoundTrip sends the request and makes its account idle again.
func (j judge) RoundTrip(request *http.Request) (*http.Response, error) {
	w := j.world
	a := w.account(request.Header.Get(caller))
	w.calls.Add(1)
	answer, err := w.client.Transport.RoundTrip(request)
	var text []byte
	if err == nil {
		text, err = io.ReadAll(answer.Body)
		_ = answer.Body.Close()
	}
	if err != nil && w.killing.Load() {
		w.cutOff.Add(1) // its account stays busy until the result of the request is known
		return nil, err
	}
	if err == nil {
		err = a.learn(a.pending, answer, text)
	}
	if err != nil {
		w.fail(err)
		return nil, err
	}
	if a.history != nil {
		a.history = append(a.history, a.now())
	}
	w.idle <- a
	answer.Body = io.NopCloser(bytes.NewReader(text))
	return answer, nil
}

func (w *world) account(id string) *account {
	for _, a := range w.accounts {
		if strconv.FormatInt(a.ID, 10) == id {
			return a
		}
	}
	return nil
}

// fail records a wrong reply and ends the load.
func (w *world) fail(err error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if len(w.wrong) == 0 {
		close(w.stop)
	}
	if len(w.wrong) < 10 {
		w.wrong = append(w.wrong, err)
	}
}

func (w *world) total() string {
	return fmt.Sprintf("in all: %d calls, %d without an answer when the emulator was killed, 0 wrong; %d callbacks, %d of them repeated, all hashes right",
		w.calls.Load(), w.cutOff.Load(), w.receiver.count.Load(), w.receiver.repeats.Load())
}
