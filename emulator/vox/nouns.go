package vox

import "time"

// Account is a customer of the service. Every other object belongs to one account.
type Account struct {
	// ID is account_id; required, positive.
	ID int64 `yaml:"id" jsonschema:"required"`
	// ParentID is the parent account, which may act for this one; zero: none
	// (docs/evidence.md#parents-and-children).
	ParentID int64 `yaml:"parent_account_id,omitempty"`
	// Name is the unique name of the account, which is also the middle part of full
	// application names (docs/evidence.md#full-names); required.
	Name string `yaml:"name" jsonschema:"required"`
	// Email is account_email; unique if given.
	Email string `yaml:"email,omitempty"`
	// APIKey is the secret that grants all rights; without it and Password, only
	// service-account keys can use the account (docs/evidence.md#credentials).
	APIKey string `yaml:"api_key,omitempty" secret:"true"`
	// Password grants all rights too, sent as account_password; empty: none
	// (docs/evidence.md#credentials).
	Password string `yaml:"password,omitempty" secret:"true"`
	// FirstName is the owner's first name.
	FirstName string `yaml:"first_name,omitempty"`
	// LastName is the owner's last name.
	LastName string `yaml:"last_name,omitempty"`
	// Language is the language code of notifications, for example en.
	Language string `yaml:"language_code,omitempty"`
	// Location is the account's time zone, for example Etc/GMT.
	Location string `yaml:"location,omitempty"`
	// MobilePhone is the owner's phone number.
	MobilePhone string `yaml:"mobile_phone,omitempty"`
	// CustomData is free text.
	CustomData string `yaml:"custom_data,omitempty"`
	// Inactive reports whether the account was deactivated by its parent (active=false in
	// the API). Its calls are refused (A78).
	Inactive bool `yaml:"inactive,omitempty"`
	// Created is the time of creation; default: the time of loading.
	Created time.Time `yaml:"created,omitempty"`
	// Balance is what the account can spend, in Currency: all payments less all charges
	// and MoneyOnHold (docs/evidence.md#balance-on-hold); default 0.
	Balance Money `yaml:"balance,omitempty"`
	// MoneyOnHold is reserved for the current month of the account's registrations. It is
	// always the sum of their MoneyOnHold, which is also the default.
	MoneyOnHold Money `yaml:"money_on_hold,omitempty"`
	// CreditLimit is how far Balance may fall below zero; default 0.
	CreditLimit Money `yaml:"credit_limit,omitempty"`
	// MaxSIPRegistrations is the maximum number of registrations; default 0: no limit
	// (docs/evidence.md#limits-of-registrations).
	MaxSIPRegistrations int64 `yaml:"max_sip_registrations,omitempty"`
	// CallbackURL is the address to which callbacks are sent; empty: none are sent
	// (docs/evidence.md#delivery).
	CallbackURL string `yaml:"callback_url,omitempty"`
	// CallbackSalt is an input of the callbacks' hash (docs/evidence.md#callback-hash).
	CallbackSalt string `yaml:"callback_salt,omitempty" secret:"true"`
	// AccountNotifications reports whether the owner wants mails on the account. The
	// emulator sends none.
	AccountNotifications bool `yaml:"account_notifications,omitempty"`
	// TariffChangingNotifications reports whether the owner wants mails on changed prices.
	// The emulator sends none.
	TariffChangingNotifications bool `yaml:"tariff_changing_notifications,omitempty"`
	// NewsNotifications reports whether the owner wants mails on news. The emulator sends
	// none.
	NewsNotifications bool `yaml:"news_notifications,omitempty"`
	// MinBalanceToNotify is the balance below which a callback reports a low balance;
	// default 0 (docs/evidence.md#callback-hash).
	MinBalanceToNotify Money `yaml:"min_balance_to_notify,omitempty"`
	// Currency is USD, EUR or RUR; default USD (docs/evidence.md#create-reply).
	Currency string `yaml:"currency,omitempty"`
	// Frozen reports whether the platform's administrators froze the account. Only a
	// scenario or a tester sets it, and calls of the account succeed as before (A41).
	Frozen bool `yaml:"frozen,omitempty"`
}

// FixedBalance returns payments less charges: Balance + MoneyOnHold
// (docs/evidence.md#balance-on-hold).
func (a Account) FixedBalance() Money { return a.Balance.Add(a.MoneyOnHold) }

// CanPay reports whether Balance and CreditLimit together cover the amount (A36).
func (a Account) CanPay(amount Money) bool { return a.Balance.Add(a.CreditLimit).Cmp(amount) >= 0 }

// Key is the key of a service account: an RSA key pair with roles
// (docs/evidence.md#key-files).
type Key struct {
	// ID is the key id, sent as "kid" in a token's header; letters, digits, dots, dashes
	// and underscores; required.
	ID string `yaml:"id" jsonschema:"required"`
	// AccountID is the owner; default: the only account of the file.
	AccountID int64 `yaml:"account_id,omitempty"`
	// Name is the name of the service account, as free text.
	Name string `yaml:"name,omitempty"`
	// Description is the purpose of the key, as free text.
	Description string `yaml:"description,omitempty"`
	// Roles are the roles of the key; none: only methods that need no role are allowed.
	Roles []Role `yaml:"roles,omitempty"`
	// PrivateKey is an RSA key, PKCS#8 PEM; empty: generated on first use.
	PrivateKey string `yaml:"private_key,omitempty" secret:"true"`
	// PublicKey verifies tokens, PKIX PEM; default: the one of PrivateKey.
	PublicKey string `yaml:"public_key,omitempty"`
}

