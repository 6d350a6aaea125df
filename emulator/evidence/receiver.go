package evidence

import (
	"cmp"
	"encoding/json"
	"errors"
	"io"
	"net"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/voxemu/voxemu/emulator/vox"
)

// receiver collects the callbacks of the account that is probed.
type receiver struct {
	server *http.Server

	mu      sync.Mutex
	all     []object
	arrived chan struct{} // has an item when all has grown
}

// callbackLimit is the maximum size of a request with callbacks, in bytes.
const callbackLimit = 1 << 20

// receive collects what is posted to a path.
func receive(on net.Listener, path string) *receiver {
	r := &receiver{arrived: make(chan struct{}, 1)}
	r.server = &http.Server{ReadTimeout: time.Minute, WriteTimeout: time.Minute, Handler: http.HandlerFunc(func(w http.ResponseWriter, sent *http.Request) {
		var body struct {
			Callbacks []object `json:"callbacks"`
		}
		decoder := json.NewDecoder(io.LimitReader(sent.Body, callbackLimit))
		decoder.UseNumber()
		if sent.Method != http.MethodPost || !strings.HasSuffix(sent.URL.Path, path) || decoder.Decode(&body) != nil {
			http.NotFound(w, sent)
			return
		}
		r.mu.Lock()
		r.all = append(r.all, body.Callbacks...)
		r.mu.Unlock()
		select {
		case r.arrived <- struct{}{}:
		default:
		}
	})}
	go func() { _ = r.server.Serve(on) }() // ends with close
	return r
}

func (r *receiver) close() { _ = r.server.Close() }

// received returns the callbacks since the first ones.
func (r *receiver) received(since int) []object {
	r.mu.Lock()
	defer r.mu.Unlock()
	return slices.Clone(r.all[since:])
}

// typed returns the callbacks of a type.
func typed(all []object, of vox.CallbackType) []object {
	return slices.DeleteFunc(slices.Clone(all), func(o object) bool { return o.text("type") != string(of) })
}

// listening is the account's setting for callbacks, as a thing that is removed.
const listening = "callbacks"

// callbackURL is where the account is told to send callbacks: its last label is the run.
func (p *probe) callbackURL() string {
	return strings.TrimSuffix(p.CallbackURL, "/") + "/" + p.file.Run
}

// account returns what GetAccountInfo says.
func (p *probe) account() object { return asObjectOf(p.call("GetAccountInfo", nil), "result") }

// untouched reports whether the account has no settings for callbacks but those of this
// run, and notes that there will be some.
func (p *probe) untouched() bool {
	info := p.account()
	notify, err := vox.ParseMoney(info.text("min_balance_to_notify"))
	if to := info.text("callback_url"); to != p.callbackURL() && (to != "" || err != nil || !notify.IsZero()) {
		return false
	}
	p.made(listening, "")
	return p.err == nil
}

// notify sets where callbacks are sent and the threshold of min_balance: what the account
// has, less some registrations.
func (p *probe) notify(to string, registrations int64) {
	price, _ := p.price()
	balance, _ := vox.ParseMoney(p.account().text("balance"))
	p.call("SetAccountInfo", url.Values{"callback_url": {to}, "min_balance_to_notify": {balance.Sub(price.Times(registrations, 1)).String()}})
}

// silence removes the account's settings for callbacks, if they are of this run.
func (p *probe) silence() {
	ours := func() bool {
		info := p.account()
		notify, err := vox.ParseMoney(info.text("min_balance_to_notify"))
		to := info.text("callback_url")
		return p.err == nil && (to == p.callbackURL() || strings.HasSuffix(to, "/"+p.file.Run) || to == "" && err == nil && !notify.IsZero())
	}
	if ours() {
		p.call("SetAccountInfo", url.Values{"callback_url": {""}, "min_balance_to_notify": {"0"}})
		if ours() && !p.dry {
			p.err = cmp.Or(p.err, errors.New("callback_url and min_balance_to_notify of the account could not be removed: SetAccountInfo has no effect; remove them by hand"))
		}
	}
}

// await waits until a callback of a type has arrived since the first ones, and a little
// longer, for others. It returns all of them.
func (p *probe) await(of vox.CallbackType, since int) []object {
	if p.dry || p.err != nil {
		return nil
	}
	patience := time.After(p.patience())
	for len(typed(p.callbacks.received(since), of)) == 0 {
		select {
		case <-p.callbacks.arrived:
			continue
		case <-patience:
		case <-p.ctx.Done():
		}
		break
	}
	p.pause(10 * p.Interval)
	return p.callbacks.received(since)
}

