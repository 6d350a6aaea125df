package vox

import "time"

// CallbackType is the type of a callback, and the name of the member that holds
// its details (docs/evidence.md#callback-body).
type CallbackType string

// The types of callbacks that the emulator makes.
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

// CallbackTypes lists all types.
func CallbackTypes() []CallbackType {
	return []CallbackType{
		RegistrationFailed, RegistrationRecovered, SubscriptionsRenewed, SubscriptionFrozen,
		SubscriptionDetached, MinBalanceReached, AccountFrozen, AccountUnfrozen,
	}
}

// CallbackState is what has become of a callback.
type CallbackState string

// The states of a callback.
const (
	// CallbackQueued: to be sent as soon as the account's earlier ones are done.
	CallbackQueued CallbackState = "queued"
	// CallbackRetrying: not accepted so far; sent again at NextAttempt.
	CallbackRetrying CallbackState = "retrying"
	// CallbackDelivered: the receiver accepted it.
	CallbackDelivered CallbackState = "delivered"
	// CallbackGivenUp: the receiver did not accept it in the last attempt of the
	// schedule.
	CallbackGivenUp CallbackState = "given_up"
	// CallbackDropped: cannot be sent; LastFailure says why.
	CallbackDropped CallbackState = "dropped"
)

// CallbackStates lists all states, in the order of a callback's life.
func CallbackStates() []CallbackState {
	return []CallbackState{CallbackQueued, CallbackRetrying, CallbackDelivered, CallbackGivenUp, CallbackDropped}
}

// Final reports whether a callback in this state is done, unless it is
// redelivered.
func (s CallbackState) Final() bool { return s != CallbackQueued && s != CallbackRetrying }

// Callback is one notification of an account (docs/evidence.md#callback-body).
type Callback struct {
	// ID is the callback_id, from one sequence for all accounts; required,
	// positive.
	ID int64 `yaml:"id" jsonschema:"required"`
	// AccountID is who is notified; default: the only account of its file.
	AccountID int64 `yaml:"account_id,omitempty"`
	// Batch is the ID of the first callback of the same account and the same
	// change; those of one batch are sent in one request (A46). Default: ID.
	Batch int64 `yaml:"batch,omitempty"`
	// Type tells what happened; required.
	Type CallbackType `yaml:"type" jsonschema:"required"`
	// Detail is the JSON object that is sent as the member named like Type;
	// default {}.
	Detail string `yaml:"detail,omitempty"`
	// Balance is what the account could spend when it happened.
	Balance Money `yaml:"balance,omitempty"`
	// CreatedAt is when it happened; default: the moment of loading.
	CreatedAt time.Time `yaml:"created_at,omitempty"`
	// State is what has become of it; default queued.
	State CallbackState `yaml:"state,omitempty"`
	// Attempts counts the attempts that were begun; the next one is numbered
	// Attempts+1.
	Attempts int64 `yaml:"attempts,omitempty"`
	// NextAttempt is the moment of the next attempt when State is retrying, the
	// earliest one when it is queued; zero otherwise.
	NextAttempt time.Time `yaml:"next_attempt,omitempty"`
	// LastStatus is the HTTP status that the last attempt was answered with;
	// zero: none.
	LastStatus int64 `yaml:"last_status,omitempty"`
	// LastFailure is why the last attempt was not accepted; empty: there was
	// none, or it was.
	LastFailure string `yaml:"last_failure,omitempty"`
}
