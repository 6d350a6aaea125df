package accounts

import (
	"fmt"
	"time"

	"github.com/voxemu/voxemu/emulator/internal/query"
	"github.com/voxemu/voxemu/emulator/internal/store"
	"github.com/voxemu/voxemu/emulator/vox"
)

// GetMoneyAmountToChargeParams are the parameters of GetMoneyAmountToCharge.
type GetMoneyAmountToChargeParams struct {
	Currency   string `param:"currency"`
	ChargeDate string `param:"charge_date"`
}

// GetMoneyAmountToChargeReply is the reply of GetMoneyAmountToCharge.
type GetMoneyAmountToChargeReply struct {
	Result MoneyToCharge `json:"result"`
}

// MoneyToCharge is the money that an account needs (docs/evidence.md#money-to-charge).
type MoneyToCharge struct {
	Amount        amount           `json:"amount"`
	MinAmount     amount           `json:"min_amount"`
	Subscriptions []ToBeSubscribed `json:"subscriptions"`
}

// ToBeSubscribed is a registration whose next month must be paid.
type ToBeSubscribed struct {
	Amount      amount `json:"subscription_amount"`
	Type        string `json:"subscription_type"`
	Description string `json:"subscription_description"`
	AutoCharge  bool   `json:"subscription_auto_charge"`
	NextRenewal string `json:"subscription_next_renewal,omitempty"` // UTC; none when frozen
}

// GetMoneyAmountToCharge adds up the debt of the account and the next month of all
// registrations, or of those that renew up to the given day (A71).
func GetMoneyAmountToCharge(tx *store.Tx, caller vox.Principal, p GetMoneyAmountToChargeParams) (GetMoneyAmountToChargeReply, error) {
	until, err := day("charge_date", p.ChargeDate)
	if err != nil {
		return GetMoneyAmountToChargeReply{}, err
	}
	account, _ := store.Get(tx, store.Accounts, caller.AccountID)
	if p.Currency == "" {
		p.Currency = account.Currency
	}
	in := func(m vox.Money) vox.Money { return convert(m, account.Currency, p.Currency) }
	total, due := vox.Money{}, []ToBeSubscribed{}
	for _, r := range store.Select(tx, store.Registrations, account.ID, nil, query.All()) {
		if !until.IsZero() && !r.Deactivated && r.NextRenewal.After(until) {
			continue
		}
		month := in(tx.Settings().Billing.Month(r.Price))
		total = total.Add(month)
		due = append(due, toBeSubscribed(r, month))
	}
	balance := in(account.Balance)
	least := total.Sub(balance)
	if balance.IsNegative() {
		total = total.Sub(balance)
	}
	if least.IsNegative() {
		least = vox.Money{}
	}
	return GetMoneyAmountToChargeReply{MoneyToCharge{amount(total), amount(least), due}}, nil
}

func toBeSubscribed(r vox.Registration, month vox.Money) ToBeSubscribed {
	row := ToBeSubscribed{
		Amount: amount(month), Type: "SIP_REGISTRATION", AutoCharge: true,
		Description: fmt.Sprintf("SIP registration %d: %s at %s", r.ID, r.SIPUsername, r.Proxy),
	}
	if !r.Deactivated {
		row.NextRenewal = r.NextRenewal.UTC().Format(time.DateOnly)
	}
	return row
}
