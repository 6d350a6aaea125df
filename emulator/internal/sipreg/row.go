package sipreg

import (
	"iter"
	"time"

	"github.com/voxemu/voxemu/emulator/internal/jsontext"
	"github.com/voxemu/voxemu/emulator/internal/store"
	"github.com/voxemu/voxemu/emulator/vox"
)

// Row is one registration in a list (docs/evidence.md#registration-fields), without its
// password.
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

// AppendJSON implements [jsontext.Appender].
func (r *Row) AppendJSON(text []byte) []byte {
	o := jsontext.Begin(text).Int("sip_registration_id", r.ID).Text("sip_username", r.SIPUsername).
		Text("proxy", r.Proxy).Int("last_updated", r.LastUpdated).
		OptText("auth_user", r.AuthUser).OptText("outbound_proxy", r.OutboundProxy)
	if r.Successful != nil {
		o = o.Bool("successful", *r.Successful)
	}
	return o.OptInt("status_code", r.StatusCode).OptText("error_message", r.ErrorMessage).
		Bool("deactivated", r.Deactivated).Text("next_subscription_renewal", r.NextRenewal).
		Text("purchase_date", r.PurchaseDate).Text("subscription_price", r.Price).Bool("is_persistent", r.IsPersistent).
		OptInt("user_id", r.UserID).OptText("user_name", r.UserName).
		OptInt("application_id", r.ApplicationID).OptText("application_name", r.ApplicationName).
		OptInt("rule_id", r.RuleID).OptText("rule_name", r.RuleName).End()
}

func rows(tx *store.Tx, registrations iter.Seq[*vox.Registration], atMost int) []Row {
	list := make([]Row, 0, min(atMost, 32))
	var last written
	for r := range registrations {
		list = append(list, row(tx, r, &last))
	}
	return list
}

// written caches the texts of the previous row. Adjacent rows often have the same dates,
// and if created by requests the same price; formatting them again took 10% of a list's
// time.
type written struct {
	price    text[vox.Money]
	renewal  text[time.Time]
	purchase text[time.Time]
}

type text[V comparable] struct {
	value V
	text  string
}

// of returns the text of a value, from the cache if the previous value was the same.
func (t *text[V]) of(value V, write func(V) string) string {
	if t.text == "" || t.value != value {
		t.value, t.text = value, write(value)
	}
	return t.text
}

func day(at time.Time) string    { return at.Format(time.DateOnly) }
func moment(at time.Time) string { return at.Format(time.DateTime) }

func row(tx *store.Tx, r *vox.Registration, last *written) Row {
	application, bound := store.Get(tx, store.Applications, r.ApplicationID)
	rule, _ := store.Get(tx, store.Rules, r.RuleID)
	user, _ := store.Get(tx, store.Users, r.UserID)
	out := Row{
		ID: r.ID, SIPUsername: r.SIPUsername, Proxy: r.Proxy, LastUpdated: r.LastUpdated.Unix(),
		AuthUser: r.AuthUser, OutboundProxy: r.OutboundProxy, Successful: successful(r),
		StatusCode: r.StatusCode, ErrorMessage: r.ErrorMessage, Deactivated: r.Deactivated,
		NextRenewal:  last.renewal.of(r.NextRenewal.UTC().Truncate(24*time.Hour), day),
		PurchaseDate: last.purchase.of(r.PurchaseDate.UTC(), moment),
		Price:        last.price.of(r.Price, vox.Money.String), IsPersistent: !r.NonPersistent,
		UserID: user.ID, UserName: user.Name, RuleID: rule.ID, RuleName: rule.Name,
	}
	if bound {
		account, _ := store.Get(tx, store.Accounts, r.AccountID)
		out.ApplicationID, out.ApplicationName = application.ID, application.FullName(account.Name)
	}
	return out
}

func successful(r *vox.Registration) *bool {
	finished := r.State == vox.Successful || r.State == vox.Failed
	if !finished {
		return nil
	}
	ok := r.State == vox.Successful
	return &ok
}
