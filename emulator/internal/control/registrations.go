package control

import (
	"context"
	"fmt"
	"net/http"
	"slices"

	"github.com/voxemu/voxemu/emulator/internal/lab"
	"github.com/voxemu/voxemu/emulator/vox"
)

// Registrations are the SIP registrations and the users that some depend on.
type Registrations struct {
	// List gives the registrations of an account, or of all (0), by id.
	List func(accountID int64) ([]lab.Registration, error)
	// Answer is the registrar's next answer, given now; unknown: [vox.ErrNotFound].
	Answer func(id int64, statusCode int64, reason string) error
	// Users gives the users of an account, or of all (0), by id.
	Users func(accountID int64) []lab.User
	// LogIn and LogOut are what a user does through an SDK; unknown:
	// [vox.ErrNotFound].
	LogIn, LogOut func(userID int64) error
}

type userList struct {
	Users []lab.User `json:"users"`
}

type listUsersInput struct {
	AccountID int64 `query:"account_id"`
}

func (r Registrations) users(_ context.Context, in listUsersInput) (userList, error) {
	return userList{r.Users(in.AccountID)}, nil
}

type registrationList struct {
	Registrations []lab.Registration `json:"registrations"`
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
		list = slices.DeleteFunc(list, func(row lab.Registration) bool { return string(row.State) != in.State })
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

func (r Registrations) answer(_ context.Context, in answerInput) (lab.Registration, error) {
	if code := in.Body.StatusCode; code != 200 && (code < 300 || code > 699) {
		return lab.Registration{}, &Problem{Status: http.StatusUnprocessableEntity, Member: "status_code", Message: "status_code: want 200 or a SIP status from 300 to 699"}
	}
	if err := r.Answer(in.ID, in.Body.StatusCode, in.Body.Reason); err != nil {
		return lab.Registration{}, err
	}
	list, err := r.List(0)
	if err != nil {
		return lab.Registration{}, err
	}
	for _, row := range list {
		if row.ID == in.ID {
			return row, nil
		}
	}
	return lab.Registration{}, fmt.Errorf("registration %d was deleted meanwhile: %w", in.ID, vox.ErrNotFound)
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
