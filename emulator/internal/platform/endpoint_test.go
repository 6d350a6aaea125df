package platform

import (
	"errors"
	"testing"

	"github.com/voxemu/voxemu"
	"github.com/voxemu/voxemu/emulator/internal/contract"
	"github.com/voxemu/voxemu/emulator/internal/store"
	"github.com/voxemu/voxemu/emulator/vox"
)

type nothing struct{}

// ran runs a method for account 7 and gives the commands in its audit log.
func ran(t *testing.T, state *store.Store, m Method) (reply any, logged []string, err error) {
	t.Helper()
	spec, err := contract.Compile(voxemu.OpenAPI(), store.Filters())
	if err != nil {
		t.Fatal(err)
	}
	e, err := m.connect(spec)
	if err != nil {
		t.Fatal(err)
	}
	reply, err = e.run(state, noon, &call{method: m.name, caller: vox.Principal{AccountID: 7}}, nil)
	_ = state.Read(noon, func(tx *store.Tx) error { // the function returns no error
		for entry := range store.AuditLog(tx).All() {
			logged = append(logged, entry.Command)
		}
		return nil
	})
	return reply, logged, err
}

func TestOtherCallsWriteWhileAMethodPrepares(t *testing.T) {
	state := store.New()
	account := func(id int64, name string) error {
		return state.Write(noon, func(tx *store.Tx) error { return store.Accounts(tx).Put(vox.Account{ID: id, Name: name}) })
	}
	method := WriteAfter("Logout",
		func(*store.Tx, vox.Principal, nothing) (int64, error) { return 8, account(8, "meanwhile") }, // waits for ever inside a write
		func(tx *store.Tx, _ vox.Principal, id int64) (string, error) {
			seen, _ := store.Accounts(tx).Get(id)
			return seen.Name, nil
		})
	reply, logged, err := ran(t, state, method)
	if err != nil || reply != "meanwhile" || len(logged) != 1 || logged[0] != "Logout" {
		t.Errorf("%v, logged %v, %v: want what another call wrote during the preparation, and one entry", reply, logged, err)
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