// State is the state of a registration at the PBX.
type State string

// The states of a registration.
const (
	// InProgress: waiting for an answer; replies contain no status fields
	// (docs/evidence.md#status).
	InProgress State = "in_progress"
	// Successful: the PBX accepted; StatusCode is 200.
	Successful State = "successful"
	// Failed: the PBX refused or was not reachable; StatusCode and ErrorMessage give
	// details.
	Failed State = "failed"
	// Offline: not registering, because the subscription is frozen, or the registration
	// is non-persistent and has no logged-in user (docs/evidence.md#persistence). Replies
	// contain no status fields.
	Offline State = "offline"
)

// States returns all states, in the order of a registration's life.
func States() []State { return []State{InProgress, Successful, Failed, Offline} }

// Registration is one SIP registration at a PBX (docs/evidence.md#status).
type Registration struct {
	// ID is sip_registration_id; required, positive.
	ID int64 `yaml:"id" jsonschema:"required"`
	// AccountID is the owner; default: the only account of the file.
	AccountID int64 `yaml:"account_id,omitempty"`
	// SIPUsername is the user part of the address of record; required.
	SIPUsername string `yaml:"sip_username" jsonschema:"required"`
	// Proxy is the registrar, as host or host:port; required.
	Proxy string `yaml:"proxy" jsonschema:"required"`
	// AuthUser is the user name for digest authentication; default: SIPUsername.
	AuthUser string `yaml:"auth_user,omitempty"`
	// OutboundProxy receives the requests instead of Proxy; empty: none.
	OutboundProxy string `yaml:"outbound_proxy,omitempty"`
	// Password is the password for digest authentication. The API never returns it.
	Password string `yaml:"password,omitempty" secret:"true"`
	// NonPersistent reports whether the registration is active only while its user is
	// logged in; is_persistent=false in the API (docs/evidence.md#persistence).
	NonPersistent bool `yaml:"non_persistent,omitempty"`
	// ApplicationID is the application that the registration is bound to, for incoming
	// calls; zero: not bound.
	ApplicationID int64 `yaml:"application_id,omitempty"`
	// RuleID is the rule of the application that the registration is bound to; zero: not
	// bound.
	RuleID int64 `yaml:"rule_id,omitempty"`
	// UserID is the user of the application that the registration is bound to; zero: not
	// bound. A user has at most one registration.
	UserID int64 `yaml:"user_id,omitempty"`
	// State is the current state. A row with a state keeps it until Due or until
	// something restarts the registration. Default: the registration starts on loading,
	// like a newly created one.
	State State `yaml:"state,omitempty"`
	// StatusCode is the SIP status of the last answer. Default 200 if Successful;
	// required if Failed; zero otherwise.
	StatusCode int64 `yaml:"status_code,omitempty"`
	// ErrorMessage is the reason phrase of a failing StatusCode.
	ErrorMessage string `yaml:"error_message,omitempty"`
	// NeverSuccessful reports whether no registrar has accepted the registration yet, in
	// which case callbacks do not report its failure (A45). Default: true unless the row
	// has a State.
	NeverSuccessful bool `yaml:"never_successful,omitempty"`
	// Failing reports whether a callback reported a failure after which the registration
	// has not been successful (A45). Default: true if State is Failed and NeverSuccessful
	// is false.
	Failing bool `yaml:"failing,omitempty"`
	// Deactivated reports whether the subscription is frozen for lack of money.
	Deactivated bool `yaml:"deactivated,omitempty"`
	// LastUpdated is the time of the last change of State; default: the time of loading.
	LastUpdated time.Time `yaml:"last_updated,omitempty"`
	// PurchaseDate is the start of the subscription; default: the time of loading.
	PurchaseDate time.Time `yaml:"purchase_date,omitempty"`
	// NextRenewal is the day of the next monthly charge, at midnight UTC. Default:
	// PurchaseDate plus one calendar month, or plus as many as reach the future.
	NextRenewal time.Time `yaml:"next_subscription_renewal,omitempty"`
	// RenewalDay is the day of the month on which the subscription renews, 1 to 31; in
	// shorter months the last day. Default: the day of NextRenewal if given, else that of
	// PurchaseDate.
	RenewalDay int64 `yaml:"renewal_day,omitempty"`
	// Price is the monthly fee in the account's currency, without tax; default: the
	// scenario's monthly fee. Exports contain it even if it is 0, which is a valid price.
	Price Money `yaml:"subscription_price"`
	// MoneyOnHold is the amount reserved for the current month; default: Price plus tax,
	// or 0 if Deactivated.
	MoneyOnHold Money `yaml:"money_on_hold,omitempty"`
	// DetachDate is when the platform removes the frozen subscription; zero: never.
	// Default if Deactivated: the time of loading plus the scenario's detach_after (A40).
	DetachDate time.Time `yaml:"detach_date,omitempty"`
	// Due is the time of the registrar's next answer; zero: no different answer follows.
	Due time.Time `yaml:"due,omitempty"`
	// Answers is the number of answers since the registration started, which is its
	// position in a sequence of answers.
	Answers int64 `yaml:"answers,omitempty"`
}
