package main

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"net/url"
	"slices"
	"strconv"
	"time"
)

// account is a caller with a model of its state in the emulator. It sends one request at
// a time, so that the model can predict each reply.
type account struct {
	ID   int64  `json:"account_id"`
	Key  string `json:"api_key"`
	Name string `json:"name"`

	random  *rand.Rand
	names   int // number of user names used
	paid    int // dollars on the account, including those on hold
	rows    []registration
	notices []notice   // callbacks that it must receive, in order
	pending *operation // sent, without a reply yet
	history []version  // states after each reply; see remember
}

// registration is a row of the model. Its proxy determines the registrar's answers.
type registration struct {
	id       int64
	username string
	proxy    string
	failing  bool // the last callback reported a failure
}

// notice is a callback that an account must receive.
type notice struct {
	kind   string
	id     int64
	status string // of a failure
}

// version is an earlier state of a model.
type version struct {
	at      time.Time // time of the reply that led to this state
	rows    []registration
	paid    int
	notices int
}

// opening is the balance of a new account, in dollars; each registration puts one dollar
// on hold.
const opening = 100

// mostRows limits the state, and the money that is needed.
const mostRows = 12

// proxies are hosts with the answers of their registrars: see docs/registrations.md.
var proxies = []struct {
	host    string
	status  int
	message string
}{
	{"sip.example.com", 200, ""}, {"pbx.example.com:5080", 200, ""}, {"sip-403.test", 403, "Forbidden"}, {"sip-503.test", 503, "Service Unavailable"},
}

func answerOf(proxy string) (status int, message string) {
	for _, p := range proxies {
		if p.host == proxy {
			return p.status, p.message
		}
	}
	return 0, ""
}

// registers adds the callbacks that follow when a registration starts again.
func (a *account) registers(r *registration) {
	status, _ := answerOf(r.proxy)
	switch {
	case status != 200 && !r.failing:
		a.notices = append(a.notices, notice{"sip_registration_fail", r.id, strconv.Itoa(status)})
	case status == 200 && r.failing:
		a.notices = append(a.notices, notice{kind: "sip_registration_recovered", id: r.id})
	}
	r.failing = status != 200
}

func (a *account) renew() {
	a.paid -= len(a.rows)
	for _, r := range a.rows {
		a.notices = append(a.notices, notice{kind: "renewed_subscriptions", id: r.id})
	}
}

func (a *account) now() version {
	return version{time.Now(), slices.Clone(a.rows), a.paid, len(a.notices)}
}

func (a *account) back(v version) {
	a.rows, a.paid, a.notices, a.pending = slices.Clone(v.rows), v.paid, a.notices[:v.notices], nil
}

func (v version) balance() float64 { return float64(v.paid - len(v.rows)) }

// listed is a row in the reply of GetSipRegistrations. It has no times, because the clock
// moves during requests.
type listed struct {
	ID         int64  `json:"sip_registration_id"`
	Username   string `json:"sip_username"`
	Proxy      string `json:"proxy"`
	Successful bool   `json:"successful"`
	Status     int    `json:"status_code"`
	Message    string `json:"error_message"`
	Frozen     bool   `json:"deactivated"`
	Persistent bool   `json:"is_persistent"`
	Price      string `json:"subscription_price"`
}

func (v version) listed() []listed {
	list := []listed{}
	for _, r := range v.rows {
		status, message := answerOf(r.proxy)
		list = append(list, listed{r.id, r.username, r.proxy, status == 200, status, message, false, true, "1.00"})
	}
	return list
}

type reply struct {
	Result  json.RawMessage `json:"result"`
	Count   *int            `json:"count"`
	ID      int64           `json:"sip_registration_id"`
	Account *struct {
		Balance float64 `json:"balance"`
	} `json:"account_info"`
	Error *struct {
		Code  int    `json:"code"`
		Field string `json:"field_name"`
	} `json:"error"`
}

func (r reply) refusedWith(code int, field string) error {
	if r.Error == nil || r.Error.Code != code || r.Error.Field != field {
		return fmt.Errorf("want error %d of %s", code, field)
	}
	return nil
}

func (r reply) accepted() error {
	if r.Error != nil || string(r.Result) != "1" {
		return fmt.Errorf("want the result 1")
	}
	return nil
}

func (r reply) lists(want []listed) error {
	var got []listed
	if err := json.Unmarshal(r.Result, &got); err != nil {
		return err
	}
	if r.Count == nil || *r.Count != len(want) || !slices.Equal(got, want) {
		return fmt.Errorf("want %+v", want)
	}
	return nil
}

func (r reply) hasBalance(v version) error {
	var got struct {
		Balance float64 `json:"balance"`
		Fixed   float64 `json:"fixed_balance"`
		Hold    float64 `json:"money_on_hold"`
	}
	if err := json.Unmarshal(r.Result, &got); err != nil {
		return err
	}
	if got.Balance != v.balance() || got.Fixed != float64(v.paid) || got.Hold != float64(len(v.rows)) {
		return fmt.Errorf("want balance %v of %d", v.balance(), v.paid)
	}
	return nil
}

func (a *account) credentials() url.Values {
	return url.Values{"account_id": {strconv.FormatInt(a.ID, 10)}, "api_key": {a.Key}}
}
