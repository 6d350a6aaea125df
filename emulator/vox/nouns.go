package vox

import "time"

// Account is a customer of the service; everything else belongs to one.
type Account struct {
	// ID identifies the account (account_id); required, positive.
	ID int64 `yaml:"id" jsonschema:"required"`
	// ParentID is the account that may act for this one; zero: none
	// (docs/evidence.md#parents-and-children).
	ParentID int64 `yaml:"parent_account_id,omitempty"`
	// Name is the account's unique name, also the middle of a full
	// application name (docs/evidence.md#full-names); required.
	Name string `yaml:"name" jsonschema:"required"`
	// Email is the owner's address, unique when given (account_email).
	Email string `yaml:"email,omitempty"`
	// APIKey is the secret that acts with all rights; empty: the account can
	// only be used with service-account keys (docs/evidence.md#credentials).
	APIKey string `yaml:"api_key,omitempty" secret:"true"`
	// FirstName and LastName are the owner's.
	FirstName string `yaml:"first_name,omitempty"`
	LastName  string `yaml:"last_name,omitempty"`
	// Language is the code of the language of notifications, for example en;
	// Location the account's time zone, for example Etc/GMT.
	Language string `yaml:"language_code,omitempty"`
	Location string `yaml:"location,omitempty"`
	// MobilePhone is the owner's number.
	MobilePhone string `yaml:"mobile_phone,omitempty"`
	// CustomData is any text of the client's.
	CustomData string `yaml:"custom_data,omitempty"`
	// Inactive accounts were switched off by their parent; the API says
	// active=false. They are refused (A78).
	Inactive bool `yaml:"inactive,omitempty"`
	// Created is when the account was made; default: the moment of loading.
	Created time.Time `yaml:"created,omitempty"`
	// Balance is what the account can spend, in Currency: what was paid in less
	// MoneyOnHold (docs/evidence.md#balance-on-hold); default 0.
	Balance Money `yaml:"balance,omitempty"`
	// MoneyOnHold is reserved for the running month of the account's
	// registrations: always the sum of what they hold, which is the default.
	MoneyOnHold Money `yaml:"money_on_hold,omitempty"`
	// CreditLimit is how far below zero Balance may go; default 0.
	CreditLimit Money `yaml:"credit_limit,omitempty"`
	// MaxSIPRegistrations is the most registrations that the account may have;
	// default 0: no limit (docs/evidence.md#limits-of-registrations).
	MaxSIPRegistrations int64 `yaml:"max_sip_registrations,omitempty"`
	// CallbackURL is where the account's callbacks are sent; empty: nowhere
	// (docs/evidence.md#delivery).
	CallbackURL string `yaml:"callback_url,omitempty"`
	// CallbackSalt is part of a callback's hash (docs/evidence.md#callback-hash).
	CallbackSalt string `yaml:"callback_salt,omitempty" secret:"true"`
	// AccountNotifications, TariffChangingNotifications and NewsNotifications are
	// which mails the owner wants; none is sent here.
	AccountNotifications        bool `yaml:"account_notifications,omitempty"`
	TariffChangingNotifications bool `yaml:"tariff_changing_notifications,omitempty"`
	NewsNotifications           bool `yaml:"news_notifications,omitempty"`
	// MinBalanceToNotify is the balance below which the account is notified;
	// default 0 (docs/evidence.md#callback-hash).
	MinBalanceToNotify Money `yaml:"min_balance_to_notify,omitempty"`
	// Currency is USD, EUR or RUR; default USD (docs/evidence.md#create-reply).
	Currency string `yaml:"currency,omitempty"`
	// Frozen tells that the platform's administrators froze the account. Nothing
	// else sets or clears it, and its calls are answered as before (A41).
	Frozen bool `yaml:"frozen,omitempty"`
}

// FixedBalance is what was paid in less what was charged, holds included:
// Balance + MoneyOnHold (docs/evidence.md#balance-on-hold).
func (a Account) FixedBalance() Money { return a.Balance.Add(a.MoneyOnHold) }

// CanPay reports whether Balance and CreditLimit together suffice for an amount
// (A36).
func (a Account) CanPay(amount Money) bool { return a.Balance.Add(a.CreditLimit).Cmp(amount) >= 0 }

// Key is a service account: an RSA key pair with roles (docs/evidence.md#key-files).
type Key struct {
	// ID is the key id, sent as "kid" in a token's header; letters, digits,
	// dot, dash and underscore.
	ID string `yaml:"id" jsonschema:"required"`
	// AccountID is the owner; default: the only account of its file.
	AccountID int64 `yaml:"account_id,omitempty"`
	// Name and Description are the client's own texts.
	Name        string `yaml:"name,omitempty"`
	Description string `yaml:"description,omitempty"`
	// Roles are what the key may do; none: nothing that asks for a role.
	Roles []Role `yaml:"roles,omitempty"`
	// PrivateKey is PKCS#8 PEM, RSA; empty: made when first asked for.
	PrivateKey string `yaml:"private_key,omitempty" secret:"true"`
	// PublicKey is PKIX PEM and verifies tokens; default: that of PrivateKey.
	PublicKey string `yaml:"public_key,omitempty"`
}

