// Package sipreg implements the methods of the SIPRegistration section, the
// life of registrations and the renewals. Its functions receive a transaction, a caller and typed
// parameters; they use neither HTTP nor the machine's clock.
package sipreg

import (
	"github.com/voxemu/voxemu/emulator/internal/billing"
	"github.com/voxemu/voxemu/emulator/internal/jsontext"
	"github.com/voxemu/voxemu/emulator/internal/store"
	"github.com/voxemu/voxemu/emulator/vox"
)

// CreateParams are the parameters of CreateSipRegistration.
type CreateParams struct {
	Target
	Identity
	IsPersistent bool `param:"is_persistent"`
}

// CreateReply is the reply of CreateSipRegistration (docs/evidence.md#create-reply).
type CreateReply struct {
	Result      int         `json:"result"`
	ID          int64       `json:"sip_registration_id"`
	AccountInfo AccountInfo `json:"account_info"`
}

// AccountInfo is the account's state in the reply (docs/evidence.md#create-reply).
type AccountInfo struct {
	AccountID int64     `json:"account_id"`
	Frozen    bool      `json:"frozen,omitempty"`
	Balance   vox.Money `json:"balance"`
	Currency  string    `json:"currency"`
}

// AppendJSON implements [jsontext.Appender].
func (r CreateReply) AppendJSON(text []byte) []byte {
	o := jsontext.Begin(text).Int("result", int64(r.Result)).Int("sip_registration_id", r.ID)
	account := jsontext.Begin(o.Name("account_info")).Int("account_id", r.AccountInfo.AccountID)
	if r.AccountInfo.Frozen {
		account = account.Bool("frozen", true)
	}
	account = append(account.Name("balance"), r.AccountInfo.Balance.String()...)
	return jsontext.Object(account.Text("currency", r.AccountInfo.Currency).End()).End()
}

// Create creates a registration and starts it. The installation fee is charged and the
// first month's fee put on hold, both with tax (A36).
func Create(tx *store.Tx, caller vox.Principal, p CreateParams) (CreateReply, error) {
	bound, err := p.resolve(tx, caller.AccountID)
	if err != nil {
		return CreateReply{}, err
	}
	if err := checkLimit(tx, caller.AccountID); err != nil {
		return CreateReply{}, err
	}
	now := tx.Now()
	r := vox.Registration{
		ID:            store.NextID(tx, store.Registrations),
		AccountID:     caller.AccountID,
		NonPersistent: !p.IsPersistent, NeverSuccessful: true,
		PurchaseDate: now,
		NextRenewal:  vox.NextRenewal(now, 1),
		RenewalDay:   int64(now.Day()),
		Price:        tx.Settings().Billing.MonthlyFee,
	}
	p.Identity.apply(&r)
	bound.apply(&r)
	if r.NonPersistent && r.UserID != 0 && tx.Settings().Behaviour.UserBinding != vox.UserBindingNonPersistentOnly {
		tx.Warn(notPersistent)
	}
	start(tx, &r)
	if err := billing.Purchase(tx, &r); err != nil {
		return CreateReply{}, err
	}
	if err := save(tx, r); err != nil {
		return CreateReply{}, err
	}
	return CreateReply{Result: 1, ID: r.ID, AccountInfo: accountInfo(tx, caller.AccountID)}, nil
}

// notPersistent is the warning for a request that one of two contradicting documents
// forbids (A2).
const notPersistent = "is_persistent=false beside a user is accepted, but the API page asks for is_persistent=true there: https://voximplant.com/docs/references/httpapi/sipregistration"

func accountInfo(tx *store.Tx, id int64) AccountInfo {
	account, _ := store.Get(tx, store.Accounts, id)
	return AccountInfo{
		AccountID: account.ID, Frozen: account.Frozen,
		Balance: account.Balance, Currency: account.Currency,
	}
}
