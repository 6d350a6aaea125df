package lab

import (
	"errors"
	"fmt"
	"time"

	"github.com/voxemu/voxemu/emulator/internal/sipreg"
	"github.com/voxemu/voxemu/emulator/internal/store"
	"github.com/voxemu/voxemu/emulator/vox"
)

// Registration is a registration in the control API. In addition to the API's members it
// has its state, its account and the time of its next change. It has no password.
type Registration struct {
	ID            int64     `json:"id"`
	AccountID     int64     `json:"account_id"`
	SIPUsername   string    `json:"sip_username"`
	Proxy         string    `json:"proxy"`
	State         vox.State `json:"state"`
	StatusCode    int64     `json:"status_code,omitempty"`
	ErrorMessage  string    `json:"error_message,omitempty"`
	Deactivated   bool      `json:"deactivated"`
	IsPersistent  bool      `json:"is_persistent"`
	ApplicationID int64     `json:"application_id,omitempty"`
	RuleID        int64     `json:"rule_id,omitempty"`
	UserID        int64     `json:"user_id,omitempty"`
	LastUpdated   time.Time `json:"last_updated"`
	NextRenewal   time.Time `json:"next_subscription_renewal"`
	// Price is the monthly fee without tax, MoneyOnHold what is reserved for the current
	// month, both in the account's currency; nil unless they were asked for.
	Price       *vox.Money `json:"subscription_price,omitempty"`
	MoneyOnHold *vox.Money `json:"money_on_hold,omitempty"`
	// Due is the time of the next change without a request; absent: none.
	Due *time.Time `json:"due,omitempty"`
}

func registrationOf(r vox.Registration) Registration {
	out := Registration{
		ID: r.ID, AccountID: r.AccountID, SIPUsername: r.SIPUsername, Proxy: r.Proxy,
		State: r.State, StatusCode: r.StatusCode, ErrorMessage: r.ErrorMessage,
		Deactivated: r.Deactivated, IsPersistent: !r.NonPersistent,
		ApplicationID: r.ApplicationID, RuleID: r.RuleID, UserID: r.UserID,
		LastUpdated: r.LastUpdated, NextRenewal: r.NextRenewal,
	}
	if !r.Due.IsZero() {
		out.Due = &r.Due
	}
	return out
}

// registrationWithMoney is [registrationOf] with the members about money.
func registrationWithMoney(r vox.Registration) Registration {
	out := registrationOf(r)
	out.Price, out.MoneyOnHold = &r.Price, &r.MoneyOnHold
	return out
}

// User is a user in the control API, without password.
type User struct {
	ID            int64  `json:"user_id"`
	AccountID     int64  `json:"account_id"`
	ApplicationID int64  `json:"application_id,omitempty"`
	Name          string `json:"user_name"`
	LoggedIn      bool   `json:"logged_in"`
}

func userOf(u vox.User) User {
	return User{ID: u.ID, AccountID: u.AccountID, ApplicationID: u.ApplicationID, Name: u.Name, LoggedIn: u.LoggedIn}
}

// Registrations returns the registrations of an account, or all (0), by id, with or
// without the members about money, after running everything that is due. The error is
// that of a failed event.
func (l *Lab) Registrations(accountID int64, money bool) ([]Registration, error) {
	if err := l.clock.CatchUp(); err != nil {
		return nil, err
	}
	view := registrationOf
	if money {
		view = registrationWithMoney
	}
	list := []Registration{}
	err := l.read(func(tx *store.Tx) error {
		for r := range store.Registrations(tx).Of(accountID) {
			list = append(list, view(r))
		}
		return nil
	})
	return list, err
}

// Registration returns a registration, after running everything that is due. Error:
// [vox.ErrNotFound].
func (l *Lab) Registration(id int64) (Registration, error) {
	if err := l.clock.CatchUp(); err != nil {
		return Registration{}, err
	}
	var found Registration
	err := l.read(func(tx *store.Tx) error {
		r, ok := store.Registrations(tx).Get(id)
		if !ok {
			return fmt.Errorf("registration %d was deleted meanwhile: %w", id, vox.ErrNotFound)
		}
		found = registrationOf(r)
		return nil
	})
	return found, err
}

// Users returns the users of an account, or all (0), by id.
func (l *Lab) Users(accountID int64) []User {
	list := []User{}
	_ = l.read(func(tx *store.Tx) error { // the function never fails
		for u := range store.Users(tx).Of(accountID) {
			list = append(list, userOf(u))
		}
		return nil
	})
	return list
}

// Answer makes the registrar answer a registration now: 200 makes it successful, 300 to
// 699 failed with the given reason or, if it is empty, the standard one (RFC 3261). The
// platform's next attempt gets the registrar's usual answer. Errors: [vox.ErrNotFound]
// for an unknown registration, [vox.ErrNotRegistering], or [vox.ErrInvalid] for another
// status or a reason over 255 characters.
func (l *Lab) Answer(registrationID int64, status int, reason string) error {
	return classified(l.write(func(tx *store.Tx) error { return sipreg.Answer(tx, registrationID, int64(status), reason) }))
}

// Login logs a user in through an SDK: the non-persistent registration bound to the user
// registers. It has no effect if the user is logged in. Error: [vox.ErrNotFound] for an
// unknown user.
func (l *Lab) Login(userID int64) error {
	return classified(l.write(func(tx *store.Tx) error { return sipreg.Login(tx, userID) }))
}

// Logout logs a user out: the non-persistent registration bound to the user goes offline.
// It has no effect if the user is not logged in. Error: [vox.ErrNotFound] for an unknown
// user.
func (l *Lab) Logout(userID int64) error {
	return classified(l.write(func(tx *store.Tx) error { return sipreg.Logout(tx, userID) }))
}

// classified adds the kind of error to an error of sipreg.
func classified(err error) error {
	switch {
	case err == nil:
		return nil
	case errors.Is(err, vox.ErrInvalidRegistrationID), errors.Is(err, vox.ErrInvalidUserID):
		return fmt.Errorf("%w: %w", vox.ErrNotFound, err)
	case errors.Is(err, vox.ErrNotRegistering):
		return fmt.Errorf("%w: %w", vox.ErrConflict, err)
	}
	return fmt.Errorf("%w: %w", vox.ErrInvalid, err)
}

// Forecast predicts the registrar's answers to a registration. Error:
// [vox.ErrInvalidRegistrationID] for an unknown id.
func (l *Lab) Forecast(registrationID int64) (vox.Forecast, error) {
	var forecast vox.Forecast
	err := l.read(func(tx *store.Tx) (err error) {
		forecast, err = sipreg.Forecast(tx, registrationID)
		return err
	})
	return forecast, err
}
