package control

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"time"

	"github.com/voxemu/voxemu/emulator/vox"
)

// Registrations are the SIP registrations and the users that some depend on.
type Registrations struct {
	// List gives the registrations of an account, or of all (0), by id.
	List func(accountID int64) ([]Registration, error)
	// Answer is the registrar's next answer, given now; unknown: [ErrNotFound].
	Answer func(id int64, statusCode int64, reason string) error
	// Users gives the users of an account, or of all (0), by id.
	Users func(accountID int64) []User
	// LogIn and LogOut are what a user does through an SDK; unknown:
	// [ErrNotFound].
	LogIn, LogOut func(userID int64) error
}

// Registration is what the door tells about a registration: unlike the API, its
// state in a word, whose it is and when it changes next. No password.
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
	// Due is when it changes next by itself; absent: never.
	Due *time.Time `json:"due,omitempty"`
}

// User is what the door tells about a user; no password.
type User struct {
	ID            int64  `json:"user_id"`
	AccountID     int64  `json:"account_id"`
	ApplicationID int64  `json:"application_id,omitempty"`
	Name          string `json:"user_name"`
	LoggedIn      bool   `json:"logged_in"`
}

type userList struct {
	Users []User `json:"users"`
}

type listUsersInput struct {
	AccountID int64 `query:"account_id"`
}

func (r Registrations) users(_ context.Context, in listUsersInput) (userList, error) {
	return userList{r.Users(in.AccountID)}, nil
}

type registrationList struct {
	Registrations []Registration `json:"registrations"`
}

type listRegistrationsInput struct {
	AccountID int64  `query:"account_id"`
	State     string `query:"state"`
}

func (r Registrations) list(_ context.Context, in listRegistrationsInput) (registrationList, error) {
	allowed := make([]string, 0, len(vox.States()))
	for _, s := range vox.States() {
		allowed = append(allowed, string(s))
	}
	if in.State != "" && !slices.Contains(allowed, in.State) {
		return registrationList{}, &Problem{
			Status: http.StatusBadRequest, Parameter: "state", Allowed: allowed,
			Message: fmt.Sprintf("state: there is no %q; want one of %s", in.State, inWords(allowed)),
		}
	}
	list, err := r.List(in.AccountID)
	if err != nil {
		return registrationList{}, err
	}
	if in.State != "" {
		list = slices.DeleteFunc(list, func(row Registration) bool { return string(row.State) != in.State })
	}
	return registrationList{list}, nil
}

type answerInput struct {
	ID   int64 `path:"id"`
	Body struct {
		StatusCode int64  `json:"status_code"`
		Reason     string `json:"reason"`
	}
}

func (r Registrations) answer(_ context.Context, in answerInput) (Registration, error) {
	if code := in.Body.StatusCode; code != 200 && (code < 300 || code > 699) {
		return Registration{}, &Problem{Status: http.StatusUnprocessableEntity, Member: "status_code", Message: "status_code: want 200 or a SIP status from 300 to 699"}
	}
	if err := r.Answer(in.ID, in.Body.StatusCode, in.Body.Reason); err != nil {
		return Registration{}, err
	}
	list, err := r.List(0)
	if err != nil {
		return Registration{}, err
	}
	for _, row := range list {
		if row.ID == in.ID {
			return row, nil
		}
	}
	return Registration{}, fmt.Errorf("registration %d was deleted meanwhile: %w", in.ID, ErrNotFound)
}

type userInput struct {
	ID int64 `path:"id"`
}

func (r Registrations) logIn(_ context.Context, in userInput) (done, error) {
	return ok, r.LogIn(in.ID)
}
func (r Registrations) logOut(_ context.Context, in userInput) (done, error) {
	return ok, r.LogOut(in.ID)
}
