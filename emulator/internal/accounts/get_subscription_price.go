package accounts

import (
	"slices"

	"github.com/voxemu/voxemu/emulator/internal/query"
	"github.com/voxemu/voxemu/emulator/internal/reply"
	"github.com/voxemu/voxemu/emulator/internal/store"
	"github.com/voxemu/voxemu/emulator/vox"
)

// GetSubscriptionPriceParams are the parameters of GetSubscriptionPrice.
type GetSubscriptionPriceParams struct {
	ID   query.Selection `param:"subscription_template_id"`
	Type string          `param:"subscription_template_type"`
	Name string          `param:"subscription_template_name"`
	query.Page
}

// GetSubscriptionPriceReply is the reply of GetSubscriptionPrice.
type GetSubscriptionPriceReply struct {
	Result []SubscriptionTemplate `json:"result"`
}

// SubscriptionTemplate is a kind of subscription with its price
// (docs/evidence.md#prices).
type SubscriptionTemplate struct {
	ID                          int64  `json:"subscription_template_id"`
	Type                        string `json:"subscription_template_type"`
	Name                        string `json:"subscription_template_name"`
	Currency                    string `json:"currency"`
	InstallationPrice           amount `json:"installation_price"` // without tax
	InstallationPriceInCurrency amount `json:"installation_price_in_currency"`
	InstallationTaxReserve      amount `json:"installation_tax_reserve"`
	Price                       amount `json:"price"` // monthly, taxes included
	PriceInCurrency             amount `json:"price_in_currency"`
	TaxReserve                  amount `json:"tax_reserve"`
	Period                      string `json:"period"`
	VerificationStatus          string `json:"verification_status"`
}

// aMonth is a month in the format of the service (docs/evidence.md#prices).
const aMonth = "0-1-0 0:0:0"

// GetSubscriptionPrice returns the scenario's price of a SIP registration and an assumed
// price of a phone number (A69).
func GetSubscriptionPrice(tx *store.Tx, caller vox.Principal, p GetSubscriptionPriceParams) (GetSubscriptionPriceReply, error) {
	account, _ := store.Get(tx, store.Accounts, caller.AccountID)
	terms := tx.Settings().Billing
	number := vox.Billing{MonthlyFee: terms.MonthlyFee, TaxPercent: terms.TaxPercent}
	all := []SubscriptionTemplate{
		template(1, "SIP_REGISTRATION", vox.SubscriptionName, account.Currency, terms),
		template(2, "PHONE_NUM", "Phone GB", account.Currency, number),
	}
	all = slices.DeleteFunc(all, func(t SubscriptionTemplate) bool {
		return p.Type != "" && t.Type != p.Type || p.Name != "" && t.Name != p.Name ||
			!p.ID.All && len(p.ID.IDs) > 0 && !slices.Contains(p.ID.IDs, t.ID)
	})
	found, _ := reply.Cut(all, p.Page)
	return GetSubscriptionPriceReply{found}, nil
}

func template(id int64, kind, name, currency string, terms vox.Billing) SubscriptionTemplate {
	return SubscriptionTemplate{
		ID: id, Type: kind, Name: name, Currency: currency,
		InstallationPrice: amount(terms.InstallationFee), InstallationPriceInCurrency: amount(terms.InstallationFee),
		InstallationTaxReserve: amount(terms.Tax(terms.InstallationFee)),
		Price:                  amount(terms.Month(terms.MonthlyFee)), PriceInCurrency: amount(terms.Month(terms.MonthlyFee)),
		TaxReserve: amount(terms.Tax(terms.MonthlyFee)),
		Period:     aMonth, VerificationStatus: "NOT_REQUIRED",
	}
}
