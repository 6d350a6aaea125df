package sipreg

import (
	"time"

	"github.com/voxemu/voxemu/emulator/internal/store"
	"github.com/voxemu/voxemu/emulator/vox"
)

// Row is one registration of a list (facts.md §4.2); there is no password.
type Row struct {
	ID              int64  `json:"sip_registration_id"`
	SIPUsername     string `json:"sip_username"`
	Proxy           string `json:"proxy"`
	LastUpdated     int64  `json:"last_updated"` // unix seconds, A16
	AuthUser        string `json:"auth_user,omitempty"`
	OutboundProxy   string `json:"outbound_proxy,omitempty"`
	Successful      *bool  `json:"successful,omitempty"` // absent while in progress, A15
	StatusCode      int64  `json:"status_code,omitempty"`
	ErrorMessage    string `json:"error_message,omitempty"`
	Deactivated     bool   `json:"deactivated"`
	NextRenewal     string `json:"next_subscription_renewal"`
	PurchaseDate    string `json:"purchase_date"` // UTC, A16
	Price           string `json:"subscription_price"`
	IsPersistent    bool   `json:"is_persistent"`
	UserID          int64  `json:"user_id,omitempty"`
	UserName        string `json:"user_name,omitempty"`
	ApplicationID   int64  `json:"application_id,omitempty"`
	ApplicationName string `json:"application_name,omitempty"` // the full one, A17
	RuleID          int64  `json:"rule_id,omitempty"`
	RuleName        string `json:"rule_name,omitempty"`
}

func rows(tx *store.Tx, registrations []vox.Registration) []Row {
	list := make([]Row, len(registrations))
	var texts texts
	for i, r := range registrations {
		list[i] = row(tx, r, &texts)
	}
	return list
}

// texts are what the last row wrote: the rows of a list mostly share price and
// dates, and writing these anew took a tenth of a list's time.
type texts struct {
	price    text[vox.Money]
	renewal  text[time.Time] // by its day
	purchase text[time.Time]
}

type text[K comparable] struct {
	of      K
	written string
}

func (t *text[K]) write(of K, write func() string) string {
	if t.of != of || t.written == "" {
		*t = text[K]{of, write()}
	}
	return t.written
}

func row(tx *store.Tx, r vox.Registration, texts *texts) Row {
	application, bound := tx.Applications().Get(r.ApplicationID)
	rule, _ := tx.Rules().Get(r.RuleID)
	user, _ := tx.Users().Get(r.UserID)
	out := Row{
		ID: r.ID, SIPUsername: r.SIPUsername, Proxy: r.Proxy, LastUpdated: r.LastUpdated.Unix(),
		AuthUser: r.AuthUser, OutboundProxy: r.OutboundProxy, Successful: successful(r),
		StatusCode: r.StatusCode, ErrorMessage: r.ErrorMessage, Deactivated: r.Deactivated,
		NextRenewal:  texts.renewal.write(r.NextRenewal.UTC().Truncate(24*time.Hour), func() string { return r.NextRenewal.UTC().Format(time.DateOnly) }),
		PurchaseDate: texts.purchase.write(r.PurchaseDate.UTC(), func() string { return r.PurchaseDate.UTC().Format(time.DateTime) }),
		Price:        texts.price.write(r.Price, r.Price.String), IsPersistent: !r.NonPersistent,
		UserID: user.ID, UserName: user.Name, RuleID: rule.ID, RuleName: rule.Name,
	}
	if bound {
		account, _ := tx.Accounts().Get(r.AccountID)
		out.ApplicationID, out.ApplicationName = application.ID, application.FullName(account.Name)
	}
	return out
}

func successful(r vox.Registration) *bool {
	finished := r.State == vox.Successful || r.State == vox.Failed
	if !finished {
		return nil
	}
	ok := r.State == vox.Successful
	return &ok
}
