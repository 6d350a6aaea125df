package platform

import (
	"errors"
	"net/url"
	"testing"

	"github.com/voxemu/voxemu"
	"github.com/voxemu/voxemu/emulator/clock"
	"github.com/voxemu/voxemu/emulator/internal/contract"
	"github.com/voxemu/voxemu/emulator/internal/requestlog"
	"github.com/voxemu/voxemu/emulator/internal/scheduler"
	"github.com/voxemu/voxemu/emulator/internal/store"
	"github.com/voxemu/voxemu/emulator/journal"
	"github.com/voxemu/voxemu/emulator/vox"
)

type nothing struct{}

// ran calls a method as account 7, and returns its result and the commands in the audit
// log.
func ran(t *testing.T, state *store.Store, m Method) (result any, logged []string, err error) {
	t.Helper()
	spec, err := contract.Compile(voxemu.OpenAPI(), store.Filters())
	if err != nil {
		t.Fatal(err)
	}
	methods, _ := Connect(spec, m) // the error lists the methods of the contract that are missing
	putAccount(t, state, vox.Account{ID: 7, Name: "shop", APIKey: "hush-hush"})
	stopped, err := scheduler.New(clock.Stopped(noon))
	if err != nil {
		t.Fatal(err)
	}
	h := New(Config{Contract: spec, Store: state, Clock: stopped}, methods)
	c := &call{recording: requestlog.New(0).Open(journal.APIRequest, noon), method: m.name, parameters: url.Values{"account_id": {"7"}, "api_key": {"hush-hush"}}}
	err = h.do(c)
	_ = state.Read(noon, func(tx *store.Tx) error { // the function never fails
		for entry := range store.All(tx, store.AuditLog) {
			logged = append(logged, entry.Command)
		}
		return nil
	})
	return c.result, logged, err
}

func putAccount(t *testing.T, state *store.Store, account vox.Account) {
	t.Helper()
	if err := state.Write(noon, func(tx *store.Tx) error { return store.Put(tx, store.Accounts, account) }); err != nil {
		t.Fatal(err)
	}
}

func TestOtherCallsWriteWhileAMethodPrepares(t *testing.T) {
	state := store.New()
	method := WriteAfter("Logout",
		func(*store.Tx, vox.Principal, nothing) (int64, error) {
			putAccount(t, state, vox.Account{ID: 8, Name: "meanwhile"}) // blocks forever if it runs within a write
			return 8, nil
		},
		func(tx *store.Tx, _ vox.Principal, id int64) (string, error) {
			seen, _ := store.Get(tx, store.Accounts, id)
			return seen.Name, nil
		})
	result, logged, err := ran(t, state, method)
	if err != nil || result != "meanwhile" || len(logged) != 1 || logged[0] != "Logout" {
		t.Errorf("%v, logged %v, %v: want what another call wrote during the preparation, and one entry", result, logged, err)
	}
}

func TestWhoMayNoLongerCallAfterAPreparationDoesNothing(t *testing.T) {
	state := store.New()
	method := WriteAfter("Logout",
		func(*store.Tx, vox.Principal, nothing) (nothing, error) {
			putAccount(t, state, vox.Account{ID: 7, Name: "shop", APIKey: "another"})
			return nothing{}, nil
		},
		func(*store.Tx, vox.Principal, nothing) (nothing, error) { t.Error("done"); return nothing{}, nil })
	if _, logged, err := ran(t, state, method); !errors.Is(err, vox.ErrAuthorizationFailed) || len(logged) > 0 {
		t.Errorf("%v, logged %v", err, logged)
	}
}

func TestWhatAPreparationRefusesIsNotDone(t *testing.T) {
	method := WriteAfter("Logout",
		func(*store.Tx, vox.Principal, nothing) (nothing, error) { return nothing{}, vox.ErrTooManyKeys },
		func(*store.Tx, vox.Principal, nothing) (nothing, error) { t.Error("done"); return nothing{}, nil })
	if _, logged, err := ran(t, store.New(), method); !errors.Is(err, vox.ErrTooManyKeys) || len(logged) > 0 {
		t.Errorf("%v, logged %v", err, logged)
	}
}
