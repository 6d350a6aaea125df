package vox

import "time"

// TransactionType is the reason of a transaction.
type TransactionType string

// The types of transactions that the emulator records. It uses card_payment for top-ups
// because every SDK lists it.
const (
	CardPayment                    TransactionType = "card_payment"
	SubscriptionInstallationCharge TransactionType = "subscription_installation_charge"
	SubscriptionCharge             TransactionType = "subscription_charge"
	TaxCharge                      TransactionType = "tax_charge"
	SIPRegistrationCharge          TransactionType = "sip_registration_charge"
)

// TransactionTypes returns the 50 types that the official SDKs of 2026 document, and
// subscription_cancel, which only older SDKs have. The reference of 2026-09 states that
// there are 48 and does not name them (docs/evidence.md#transactions).
func TransactionTypes() []TransactionType {
	return []TransactionType{
		CardPayment, SubscriptionInstallationCharge, SubscriptionCharge, TaxCharge, SIPRegistrationCharge,
		"gift_revoke", "resource_charge", "money_distribution", "card_periodic_payment", "card_overrun_payment",
		"rub_card_periodic_payment", "rub_card_overrun_payment", "rub_card_payment", "robokassa_payment", "gift",
		"promo", "adjustment", "wire_transfer", "us_wire_transfer", "discount", "mgp_charge", "mgp_startup",
		"mgp_business", "mgp_big_business", "mgp_enterprise", "mgp_large_enterprise", "techsupport_charge",
		"monthly_fee_charge", "grace_credit_payment", "grace_credit_provision", "mau_charge", "mau_overrun",
		"im_charge", "im_overrun", "fmc_charge", "development_fee", "money_transfer_to_child",
		"money_transfer_to_parent", "money_acceptance_from_child", "money_acceptance_from_parent",
		"phone_number_installation", "phone_number_charge", "toll_free_phone_number_installation",
		"toll_free_phone_number_charge", "services", "user_money_transfer", "paypal_payment",
		"paypal_overrun_payment", "paypal_periodic_payment",
		"refund", "subscription_cancel",
	}
}

// Transaction is one line of an account's books (docs/evidence.md#transactions,
// GetTransactionHistory). Reserving money is not a transaction, see
// [Registration].MoneyOnHold.
type Transaction struct {
	// ID is transaction_id; required, positive.
	ID int64 `yaml:"id" jsonschema:"required"`
	// AccountID is the owner; default: the only account of the file.
	AccountID int64 `yaml:"account_id,omitempty"`
	// Type is the reason of the transaction; required.
	Type TransactionType `yaml:"type" jsonschema:"required"`
	// Amount is the change of the account's balance: negative for a charge; required.
	Amount Money `yaml:"amount" jsonschema:"required"`
	// Currency is the currency of Amount; default: the account's.
	Currency string `yaml:"currency,omitempty"`
	// PerformedAt is the time of the transaction; default: the time of loading.
	PerformedAt time.Time `yaml:"performed_at,omitempty"`
	// Description is the reason as free text.
	Description string `yaml:"description,omitempty"`
	// RegistrationID is the registration that was paid for; it may have been deleted;
	// zero: none.
	RegistrationID int64 `yaml:"sip_registration_id,omitempty"`
	// ApplicationID is the application to which the registration was bound; it may have
	// been deleted; zero: none.
	ApplicationID int64 `yaml:"application_id,omitempty"`
}

// SubscriptionName is the name of all subscriptions, because only registrations have one
// (A47).
const SubscriptionName = "SIP registration"
