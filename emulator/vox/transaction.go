package vox

import "time"

// TransactionType is what a transaction was for.
type TransactionType string

// The types that the emulator records or a scenario may hold, as the service
// writes them (facts.md §5.5); card_payment is the one for a top-up that every
// SDK's list has.
const (
	CardPayment                    TransactionType = "card_payment"
	SubscriptionInstallationCharge TransactionType = "subscription_installation_charge"
	SubscriptionCharge             TransactionType = "subscription_charge"
	TaxCharge                      TransactionType = "tax_charge"
	SubscriptionCancel             TransactionType = "subscription_cancel"
	SIPRegistrationCharge          TransactionType = "sip_registration_charge"
	Refund                         TransactionType = "refund"
)

// TransactionTypes lists every type.
func TransactionTypes() []TransactionType {
	return []TransactionType{CardPayment, SubscriptionInstallationCharge, SubscriptionCharge,
		TaxCharge, SubscriptionCancel, SIPRegistrationCharge, Refund}
}

// Transaction is one line of an account's books (facts.md §7,
// GetTransactionHistory). Money on hold is none yet: registrations say what they
// hold.
type Transaction struct {
	// ID identifies the transaction (transaction_id); required, positive.
	ID int64 `yaml:"id" jsonschema:"required"`
	// AccountID is the owner; default: the only account of its file.
	AccountID int64 `yaml:"account_id,omitempty"`
	// Type is what it was for; required.
	Type TransactionType `yaml:"type" jsonschema:"required"`
	// Amount is what the account's balance grew by: negative for a charge.
	Amount Money `yaml:"amount" jsonschema:"required"`
	// Currency is the amount's; default: the account's.
	Currency string `yaml:"currency,omitempty"`
	// PerformedAt is when it was charged or paid in; default: the moment of
	// loading.
	PerformedAt time.Time `yaml:"performed_at,omitempty"`
	// Description says the same for people.
	Description string `yaml:"description,omitempty"`
	// RegistrationID is the registration that it paid for, which may be gone;
	// zero: none.
	RegistrationID int64 `yaml:"sip_registration_id,omitempty"`
}
