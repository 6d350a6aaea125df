package emulator

import (
	"encoding/json"
	"time"

	"github.com/voxemu/voxemu/emulator/internal/control"
	"github.com/voxemu/voxemu/emulator/vox"
)

// The rooms of the control door that let time pass and registrations live.

func (s *Server) clockRoom() control.Clock {
	return control.Clock{
		Now: s.Now, Mode: func() string { return s.lab.Clock().Mode }, Advance: s.Advance, Set: s.SetTime,
		Freeze: func() error { s.StopClock(); return nil },
		Resume: func() error { s.ResumeClock(); return nil },
	}
}

func (s *Server) registrationsRoom() control.Registrations {
	return control.Registrations{
		List:   s.lab.Registrations,
		Answer: func(id, status int64, reason string) error { return s.Answer(id, int(status), reason) },
		Users:  s.lab.Users,
		LogIn:  s.Login,
		LogOut: s.Logout,
	}
}

func (s *Server) callbacksRoom() control.Callbacks {
	return control.Callbacks{List: s.listCallbacks, Redeliver: s.Redeliver}
}

// listCallbacks lists those of an account, or all (0).
func (s *Server) listCallbacks(accountID int64) (any, error) {
	list := []callbackRow{}
	for _, c := range s.lab.Callbacks(accountID) {
		list = append(list, callbackRowOf(c))
	}
	return list, nil
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
