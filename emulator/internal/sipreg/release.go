package sipreg

import (
	"github.com/voxemu/voxemu/emulator/internal/query"
	"github.com/voxemu/voxemu/emulator/internal/store"
)

// ReleaseApplication unbinds all registrations from an application that is being deleted,
// and from its rules and users.
func ReleaseApplication(tx *store.Tx, account, id int64) error {
	return release(tx, account, binding{application: id})
}

// ReleaseRule unbinds all registrations from a rule that is being deleted.
func ReleaseRule(tx *store.Tx, account, id int64) error {
	return release(tx, account, binding{rule: id})
}

// ReleaseUser unbinds the registration of a user that is being deleted.
func ReleaseUser(tx *store.Tx, account, id int64) error {
	return release(tx, account, binding{user: id})
}

func release(tx *store.Tx, account int64, gone binding) error {
	return gone.undo(tx, store.Select(tx, store.Registrations, account, gone.where(), query.All()))
}
