package main

import (
	"crypto/md5"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"sync"
	"sync/atomic"
)

// salt is the callback_salt of all accounts.
const salt = "pepper"

// receiver receives the accounts' callbacks. It refuses every twentieth request, so that
// the emulator repeats it.
type receiver struct {
	url      string
	close    func()
	requests atomic.Int64
	count    atomic.Int64 // number of accepted callbacks
	repeats  atomic.Int64

	mu       sync.Mutex
	accounts map[int64]*inbox
	errs     []error
}

// inbox are the callbacks of an account, in order.
type inbox struct {
	key     string
	notices []numbered
}

// numbered is a notice with the id of its callback.
type numbered struct {
	callback int64
	notice
}

func newReceiver(accounts []*account) *receiver {
	r := &receiver{accounts: map[int64]*inbox{}}
	for _, a := range accounts {
		r.accounts[a.ID] = &inbox{key: a.Key}
	}
	server := httptest.NewServer(http.HandlerFunc(r.receive))
	r.url, r.close = server.URL+"/callbacks", server.Close
	return r
}

type received struct {
	ID      int64  `json:"callback_id"`
	Type    string `json:"type"`
	Account int64  `json:"account_id"`
	Hash    string `json:"hash"`
	Failed  list   `json:"sip_registration_fail"`
	Again   list   `json:"sip_registration_recovered"`
	Renewed struct {
		Subscriptions []struct {
			Details []list `json:"details"`
		} `json:"subscriptions"`
	} `json:"renewed_subscriptions"`
}

type list struct {
	Registrations []struct {
		ID     int64  `json:"sip_registration_id"`
		Status string `json:"status_code"`
	} `json:"sip_registrations"`
}

func (c received) notices() []numbered {
	lists := []list{c.Failed, c.Again}
	for _, s := range c.Renewed.Subscriptions {
		lists = append(lists, s.Details...)
	}
	var notices []numbered
	for _, l := range lists {
		for _, r := range l.Registrations {
			notices = append(notices, numbered{c.ID, notice{c.Type, r.ID, r.Status}})
		}
	}
	return notices
}

func (r *receiver) receive(w http.ResponseWriter, request *http.Request) {
	if r.requests.Add(1)%20 == 0 {
		http.Error(w, "not now", http.StatusServiceUnavailable)
		return
	}
	var body struct {
		Callbacks []received `json:"callbacks"`
	}
	if err := json.NewDecoder(request.Body).Decode(&body); err != nil {
		r.fail(fmt.Errorf("a callback that is no JSON: %w", err))
		return
	}
	for _, c := range body.Callbacks {
		r.note(c)
	}
}

// note records a callback, ignoring repetitions.
func (r *receiver) note(c received) {
	r.mu.Lock()
	defer r.mu.Unlock()
	account := r.accounts[c.Account]
	if account == nil {
		r.errs = append(r.errs, fmt.Errorf("callback %d for account %d, which is none of ours", c.ID, c.Account))
		return
	}
	if want := fmt.Sprintf("%x", md5.Sum(fmt.Appendf(nil, "%s%d%s%d", salt, c.Account, account.key, c.ID))); c.Hash != want {
		r.errs = append(r.errs, fmt.Errorf("callback %d has the hash %s, want %s", c.ID, c.Hash, want))
	}
	r.count.Add(1)
	if n := len(account.notices); n > 0 && c.ID <= account.notices[n-1].callback {
		r.repeats.Add(1)
		return
	}
	account.notices = append(account.notices, c.notices()...)
}

func (r *receiver) fail(err error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.errs = append(r.errs, err)
}

// forget drops callbacks with a higher id, which a killed emulator has lost.
func (r *receiver) forget(after int64) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, account := range r.accounts {
		account.notices = slices.DeleteFunc(account.notices, func(n numbered) bool { return n.callback > after })
	}
}

// wrong returns an error if an account's callbacks differ from those of its model.
func (r *receiver) wrong(accounts []*account) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	errs := slices.Clone(r.errs)
	for _, a := range accounts {
		got := r.accounts[a.ID].notices
		for i := range max(len(got), len(a.notices)) {
			if i >= len(got) || i >= len(a.notices) || got[i].notice != a.notices[i] {
				errs = append(errs, fmt.Errorf("account %d: callbacks reported %d things instead of %d; the first difference is number %d: %+v, want %+v",
					a.ID, len(got), len(a.notices), i, at(got, i), at(a.notices, i)))
				break
			}
		}
	}
	return errors.Join(errs...)
}

// at returns an element of a list, or nil.
func at[T any](list []T, i int) any {
	if i >= len(list) {
		return "nothing"
	}
	return list[i]
}
