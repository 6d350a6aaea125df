package control

import (
	"fmt"
	"math"
	"net/http"
	"slices"

	"github.com/voxemu/voxemu/emulator/internal/lab"
	"github.com/voxemu/voxemu/emulator/vox"
)

type registrationList struct {
	Registrations []lab.Registration `json:"registrations"`
}

type listRegistrationsInput struct {
	AccountID int64  `query:"account_id"`
	State     string `query:"state"`
	After     int64  `query:"after"`
	Limit     *int   `query:"limit"`
	Money     bool   `query:"money"`
}

func (a *API) listRegistrations(in listRegistrationsInput) (registrationList, error) {
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
	if in.Limit != nil && *in.Limit < 1 {
		return registrationList{}, &Problem{Status: http.StatusBadRequest, Parameter: "limit", Message: "limit: want at least 1"}
	}
	wanted := lab.RegistrationSelection{AccountID: in.AccountID, State: vox.State(in.State), After: in.After, Limit: math.MaxInt, Money: in.Money}
	if in.Limit != nil {
		wanted.Limit = *in.Limit
	}
	list, err := a.Lab.Registrations(wanted)
	return registrationList{list}, err
}

type registrationInput struct {
	ID int64 `path:"id"`
}

func (a *API) getRegistrationHistory(in registrationInput) (lab.History, error) {
	return a.Lab.RegistrationHistory(in.ID)
}

type answerInput struct {
	ID   int64 `path:"id"`
	Body struct {
		StatusCode int64  `json:"status_code"`
		Reason     string `json:"reason"`
	}
}

func (a *API) answerRegistration(in answerInput) (lab.Registration, error) {
	if code := in.Body.StatusCode; code != 200 && (code < 300 || code > 699) {
		return lab.Registration{}, &Problem{Status: http.StatusUnprocessableEntity, Member: "status_code", Message: "status_code: want 200 or a SIP status from 300 to 699"}
	}
	if err := a.Lab.Answer(in.ID, int(in.Body.StatusCode), in.Body.Reason); err != nil {
		return lab.Registration{}, err
	}
	return a.Lab.Registration(in.ID)
}

type listSIPInput struct {
	RegistrationID int64 `query:"registration_id"`
	AccountID      int64 `query:"account_id"`
	Calls          bool  `query:"calls"`
}

func (a *API) listSIPMessages(in listSIPInput) (lab.SIPMessages, error) {
	return a.Lab.SIPMessages(in.RegistrationID, in.AccountID, in.Calls), nil
}

type userList struct {
	Users []lab.User `json:"users"`
}

type listUsersInput struct {
	AccountID int64 `query:"account_id"`
}

func (a *API) listUsers(in listUsersInput) (userList, error) {
	return userList{a.Lab.Users(in.AccountID)}, nil
}

type userInput struct {
	ID int64 `path:"id"`
}

func (a *API) logInUser(in userInput) (done, error)  { return ok, a.Lab.Login(in.ID) }
func (a *API) logOutUser(in userInput) (done, error) { return ok, a.Lab.Logout(in.ID) }
