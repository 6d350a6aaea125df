package vox

import (
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
)

// CallbackType is the type of a callback, which is also the name of the member with its
// details (docs/evidence.md#callback-body).
type CallbackType string

// The types of callbacks that the emulator sends.
const (
	RegistrationFailed    CallbackType = "sip_registration_fail"
	RegistrationRecovered CallbackType = "sip_registration_recovered"
	SubscriptionsRenewed  CallbackType = "renewed_subscriptions"
	SubscriptionFrozen    CallbackType = "subscription_is_frozen"
	SubscriptionDetached  CallbackType = "subscription_is_detached"
	MinBalanceReached     CallbackType = "min_balance"
	AccountFrozen         CallbackType = "account_is_frozen"
	AccountUnfrozen       CallbackType = "account_is_unfrozen"
)

// CallbackTypes returns all types.
func CallbackTypes() []CallbackType {
	return []CallbackType{
		RegistrationFailed, RegistrationRecovered, SubscriptionsRenewed, SubscriptionFrozen,
		SubscriptionDetached, MinBalanceReached, AccountFrozen, AccountUnfrozen,
	}
}

// UnmarshalText reads a type; for other texts the error lists the types.
func (t *CallbackType) UnmarshalText(text []byte) error {
	got := CallbackType(text)
	if got != "" && !slices.Contains(CallbackTypes(), got) {
		return errors.New("want one of " + strings.ReplaceAll(strings.Trim(fmt.Sprint(CallbackTypes()), "[]"), " ", ", "))
	}
	*t = got
	return nil
}

// CallbackState is the delivery state of a callback.
type CallbackState string

// The delivery states of a callback.
const (
	// CallbackQueued: waits until the account's earlier callbacks are final.
	CallbackQueued CallbackState = "queued"
	// CallbackRetrying: not accepted yet; the next attempt is at NextAttempt.
	CallbackRetrying CallbackState = "retrying"
	// CallbackDelivered: the receiver accepted it.
	CallbackDelivered CallbackState = "delivered"
	// CallbackGivenUp: the receiver did not accept it in any attempt of the schedule.
	CallbackGivenUp CallbackState = "given_up"
	// CallbackDropped: cannot be sent; LastFailure states the reason.
	CallbackDropped CallbackState = "dropped"
)

// CallbackStates returns all states, in the order in which a callback can reach them.
func CallbackStates() []CallbackState {
	return []CallbackState{CallbackQueued, CallbackRetrying, CallbackDelivered, CallbackGivenUp, CallbackDropped}
}

// Final reports whether no more attempts follow, except after a redelivery.
func (s CallbackState) Final() bool { return s != CallbackQueued && s != CallbackRetrying }

// Callback is one notification for an account (docs/evidence.md#callback-body).
type Callback struct {
	// ID is callback_id, from one sequence for all accounts; required, positive.
	ID int64 `yaml:"id" jsonschema:"required"`
	// AccountID is the account that is notified; default: the only account of the file.
	AccountID int64 `yaml:"account_id,omitempty"`
	// Batch is the ID of the first callback that the same change caused for the same
	// account. Callbacks of a batch are sent in one request (A46). Default: ID.
	Batch int64 `yaml:"batch,omitempty"`
	// Type is the event; required.
	Type CallbackType `yaml:"type" jsonschema:"required"`
	// Detail is the JSON object that is sent in the member named by Type; default {}.
	Detail string `yaml:"detail,omitempty"`
	// Balance is the account's [Account.Balance] at the time of the event.
	Balance Money `yaml:"balance,omitempty"`
	// CreatedAt is the time of the event; default: the time of loading.
	CreatedAt time.Time `yaml:"created_at,omitempty"`
	// State is the delivery state; default queued.
	State CallbackState `yaml:"state,omitempty"`
	// Attempts is the number of attempts started so far.
	Attempts int64 `yaml:"attempts,omitempty"`
	// NextAttempt is the time of the next attempt if State is retrying, the earliest time
	// of the first attempt if State is queued, and zero otherwise.
	NextAttempt time.Time `yaml:"next_attempt,omitempty"`
	// LastStatus is the HTTP status of the reply to the last attempt; zero: no reply.
	LastStatus int64 `yaml:"last_status,omitempty"`
	// LastFailure is the reason why the last attempt was not accepted; empty: no attempt
	// was made, or the last one was accepted.
	LastFailure string `yaml:"last_failure,omitempty"`
}

// ParseCallbackURL parses an account's callback_url: an absolute http or https URL that
// can be sent as the target of a request, so everything but the host is visible ASCII.
func ParseCallbackURL(text string) (*url.URL, error) {
	u, err := url.Parse(text)
	switch {
	case err != nil || u.Hostname() == "" || u.Scheme != "http" && u.Scheme != "https":
		return nil, errors.New("want an http or https URL such as http://127.0.0.1:8080/callbacks")
	case u.Port() != "" && !isPort(u.Port()):
		return nil, errors.New("want a port from 1 to 65535")
	}
	for _, r := range u.RequestURI() {
		if r <= ' ' || r >= 0x7f {
			return nil, fmt.Errorf("want %%-escapes in the query, as in a%%20b, instead of %q", r)
		}
	}
	return u, nil
}

func isPort(text string) bool {
	port, err := strconv.ParseUint(text, 10, 16)
	return err == nil && port > 0
}