// patience is how long something is waited for that the service does by itself.
func (p *probe) patience() time.Duration {
	return cmp.Or(p.Patience, max(time.Minute, 60*p.Interval))
}

// pause waits.
func (p *probe) pause(d time.Duration) {
	select {
	case <-time.After(d):
	case <-p.ctx.Done():
	}
}

// until asks again until something is so; false if it is not after some time.
func (p *probe) until(is func() bool) bool {
	for end := time.Now().Add(p.patience()); p.err == nil; p.pause(10 * time.Millisecond) {
		if is() {
			return true
		}
		if p.dry || time.Now().After(end) {
			return false
		}
	}
	return false
}

// notHeard is the outcome of an experiment of which no callback arrived.
func notHeard() outcome {
	return unclear("no callback arrived: can the service reach --callback-url?")
}

// ownSettings is the outcome for an account that has callbacks already.
func ownSettings() outcome {
	return unclear("the account has a callback_url or a min_balance_to_notify, which is not touched")
}

// heardExperiments receive callbacks. A threshold of the balance makes one that comes for
// certain, after those that may come.
func heardExperiments() []Experiment {
	return []Experiment{
		{"A43", "with a threshold, a registration; then with a callback_url, too, another one", "one callback of min_balance", "two: the first is told later", 2, "two registrations, settings for callbacks", func(p *probe) outcome {
			if !p.untouched() {
				return ownSettings()
			}
			p.notify("", 0)
			p.registration(nil)
			since := p.heard()
			p.notify(p.callbackURL(), 0)
			p.registration(nil)
			heard := typed(p.await(vox.MinBalanceReached, since), vox.MinBalanceReached)
			if len(heard) == 0 {
				return notHeard()
			}
			return found(len(heard) == 1, "%d callbacks", len(heard))
		}},
		{"A45", "a registration that fails at once, then one that makes the balance fall below a threshold", "no callback of the failure", "one", 2, "two registrations, settings for callbacks", func(p *probe) outcome {
			if !p.untouched() {
				return ownSettings()
			}
			since := p.heard()
			p.notify(p.callbackURL(), 1)
			id, _ := p.registration(form("proxy", unresolvable))
			failed := p.until(func() bool { return p.listed(id)["status_code"] != nil })
			p.registration(nil)
			heard := p.await(vox.MinBalanceReached, since)
			switch {
			case len(typed(heard, vox.RegistrationFailed)) > 0:
				return found(false, "a callback of the failure").switching("first_failure", "reported")
			case len(heard) == 0:
				return notHeard()
			case !failed:
				return unclear("the registration did not fail")
			}
			return found(true, "%d callbacks, none of the failure", len(heard))
		}},
		{"A47", "a callback of min_balance", "language_code en, no names, the balance after the charge", "others", 1, "a registration, settings for callbacks", func(p *probe) outcome {
			heard, why := p.lowBalance()
			if len(heard) == 0 {
				return why
			}
			names := heard[0].text("account_first_name") + heard[0].text("account_last_name")
			told, err := vox.ParseMoney(heard[0].text("balance"))
			is, wrong := vox.ParseMoney(p.account().text("balance"))
			same := err == nil && wrong == nil && told.Equal(is)
			return found(heard[0].text("language_code") == "en" && names == "" && same, "language_code en: %t, names: %t, the balance: %t", heard[0].text("language_code") == "en", names != "", same)
		}},
		{"A49", "a registration that makes the balance fall below min_balance_to_notify", "one callback of min_balance, not of the credit", "another one", 1, "a registration, settings for callbacks", func(p *probe) outcome {
			heard, why := p.lowBalance()
			if len(heard) == 0 {
				return why
			}
			of := asObjectOf(heard[0], string(vox.MinBalanceReached))
			return found(len(heard) == 1 && !of.flag("is_min_credit") && !of.flag("is_repeated"), "%d callbacks, of the credit: %t, repeated: %t", len(heard), of.flag("is_min_credit"), of.flag("is_repeated"))
		}},
	}
}

// heard returns the number of callbacks so far.
func (p *probe) heard() int {
	if p.callbacks == nil {
		return 0
	}
	return len(p.callbacks.received(0))
}

// lowBalance makes a registration after which the balance is below the threshold, and
// returns the callbacks of it, or why there are none.
func (p *probe) lowBalance() ([]object, outcome) {
	if !p.untouched() {
		return nil, ownSettings()
	}
	since := p.heard()
	p.notify(p.callbackURL(), 0)
	p.registration(nil)
	return typed(p.await(vox.MinBalanceReached, since), vox.MinBalanceReached), notHeard()
}
