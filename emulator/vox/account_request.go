package vox

import "time"

// AccountRequest describes an account to create through the control API. Every member is
// optional.
type AccountRequest struct {
	// Name is unique; default: account-ID.
	Name string `json:"name"`
	// APIKey is the account's api_key; default: a random one.
	APIKey string `json:"api_key"`
	// Balance is the initial balance; default: 100.00.
	Balance *Money `json:"balance"`
	// Currency is USD, EUR or RUR; default: USD.
	Currency string `json:"currency"`
	// ParentID is an existing account, which may act for this one; default: none.
	ParentID int64 `json:"parent_account_id"`
	// Email is unique; default: account-ID@example.com.
	Email string `json:"email"`
	// Password is sent as account_password; default: none.
	Password string `json:"password"`
	// The other members are those of [Account], with the same defaults.
	FirstName                   string     `json:"first_name"`
	LastName                    string     `json:"last_name"`
	Language                    string     `json:"language_code"`
	Location                    string     `json:"location"`
	MobilePhone                 string     `json:"mobile_phone"`
	CustomData                  string     `json:"custom_data"`
	Inactive                    bool       `json:"inactive"`
	Created                     *time.Time `json:"created"`
	CreditLimit                 Money      `json:"credit_limit"`
	MaxSIPRegistrations         int64      `json:"max_sip_registrations"`
	CallbackURL                 string     `json:"callback_url"`
	CallbackSalt                string     `json:"callback_salt"`
	AccountNotifications        bool       `json:"account_notifications"`
	TariffChangingNotifications bool       `json:"tariff_changing_notifications"`
	NewsNotifications           bool       `json:"news_notifications"`
	MinBalanceToNotify          Money      `json:"min_balance_to_notify"`
	Frozen                      bool       `json:"frozen"`
	// Roles are the roles of the account's service-account key; default: Owner.
	Roles []Role `json:"roles"`
	// Credentials reports whether an RSA key is made for the account, which takes about
	// 0.1 s; default: true.
	Credentials *bool `json:"credentials"`
	// Applications are created in the account; default: none.
	Applications []ApplicationRequest `json:"applications"`
}

// ApplicationRequest describes an application to create in a new account.
type ApplicationRequest struct {
	// Name is unique in the account; required.
	Name string `json:"name"`
	// Rules and Users are names, unique in the application.
	Rules []string `json:"rules"`
	Users []string `json:"users"`
}

// CreatedAccount is a new account with its secrets.
type CreatedAccount struct {
	AccountSummary
	APIKey string `json:"api_key"`
	KeyID  string `json:"key_id"`
	// Credentials is the content of credentials.json; nil if it was not requested.
	Credentials  *Credentials         `json:"credentials,omitempty"`
	Applications []CreatedApplication `json:"applications"`
}

// CreatedApplication is one application of a [CreatedAccount].
type CreatedApplication struct {
	ID int64 `json:"application_id"`
	// Name is the full name, as in the API's replies.
	Name  string  `json:"application_name"`
	Rules []Named `json:"rules"`
	Users []Named `json:"users"`
}

// Named is the id and name of a rule or user of a [CreatedApplication].
type Named struct {
	ID   int64  `json:"id"`
	Name string `json:"name"`
}

// Credentials is the content of credentials.json, which the official SDKs read.
type Credentials struct {
	AccountEmail string `json:"account_email"`
	AccountID    int64  `json:"account_id"`
	KeyID        string `json:"key_id"`
	PrivateKey   string `json:"private_key"` // PKCS#8 PEM: Java accepts nothing else
}

// AccountSummary is an account without its secrets, as the control API returns it.
type AccountSummary struct {
	ID          int64  `json:"account_id"`
	ParentID    int64  `json:"parent_account_id,omitempty"`
	Name        string `json:"name"`
	Email       string `json:"email,omitempty"`
	Balance     Money  `json:"balance"`
	MoneyOnHold Money  `json:"money_on_hold"`
	CreditLimit Money  `json:"credit_limit"`
	Currency    string `json:"currency"`
	Frozen      bool   `json:"frozen"`
}

// Summary returns the account without its secrets.
func (a Account) Summary() AccountSummary {
	return AccountSummary{
		ID: a.ID, ParentID: a.ParentID, Name: a.Name, Email: a.Email, Balance: a.Balance,
		MoneyOnHold: a.MoneyOnHold, CreditLimit: a.CreditLimit, Currency: a.Currency, Frozen: a.Frozen,
	}
}
