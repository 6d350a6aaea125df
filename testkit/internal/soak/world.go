package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"net/url"
	"strconv"
	"sync"
	"sync/atomic"
	"time"
)

// world is the emulator under load, with its callers and the receiver of callbacks.
type world struct {
	emulator *emulator
	receiver *receiver
	accounts []*account
	rate     int
	client   *http.Client
	advanced time.Duration

	idle    chan *account // accounts without a running request
	stop    chan struct{} // closed when the running requests end
	killing atomic.Bool   // requests without a reply are no errors
	calls   atomic.Int64
	cutOff  atomic.Int64 // number of requests without a reply

	mu    sync.Mutex
	wrong []error
}

func newWorld(e *emulator, o options) (*world, error) {
	w := &world{
		emulator: e, rate: o.rate, stop: make(chan struct{}), idle: make(chan *account, o.accounts),
		client: &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: o.accounts}, Timeout: 30 * time.Second},
	}
	for i := range o.accounts {
		a := &account{random: rand.New(rand.NewPCG(1, uint64(i))), paid: opening}
		if err := e.control(http.MethodPost, "accounts", map[string]any{"credentials": false, "balance": strconv.Itoa(opening)}, a); err != nil {
			return nil, err
		}
		w.accounts = append(w.accounts, a)
	}
	w.receiver = newReceiver(w.accounts)
	for _, a := range w.accounts {
		subscribe := &operation{
			method: "SetAccountInfo", judge: reply.accepted,
			parameters: url.Values{"callback_url": {w.receiver.url}, "callback_salt": {salt}},
		}
		if err := w.call(a, subscribe); err != nil {
			w.receiver.close()
			return nil, err
		}
	}
	return w, nil
}

func (w *world) call(a *account, o *operation) error {
	answer, err := w.client.PostForm(w.url(a, o, nil), o.parameters)
	if err != nil {
		return err
	}
	defer answer.Body.Close()
	text, err := io.ReadAll(answer.Body)
	if err != nil {
		return err
	}
	return a.learn(o, answer, text)
}

// url returns the URL with the method, the caller and other parameters.
func (w *world) url(a *account, o *operation, more url.Values) string {
	query := a.credentials()
	for name, values := range more {
		query[name] = values
	}
	return "http://" + w.emulator.address + "/platform_api/" + o.method + "?" + query.Encode()
}

// learn checks the reply to a request and changes the model.
func (a *account) learn(o *operation, answer *http.Response, text []byte) error {
	var r reply
	err := json.Unmarshal(text, &r)
	switch {
	case err != nil:
	case answer.StatusCode != http.StatusOK:
		err = errors.New("want status 200")
	case answer.Header.Get("X-Voxemu-Warning") != "":
		err = errors.New("want no warning " + answer.Header.Get("X-Voxemu-Warning"))
	default:
		err = o.judge(r)
	}
	if err != nil {
		return fmt.Errorf("account %d, %s %v: %s %s: %w", a.ID, o.method, o.parameters, answer.Status, text, err)
	}
	if o.apply != nil {
		o.apply(r.ID)
	}
	a.pending = nil
	return nil
}

// passTime advances the clock in steps of a minute, by at most ten days in all, so that
// no month ends before renewed.
func (w *world) passTime(ctx context.Context) error {
	tick := time.NewTicker(250 * time.Millisecond)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
		}
		if err := w.minute(); err != nil {
			return err
		}
	}
}

func (w *world) minute() error {
	if w.advanced > 10*24*time.Hour {
		return nil
	}
	w.advanced += time.Minute
	return w.emulator.control(http.MethodPost, "clock/advance", map[string]string{"duration": "1m"}, nil)
}

// verify compares rows, money and callbacks with the models, without load.
func (w *world) verify() error {
	for _, a := range w.accounts {
		for _, look := range []*operation{a.list(), a.info()} {
			if err := w.call(a, look); err != nil {
				return err
			}
		}
	}
	begin := time.Now()
	for {
		err := w.receiver.wrong(w.accounts)
		if err == nil || time.Since(begin) > timeout {
			return err
		}
		if err := w.minute(); err != nil { // callbacks that were not accepted are repeated later
			return err
		}
		time.Sleep(50 * time.Millisecond) // interval between two checks
	}
}

func renewed(w *world, _ options) error {
	if err := w.emulator.control(http.MethodPost, "clock/advance", map[string]string{"duration": "1mo"}, nil); err != nil {
		return err
	}
	w.advanced = 0
	for _, a := range w.accounts {
		a.renew()
	}
	return w.verify()
}
