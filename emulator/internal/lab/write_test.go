package lab

import (
	"errors"
	"log/slog"
	"testing"
	"testing/synctest"
	"time"

	"github.com/voxemu/voxemu/emulator/clock"
	"github.com/voxemu/voxemu/emulator/vox"
	"github.com/voxemu/voxemu/scenarios"
)

func TestEveryVerbWritesAfterWhatIsDue(t *testing.T) {
	verbs := map[string]func(*Lab) error{
		"Add": func(l *Lab) error {
			_, err := l.Add(scenarios.Scenario{Registrations: []vox.Registration{{AccountID: 1}}})
			return err
		},
		"CreateAccount": func(l *Lab) error {
			_, err := l.CreateAccount(vox.AccountRequest{Credentials: new(false)})
			return err
		},
		"DeleteAccount": func(l *Lab) error {
			account, err := l.CreateAccount(vox.AccountRequest{Credentials: new(false)})
			return errors.Join(err, l.DeleteAccount(account.ID))
		},
		"Credentials": func(l *Lab) error {
			_, err := l.Credentials("owner-key", true)
			return err
		},
		"TopUp":            func(l *Lab) error { return l.TopUp(1, vox.MustParseMoney("1")) },
		"SetAccountFrozen": func(l *Lab) error { return l.SetAccountFrozen(1, true) },
		"Answer":           func(l *Lab) error { return l.Answer(1, 403, "") },
		"Login":            func(l *Lab) error { return l.Login(123) },
		"Logout":           func(l *Lab) error { return l.Logout(123) },
		"Redeliver":        func(l *Lab) error { return l.Redeliver(1) },
	}
	for name, verb := range verbs {
		synctest.Test(t, func(t *testing.T) {
			l := newLab(t, clock.Live(), slog.DiscardHandler)
			l.PauseCallbacks()
			demo, _ := scenarios.Builtin("demo")
			delivered := []byte("callbacks: [{id: 1, account_id: 1, type: min_balance, state: delivered}]")
			if err := l.LoadSources(scenarios.Source{Name: "demo", Text: demo}, scenarios.Source{Name: "delivered", Text: delivered}); err != nil {
				t.Fatal(err)
			}
			id := addSlow(t, l)
			time.Sleep(5 * time.Second) // of the bubble's clock; no due event has run
			if err := verb(l); err != nil {
				t.Fatalf("%s: %v", name, err)
			}
			if got := stateOf(t, l, id); got != vox.Successful {
				t.Errorf("%s came before what was due: %s", name, got)
			}
		})
	}
}
