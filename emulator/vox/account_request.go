package vox

// AccountRequest says how the control API makes an account; everything may be
// left out.
type AccountRequest struct {
	// Name is unique; default: account-ID.
	Name string `json:"name"`
	// APIKey default: a random one.
	APIKey string `json:"api_key"`
	// Balance default: 100.00.
	Balance *Money `json:"balance"`
	// Currency default: USD.
	Currency string `json:"currency"`
	// Roles of its key; default: Owner.
	Roles []Role `json:"roles"`
	// Credentials false saves the tenth of a second that an RSA key takes;
	// default: true.
	Credentials *bool `json:"credentials"`
	// Applications are made in it; default: none.
	Applications []ApplicationRequest `json:"applications"`
}

// ApplicationRequest is an application to make in a new account.
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
	// Credentials is the content of credentials.json; nil: not asked for.
	Credentials  *Credentials         `json:"credentials,omitempty"`
	Applications []CreatedApplication `json:"applications"`
}

// CreatedApplication is an application of a [CreatedAccount].
type CreatedApplication struct {
	ID int64 `json:"application_id"`
	// Name is the full one, as the API's replies carry it.
	Name  string  `json:"application_name"`
	Rules []Named `json:"rules"`
	Users []Named `json:"users"`
}

// Named is a rule or a user of a [CreatedApplication].
type Named struct {
	ID   int64  `json:"id"`
	Name string `json:"name"`
}

// Credentials is what the official SDKs read from credentials.json.
type Credentials struct {
	AccountEmail string `json:"account_email"`
	AccountID    int64  `json:"account_id"`
	KeyID        string `json:"key_id"`
	PrivateKey   string `json:"private_key"` // PKCS#8 PEM: Java accepts nothing else
}

// AccountSummary is an account without secrets, as the control API shows it.
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

// Summary leaves out the account's secrets.
func (a Account) Summary() AccountSummary {
	return AccountSummary{
		ID: a.ID, ParentID: a.ParentID, Name: a.Name, Email: a.Email, Balance: a.Balance,
		MoneyOnHold: a.MoneyOnHold, CreditLimit: a.CreditLimit, Currency: a.Currency, Frozen: a.Frozen,
	}
}
