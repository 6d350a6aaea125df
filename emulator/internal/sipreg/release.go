package sipreg

import (
	"time"

	"github.com/voxemu/voxemu/emulator/internal/query"
	"github.com/voxemu/voxemu/emulator/internal/store"
	"github.com/voxemu/voxemu/emulator/vox"
)

// ReleaseApplication unbinds every registration from an application that is
// about to go, and with it from rules and users inside.
func ReleaseApplication(tx *store.Tx, account, id int64) error {
	return release(tx, account, binding{application: id})
}

// ReleaseRule unbinds every registration from a rule that is about to go.
func ReleaseRule(tx *store.Tx, account, id int64) error {
	return release(tx, account, binding{rule: id})
}

// ReleaseUser unbinds the registration of a user that is about to go.
func ReleaseUser(tx *store.Tx, account, id int64) error {
	return release(tx, account, binding{user: id})
}

func release(tx *store.Tx, account int64, gone binding) error {
	bound, err := store.Registrations(tx).Select(account, gone.where(), query.All())
	if err != nil {
		return err
	}
	for _, r := range bound {
		lost := r.UserID
		gone.clear(&r)
		if lost != r.UserID && r.NonPersistent {
			leave(tx, &r)
		}
		if err := store.Registrations(tx).Put(r); err != nil {
			return err
		}
	}
	return nil
}

// leave takes a non-persistent registration offline, because it registers only
// while its user is logged in (facts.md §5.2).
func leave(tx *store.Tx, r *vox.Registration) {
	r.Due = time.Time{}
	start(tx, r)
}
