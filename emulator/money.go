package emulator

import (
	"fmt"

	"github.com/voxemu/voxemu/emulator/internal/sipreg"
	"github.com/voxemu/voxemu/emulator/internal/store"
	"github.com/voxemu/voxemu/emulator/vox"
)

// TopUp pays money into an account, which thaws at once the frozen registrations
// that it can then pay. Errors: an account that does not exist, an amount that is
// not positive; nothing is changed then.
func (s *Server) TopUp(accountID int64, amount vox.Money) error {
	return s.change(func(tx *store.Tx) error { return sipreg.TopUp(tx, accountID, amount) })
}

// SetAccountFrozen freezes or unfreezes an account, as the platform's
// administrators do; only the account says so (A41). Error: an account that does
// not exist.
func (s *Server) SetAccountFrozen(accountID int64, frozen bool) error {
	return s.change(func(tx *store.Tx) error {
		account, ok := store.Accounts(tx).Get(accountID)
		if !ok {
			return fmt.Errorf("there is no account %d", accountID)
		}
		account.Frozen = frozen
		return store.Accounts(tx).Put(account)
	})
}