// State is where a registration stands with the PBX.
type State string

// The states of a registration.
const (
	// InProgress: registering; the reply has no status fields (docs/evidence.md#status).
	InProgress State = "in_progress"
	// Successful: the PBX accepted; StatusCode is 200.
	Successful State = "successful"
	// Failed: the PBX refused or was not reached; StatusCode and ErrorMessage
	// say how.
	Failed State = "failed"
	// Offline: not registering, because it is frozen or non-persistent without
	// a logged-in user (docs/evidence.md#persistence); no status fields.
	Offline State = "offline"
)

// States lists all states, in the order of a registration's life.
func States() []State { return []State{InProgress, Successful, Failed, Offline} }

// Registration is one SIP registration at somebody's PBX (docs/evidence.md#status).
type Registration struct {
	// ID identifies the registration (sip_registration_id); required, positive.
	ID int64 `yaml:"id" jsonschema:"required"`
	// AccountID is the owner; default: the only account of its file.
	AccountID int64 `yaml:"account_id,omitempty"`
	// SIPUsername is the user part of the address of record; required.
	SIPUsername string `yaml:"sip_username" jsonschema:"required"`
	// Proxy is the registrar, host or host:port; required.
	Proxy string `yaml:"proxy" jsonschema:"required"`
	// AuthUser answers the digest challenge; default: SIPUsername.
	AuthUser string `yaml:"auth_user,omitempty"`
	// OutboundProxy is where requests are sent instead of Proxy.
	OutboundProxy string `yaml:"outbound_proxy,omitempty"`
	// Password answers the digest challenge; never returned by the API.
	Password string `yaml:"password,omitempty" secret:"true"`
	// NonPersistent registrations are active only while their user is logged
	// in; the API says is_persistent=false (docs/evidence.md#persistence).
	NonPersistent bool `yaml:"non_persistent,omitempty"`
	// ApplicationID, RuleID and UserID are what incoming calls reach; zero:
	// not bound.
	ApplicationID int64 `yaml:"application_id,omitempty"`
	RuleID        int64 `yaml:"rule_id,omitempty"`
	UserID        int64 `yaml:"user_id,omitempty"`
	// State is where the registration stands. A row that names one stays there
	// until Due, or until something starts it over; default: the registration
	// starts when it is loaded, like one that was just created.
	State State `yaml:"state,omitempty"`
	// StatusCode is the SIP status of the last attempt; default 200 when
	// Successful, required when Failed, zero otherwise.
	StatusCode int64 `yaml:"status_code,omitempty"`
	// ErrorMessage is the reason beside a failing StatusCode.
	ErrorMessage string `yaml:"error_message,omitempty"`
	// NeverSuccessful tells that no registrar has accepted the registration yet,
	// so that its failure is not reported (A45); default: of a row that names a
	// state, no.
	NeverSuccessful bool `yaml:"never_successful,omitempty"`
	// Failing tells that a failure was reported by a callback and that the
	// registration has not been successful since (A45); default: that it failed
	// and was successful before.
	Failing bool `yaml:"failing,omitempty"`
	// Deactivated tells that the subscription is frozen for lack of money.
	Deactivated bool `yaml:"deactivated,omitempty"`
	// LastUpdated is the last change of state; default: the moment of loading.
	LastUpdated time.Time `yaml:"last_updated,omitempty"`
	// PurchaseDate is when the subscription began; default: the moment of
	// loading.
	PurchaseDate time.Time `yaml:"purchase_date,omitempty"`
	// NextRenewal is the day of the next monthly charge, midnight UTC; default:
	// the first RenewalDay that is still to come, a calendar month after
	// PurchaseDate or later.
	NextRenewal time.Time `yaml:"next_subscription_renewal,omitempty"`
	// RenewalDay is the day of the month on which the subscription renews, 1 to
	// 31, the last day of shorter months; default: the day of PurchaseDate, or of
	// NextRenewal when that is another one.
	RenewalDay int64 `yaml:"renewal_day,omitempty"`
	// Price is the monthly fee in the account's currency, without tax; default:
	// the scenario's monthly fee. 0 is a price as well, so it is written out.
	Price Money `yaml:"subscription_price"`
	// MoneyOnHold is what the account has reserved for the registration's running
	// month; default: Price and its tax, nothing when Deactivated.
	MoneyOnHold Money `yaml:"money_on_hold,omitempty"`
	// DetachDate is when the platform removes the frozen subscription; zero:
	// never. Default when Deactivated: the scenario's detach_after past the moment
	// of loading (A40).
	DetachDate time.Time `yaml:"detach_date,omitempty"`
	// Due is when the registrar answers next; zero: never, or never anything
	// else than before.
	Due time.Time `yaml:"due,omitempty"`
	// Answers counts what the registrar has answered since the registration
	// started: its place in a sequence of answers.
	Answers int64 `yaml:"answers,omitempty"`
}
