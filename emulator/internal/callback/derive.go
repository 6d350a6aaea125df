package callback

import (
	"strconv"
	"time"

	"github.com/voxemu/voxemu/emulator/internal/store"
	"github.com/voxemu/voxemu/emulator/vox"
)

// event is one item of a callback to an account.
type event struct {
	kind vox.CallbackType
	// list is the member of the details that lists all items of this kind; empty: the
	// item is the details.
	list string
	item any
}

// failure is an item of sip_registration_fail. Its status is a text, but a number in
// GetSipRegistrations (docs/evidence.md#callback-body).
type failure struct {
	ID           int64  `json:"sip_registration_id"`
	StatusCode   string `json:"status_code"`
	ErrorMessage string `json:"error_message,omitempty"`
}

// registration is an item of sip_registration_recovered and of details on a subscription.
type registration struct {
	ID int64 `json:"sip_registration_id"`
}

// subscription is an item of callbacks on subscriptions; each type has its documented
// members.
type subscription struct {
	Type        string     `json:"type"`
	Name        string     `json:"name"`
	Cost        *vox.Money `json:"cost,omitempty"`
	NextRenewal string     `json:"next_renewal,omitempty"`
	Details     []detail   `json:"details"`
}

type detail struct {
	Type          string         `json:"type"`
	Registrations []registration `json:"sip_registrations"`
}

type minBalance struct {
	IsMinCredit bool `json:"is_min_credit"`
	IsRepeated  bool `json:"is_repeated"`
}

const (
	subscriptionType = "SIP_REGISTRATION"
)

// ofRegistration returns the events of a changed registration; before is nil if it is
// new, after is nil if it was deleted.
func ofRegistration(tx *store.Tx, before, after *vox.Registration) []event {
	if after == nil {
		if detached(before, tx.Now()) {
			return []event{subscriptions(vox.SubscriptionDetached, subscribed(before))}
		}
		return nil
	}
	var events []event
	switch {
	case failing(tx, after) && !after.Failing:
		status := strconv.FormatInt(after.StatusCode, 10)
		events = append(events, event{vox.RegistrationFailed, "sip_registrations", failure{after.ID, status, after.ErrorMessage}})
	case after.State == vox.Successful && after.Failing:
		events = append(events, event{vox.RegistrationRecovered, "sip_registrations", registration{after.ID}})
	}
	if before == nil {
		return events
	}
	if after.Deactivated && !before.Deactivated {
		s := subscribed(after)
		s.Cost = &after.Price
		events = append(events, subscriptions(vox.SubscriptionFrozen, s))
	}
	if !after.Deactivated && after.NextRenewal.After(before.NextRenewal) {
		s := subscribed(after)
		s.Cost, s.NextRenewal = &after.Price, after.NextRenewal.Format(time.DateOnly)
		events = append(events, subscriptions(vox.SubscriptionsRenewed, s))
	}
	return events
}

// detached reports whether the platform, and not the owner, removed a frozen
// registration. Due events run before each request, so an owner can delete it only before
// DetachDate.
func detached(gone *vox.Registration, now time.Time) bool {
	return gone.Deactivated && !gone.DetachDate.IsZero() && !now.Before(gone.DetachDate)
}

// failing reports whether the last callback on the registration was, or must be, a
// failure. A registration that was never successful does not change from successful to
// failed (A45).
func failing(tx *store.Tx, r *vox.Registration) bool {
	if r.State != vox.Failed || r.Failing {
		return r.Failing && r.State != vox.Successful
	}
	return !r.NeverSuccessful || tx.Settings().Behaviour.FirstFailure == vox.FirstFailureReported
}

func subscribed(r *vox.Registration) subscription {
	return subscription{
		Type: subscriptionType, Name: vox.SubscriptionName,
		Details: []detail{{Type: subscriptionType, Registrations: []registration{{r.ID}}}},
	}
}

func subscriptions(kind vox.CallbackType, s subscription) event {
	return event{kind, "subscriptions", s}
}

// ofAccount returns the events of a changed account.
func ofAccount(before, after *vox.Account) []event {
	if before == nil || after == nil {
		return nil
	}
	var events []event
	if after.Balance.Cmp(before.Balance) < 0 {
		events = append(events, ofBalance(before, after)...)
	}
	switch {
	case after.Frozen && !before.Frozen:
		events = append(events, event{kind: vox.AccountFrozen, item: struct{}{}})
	case before.Frozen && !after.Frozen:
		events = append(events, event{kind: vox.AccountUnfrozen, item: struct{}{}})
	}
	return events
}

// ofBalance reports a decreasing balance that crossed a threshold (A49).
func ofBalance(before, after *vox.Account) []event {
	switch {
	case creditEnds(after) && !creditEnds(before):
		return []event{{kind: vox.MinBalanceReached, item: minBalance{IsMinCredit: true}}}
	case balanceEnds(after) && !balanceEnds(before):
		return []event{{kind: vox.MinBalanceReached, item: minBalance{}}}
	}
	return nil
}

func balanceEnds(a *vox.Account) bool { return a.Balance.Cmp(a.MinBalanceToNotify) < 0 }

// creditEnds uses the definition in the comments of the Go and .NET SDKs: the credit
// threshold is credit_limit less min_balance_to_notify, if min_balance_to_notify is above
// 0.
func creditEnds(a *vox.Account) bool {
	var none vox.Money
	return a.CreditLimit.Cmp(none) > 0 && a.MinBalanceToNotify.Cmp(none) > 0 &&
		a.Balance.Add(a.CreditLimit).Cmp(a.MinBalanceToNotify) < 0
}
