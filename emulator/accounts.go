package emulator

import (
	"github.com/voxemu/voxemu/emulator/vox"
)

// Accounts returns all accounts by id.
func (s *Server) Accounts() []vox.AccountSummary { return s.lab.Accounts() }

// Account returns an account, with its secrets, after running everything that is due.
// Error: [vox.ErrNotFound].
func (s *Server) Account(id int64) (vox.Account, error) { return s.lab.AccountRow(id) }

// CreateAccount creates an account with everything that a client needs, so that tests on
// one server do not affect each other. Ids are the next free ones. Only the api_key and
// the RSA key are random; all else depends only on the request and the state. Errors:
// [vox.ErrConflict] if the name is taken; [vox.Mistakes] if a scenario could not contain
// the account.
func (s *Server) CreateAccount(request vox.AccountRequest) (vox.CreatedAccount, error) {
	return s.lab.CreateAccount(request)
}

// DeleteAccount deletes an account with its rows, its requests in the journal, and the
// fault rules that apply to it only. Errors: [vox.ErrNotFound]; [vox.ErrConflict] if it
// has child accounts.
func (s *Server) DeleteAccount(id int64) error { return s.lab.DeleteAccount(id) }

// Credentials returns the credentials of a service-account key. If the scenario has no
// key pair for it, one is generated on first use. Error: [vox.ErrNotFound].
func (s *Server) Credentials(keyID string) (vox.Credentials, error) {
	return s.lab.Credentials(keyID, true)
}

// TopUp adds money to an account and reactivates at once the frozen registrations that it
// can then pay. Errors: [vox.ErrNotFound] for an unknown account, [vox.ErrInvalid] for an
// amount that is not positive; nothing has changed then.
func (s *Server) TopUp(accountID int64, amount vox.Money) error {
	return s.lab.TopUp(accountID, amount)
}

// SetAccountFrozen freezes or unfreezes an account, as the platform's administrators do.
// It only changes the account's member frozen (A41). Error: [vox.ErrNotFound].
func (s *Server) SetAccountFrozen(accountID int64, frozen bool) error {
	return s.lab.SetAccountFrozen(accountID, frozen)
}

// Token returns a new token of a service-account key, for the header Authorization:
// Bearer. It is valid for an hour of the machine's clock. If the scenario has no key pair
// for it, one is generated on first use. Error: [vox.ErrNotFound].
func (s *Server) Token(keyID string) (string, error) { return s.lab.Token(keyID) }
