package lab

import (
	"fmt"

	"github.com/voxemu/voxemu/emulator/internal/sipreg"
	"github.com/voxemu/voxemu/emulator/internal/store"
	"github.com/voxemu/voxemu/emulator/vox"
)

// TopUp adds money to an account and reactivates at once the frozen registrations that it
// can then pay. Errors: [vox.ErrNotFound] for an unknown account, [vox.ErrInvalid] for an
// amount that is not positive; nothing has changed then.
func (l *Lab) TopUp(accountID int64, amount vox.Money) error {
	return l.write(func(tx *store.Tx) error {
		if _, ok := store.Get(tx, store.Accounts, accountID); !ok {
			return fmt.Errorf("account %d: %w", accountID, vox.ErrNotFound)
		}
		if err := sipreg.TopUp(tx, accountID, amount); err != nil {
			return fmt.Errorf("%w: %w", vox.ErrInvalid, err)
		}
		return nil
	})
}

// SetAccountFrozen freezes or unfreezes an account, as the platform's administrators do.
// It only changes the account's member frozen (A41). Error: [vox.ErrNotFound].
func (l *Lab) SetAccountFrozen(accountID int64, frozen bool) error {
	return l.write(func(tx *store.Tx) error {
		account, ok := store.Get(tx, store.Accounts, accountID)
		if !ok {
			return fmt.Errorf("account %d: %w", accountID, vox.ErrNotFound)
		}
		account.Frozen = frozen
		return store.Put(tx, store.Accounts, account)
	})
}
