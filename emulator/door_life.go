package emulator

import (
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/voxemu/voxemu/emulator/clock"
	"github.com/voxemu/voxemu/emulator/internal/control"
	"github.com/voxemu/voxemu/emulator/internal/store"
	"github.com/voxemu/voxemu/emulator/vox"
)

// The rooms of the control door that let time pass and registrations live.

func (s *Server) clockRoom() control.Clock {
	return control.Clock{
		Now: s.clock.Now, Mode: s.mode, Advance: s.Advance, Set: s.SetTime,
		Freeze: func() error { s.StopClock(); return nil },
		Resume: func() error { s.ResumeClock(); return nil },
	}
}

// mode tells a live clock that was moved, or stood for a while, from one that
// follows the machine's.
func (s *Server) mode() string {
	switch {
	case s.IsClockStopped():
		return "frozen"
	case s.clock.Ahead().Abs() >= time.Second:
		return "offset"
	}
	return "live"
}

func (s *Server) registrationsRoom() control.Registrations {
	return control.Registrations{
		List: s.listRegistrations,
		Answer: func(id, status int64, reason string) error {
			return forDoor(s.Answer(id, int(status), reason))
		},
		Users:  s.listUsers,
		LogIn:  func(user int64) error { return forDoor(s.Login(user)) },
		LogOut: func(user int64) error { return forDoor(s.Logout(user)) },
	}
}

// listUsers lists those of an account, or all (0).
func (s *Server) listUsers(accountID int64) []control.User {
	list := []control.User{}
	_ = s.store.Read(s.clock.Now(), func(tx *store.Tx) error { // the function returns no error
		for u := range store.Users(tx).All() {
			if accountID == 0 || u.AccountID == accountID {
				list = append(list, userForDoor(u))
			}
		}
		return nil
	})
	return list
}

func userForDoor(u vox.User) control.User {
	return control.User{ID: u.ID, AccountID: u.AccountID, ApplicationID: u.ApplicationID, Name: u.Name, LoggedIn: u.LoggedIn}
}

func (s *Server) callbacksRoom() control.Callbacks {
	return control.Callbacks{List: s.listCallbacks, Redeliver: s.Redeliver}
}

// listCallbacks lists those of an account, or all (0).
func (s *Server) listCallbacks(accountID int64) (any, error) {
	list := []callbackRow{}
	for _, c := range s.Callbacks() {
		if accountID == 0 || c.AccountID == accountID {
			list = append(list, callbackRowOf(c))
		}
	}
	return list, nil
}

// topUp tells an unknown account from an amount that is not positive.
func (s *Server) topUp(accountID int64, amount vox.Money) error {
	known := false
	_ = s.store.Read(s.clock.Now(), func(tx *store.Tx) error { // the function returns no error
		_, known = store.Accounts(tx).Get(accountID)
		return nil
	})
	if !known {
		return fmt.Errorf("account %d: %w", accountID, control.ErrNotFound)
	}
	if err := s.TopUp(accountID, amount); err != nil {
		return fmt.Errorf("%w: %w", control.ErrInvalid, err)
	}
	return nil
}

// forDoor says which status an error of the emulator deserves.
func forDoor(err error) error {
	for cause, status := range map[error]error{
		vox.ErrInvalidRegistrationID: control.ErrNotFound,
		vox.ErrInvalidUserID:         control.ErrNotFound,
		ErrNotRegistering:            control.ErrConflict,
		clock.ErrBack:                control.ErrConflict,
	} {
		if errors.Is(err, cause) {
			return fmt.Errorf("%w: %w", status, err)
		}
	}
	if err != nil {
		return fmt.Errorf("%w: %w", control.ErrInvalid, err)
	}
	return nil
}

// callbackRow is what the control door tells about a callback.
type callbackRow struct {
	ID          int64             `json:"id"`
	AccountID   int64             `json:"account_id"`
	Type        vox.CallbackType  `json:"type"`
	Detail      json.RawMessage   `json:"detail"`
	State       vox.CallbackState `json:"state"`
	Attempts    int64             `json:"attempts"`
	CreatedAt   time.Time         `json:"created_at"`
	NextAttempt time.Time         `json:"next_attempt,omitzero"`
	LastStatus  int64             `json:"last_status,omitempty"`
	LastFailure string            `json:"last_failure,omitempty"`
}

func callbackRowOf(c vox.Callback) callbackRow {
	return callbackRow{
		ID: c.ID, AccountID: c.AccountID, Type: c.Type, Detail: json.RawMessage(c.Detail), State: c.State,
		Attempts: c.Attempts, CreatedAt: c.CreatedAt, NextAttempt: c.NextAttempt,
		LastStatus: c.LastStatus, LastFailure: c.LastFailure,
	}
}
