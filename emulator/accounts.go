package emulator

import (
	"github.com/voxemu/voxemu/emulator/vox"
)

// Accounts lists the accounts by id.
func (s *Server) Accounts() []vox.AccountSummary { return s.lab.Accounts() }

// CreateAccount makes an account with everything that a client needs, so that
// tests which share a server do not meet. Ids are the next free ones; the api
// key and the RSA key are random, unlike everything else, which is the same
// whenever the same is asked of the same state. Errors: [vox.ErrConflict], the
// name is taken; [vox.Mistakes], one that a scenario could not have.
func (s *Server) CreateAccount(request vox.AccountRequest) (vox.CreatedAccount, error) {
	return s.lab.CreateAccount(request)
}

// DeleteAccount removes an account and all that is in it, its requests in the
// journal and the faults that are about this account only. Errors:
// [vox.ErrNotFound]; [vox.ErrConflict], it has child accounts.
func (s *Server) DeleteAccount(id int64) error { return s.lab.DeleteAccount(id) }

// Credentials gives the credentials of a service-account key; the key pair is
// made when first asked for, unless the scenario brings one. Error:
// [vox.ErrNotFound].
func (s *Server) Credentials(keyID string) (vox.Credentials, error) { return s.lab.Credentials(keyID) }

// TopUp pays money into an account, which reactivates at once the frozen
// registrations that it can then pay. Errors: [vox.ErrNotFound] for an unknown
// account, [vox.ErrInvalid] for an amount that is not positive; nothing is
// changed then.
func (s *Server) TopUp(accountID int64, amount vox.Money) error {
	return s.lab.TopUp(accountID, amount)
}

// SetAccountFrozen freezes or unfreezes an account, as the platform's
// administrators do; only the account shows it (A41). Error: [vox.ErrNotFound].
func (s *Server) SetAccountFrozen(accountID int64, frozen bool) error {
	return s.lab.SetAccountFrozen(accountID, frozen)
}
