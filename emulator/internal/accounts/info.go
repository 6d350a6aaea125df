package accounts

import (
	"github.com/voxemu/voxemu/emulator/internal/reply"
	"github.com/voxemu/voxemu/emulator/vox"
)

// Info is an account in replies (docs/evidence.md#account-info).
type Info struct {
	ID                  int64   `json:"account_id"`
	Name                string  `json:"account_name,omitempty"`
	Email               string  `json:"account_email,omitzero"`
	APIKey              string  `json:"api_key,omitempty"`
	FirstName           string  `json:"account_first_name,omitempty"`
	LastName            string  `json:"account_last_name,omitempty"`
	Created             string  `json:"created,omitempty"` // UTC
	Language            string  `json:"language_code,omitempty"`
	Location            string  `json:"location,omitempty"`
	MobilePhone         string  `json:"mobile_phone,omitempty"`
	CustomData          string  `json:"account_custom_data,omitempty"`
	MinBalanceToNotify  *amount `json:"min_balance_to_notify,omitempty"`
	AccountNotices      *bool   `json:"account_notifications,omitempty"`
	TariffNotices       *bool   `json:"tariff_changing_notifications,omitempty"`
	News                *bool   `json:"news_notifications,omitempty"`
	Active              *bool   `json:"active,omitempty"`
	Frozen              *bool   `json:"frozen,omitempty"`
	Balance             *amount `json:"balance,omitempty"`
	FixedBalance        *amount `json:"fixed_balance,omitempty"`
	MoneyOnHold         *amount `json:"money_on_hold,omitempty"`
	LiveBalance         *amount `json:"live_balance,omitempty"`
	CreditLimit         *amount `json:"credit_limit,omitempty"`
	Currency            string  `json:"currency,omitempty"`
	MaxSIPRegistrations *int64  `json:"max_sip_registrations,omitempty"`
	CallbackURL         string  `json:"callback_url,omitempty"`
	CallbackSalt        string  `json:"callback_salt,omitempty"`
}

// info returns an account for a reply. It includes the api_key only for callers that know
// a secret of the caller's account (docs/evidence.md#account-info).
func info(a vox.Account, caller vox.Principal, live bool) Info {
	active := !a.Inactive
	row := Info{
		ID: a.ID, Name: a.Name, Email: a.Email, FirstName: a.FirstName, LastName: a.LastName, Created: reply.Time(a.Created),
		Language: a.Language, Location: a.Location, MobilePhone: a.MobilePhone, CustomData: a.CustomData,
		MinBalanceToNotify: money(a.MinBalanceToNotify), AccountNotices: &a.AccountNotifications,
		TariffNotices: &a.TariffChangingNotifications, News: &a.NewsNotifications, Active: &active, Frozen: &a.Frozen, Balance: money(a.Balance),
		FixedBalance: money(a.FixedBalance()), MoneyOnHold: money(a.MoneyOnHold), CreditLimit: money(a.CreditLimit),
		Currency: a.Currency, MaxSIPRegistrations: &a.MaxSIPRegistrations, CallbackURL: a.CallbackURL,
	}
	if caller.Unlimited {
		row.APIKey = a.APIKey
	}
	if live {
		row.LiveBalance = money(a.Balance)
	}
	return row
}

func money(m vox.Money) *amount {
	a := amount(m)
	return &a
}
