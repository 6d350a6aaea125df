package lab

import (
	"errors"
	"fmt"
	"iter"
	"slices"
	"time"

	"github.com/voxemu/voxemu/emulator/internal/query"
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

// RegistrationSelection selects registrations, by id.
type RegistrationSelection struct {
	AccountID int64     // 0: of all accounts
	State     vox.State // empty: in any state
	After     int64     // those with a larger id
	Limit     int       // the first ones, this many
	Money     bool      // with the members about money
}

// registrationPage is the number of registrations of an account that are read at a time.
const registrationPage = 100

// Registrations returns registrations, after running everything that is due. The error is
// that of a failed event.
func (l *Lab) Registrations(s RegistrationSelection) ([]Registration, error) {
	if err := l.clock.CatchUp(); err != nil {
		return nil, err
	}
	view := registrationOf
	if s.Money {
		view = registrationWithMoney
	}
	list := []Registration{}
	err := l.read(func(tx *store.Tx) error {
		for r := range s.rows(tx) {
			if r.ID > s.After && (s.State == "" || r.State == s.State) {
				list = append(list, view(r))
			}
			if len(list) == s.Limit {
				break
			}
		}
		return nil
	})
	return list, err
}

// rows returns the registrations of the account, and perhaps others that the selection does
// not select. It keeps no more of them than a page.
func (s RegistrationSelection) rows(tx *store.Tx) iter.Seq[vox.Registration] {
	if s.AccountID == 0 {
		return store.All(tx, store.Registrations)
	}
	return func(yield func(vox.Registration) bool) {
		after, size := s.After, registrationPage
		if s.State != vox.Offline { // then the index selects
			size = min(size, s.Limit)
		}
		for read := size; read == size; {
			read = 0
			for r := range store.Refer(tx, store.Registrations, s.AccountID, s.where(after), query.Page{Count: size}) {
				if read, after = read+1, r.ID; !yield(*r) {
					return
				}
			}
		}
	}
}

// where returns the conditions for which there are indexes. A registration is offline if it
// is neither of the others.
func (s RegistrationSelection) where(after int64) store.Where[vox.Registration] {
	where := store.AfterID[vox.Registration](after)
	switch s.State {
	case vox.InProgress:
		return append(where, store.RegistrationInProgress.Is(true)...)
	case vox.Successful:
		return append(where, store.RegistrationSuccessful.Is(true)...)
	case vox.Failed:
		return append(where, store.RegistrationSuccessful.Is(false)...)
	case vox.Offline:
		return append(where, store.RegistrationInProgress.Is(false)...)
	}
	return where
}

// RegistrationRow returns the row of a registration, with secrets, after running everything
// that is due. Error: [vox.ErrNotFound].
func (l *Lab) RegistrationRow(id int64) (row vox.Registration, err error) {
	now, release := l.clock.Hold()
	defer release()
	err = l.store.Read(now, func(tx *store.Tx) (err error) {
		row, err = existing(tx, store.Registrations, id, "registration")
		return err
	})
	return row, err
}

// RegistrationRows returns the rows of all registrations, by id, like
// [Lab.RegistrationRow].
func (l *Lab) RegistrationRows() []vox.Registration {
	now, release := l.clock.Hold()
	defer release()
	var rows []vox.Registration
	_ = l.store.Read(now, func(tx *store.Tx) error { // the function never fails
		rows = slices.Collect(store.All(tx, store.Registrations))
		return nil
	})
	return rows
}

// existing returns a row by its id. Error: [vox.ErrNotFound].
func existing[R any](tx *store.Tx, rows store.Table[int64, R], id int64, noun string) (R, error) {
	row, ok := store.Get(tx, rows, id)
	if !ok {
		return row, fmt.Errorf("there is no %s %d: %w", noun, id, vox.ErrNotFound)
	}
	return row, nil
}

// Registration returns a registration, after running everything that is due. Error:
// [vox.ErrNotFound].
func (l *Lab) Registration(id int64) (Registration, error) {
	if err := l.clock.CatchUp(); err != nil {
		return Registration{}, err
	}
	var found Registration
	err := l.read(func(tx *store.Tx) error {
		r, ok := store.Get(tx, store.Registrations, id)
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
		for u := range store.Of(tx, store.Users, accountID) {
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
