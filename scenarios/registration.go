package scenarios

import (
	"cmp"
	"slices"
	"strings"
	"time"
	"unicode"

	"github.com/voxemu/voxemu/emulator/vox"
)

func (d *draft) fillRegistration(r *vox.Registration, at place) {
	r.Failing = r.Failing || r.State == vox.Failed && !r.NeverSuccessful
	if r.State == vox.Successful && r.StatusCode == 0 {
		r.StatusCode = 200
	}
	if !at.has("subscription_price") {
		r.Price = d.head.Billing.MonthlyFee
	}
	if r.MoneyOnHold.IsZero() && !r.Deactivated {
		r.MoneyOnHold = d.head.Billing.Month(r.Price)
	}
}

// dateRegistration sets the times of purchase and renewal.
func (d *draft) dateRegistration(r *vox.Registration, now time.Time) {
	r.PurchaseDate = cmp.Or(r.PurchaseDate, now)
	r.LastUpdated = cmp.Or(r.LastUpdated, now)
	r.NextRenewal = cmp.Or(r.NextRenewal, vox.FirstRenewal(r.PurchaseDate, now))
	r.RenewalDay = cmp.Or(r.RenewalDay, vox.RenewalDay(r.PurchaseDate, r.NextRenewal))
	if after := d.head.Billing.DetachAfter; r.Deactivated && after > 0 {
		r.DetachDate = cmp.Or(r.DetachDate, now.Add(after))
	}
}

func (d *draft) checkRegistration(c checker, r *vox.Registration) {
	c.owner(r.AccountID)
	c.text("sip_username", r.SIPUsername, true)
	c.text("auth_user", r.AuthUser, false)
	c.text("password", r.Password, false)
	c.text("proxy", r.Proxy, true)
	if !isAddress(withoutTransport(r.Proxy)) {
		c.refuse("proxy", "want host or host:port, or that and ;transport=udp, tcp or tls, without white space or slash")
	}
	c.text("outbound_proxy", r.OutboundProxy, false)
	if !isAddress(r.OutboundProxy) {
		c.refuse("outbound_proxy", "want host or host:port, without white space, slash or semicolon")
	}
	c.notNegative("subscription_price", r.Price)
	c.notNegative("money_on_hold", r.MoneyOnHold)
	checkSubscription(c, r)
	checkBinding(c, r)
	d.checkState(c, r)
}

// checkSubscription reports values that no subscription can have.
func checkSubscription(c checker, r *vox.Registration) {
	if r.RenewalDay < 0 || r.RenewalDay > 31 {
		c.refuse("renewal_day", "want 1 to 31")
	}
	if r.Deactivated && !r.MoneyOnHold.IsZero() {
		c.refuse("money_on_hold", "want 0 beside deactivated: a frozen registration holds nothing")
	}
	if !r.Deactivated && !r.DetachDate.IsZero() {
		c.refuse("detach_date", "want none unless the registration is deactivated")
	}
}

// isAddress reports whether the API accepts a text as host or host:port (A24).
func isAddress(value string) bool {
	return !strings.ContainsFunc(value, func(r rune) bool { return unicode.IsSpace(r) || r == '/' || r == ';' })
}

// withoutTransport returns a proxy without its transport (A24).
func withoutTransport(proxy string) string {
	address, transport, _ := strings.Cut(proxy, ";transport=")
	if address != "" && slices.Contains([]string{"udp", "tcp", "tls"}, transport) {
		return address
	}
	return proxy
}

func checkBinding(c checker, r *vox.Registration) {
	if a, ok := refers[vox.Application](c, "application_id", r.ApplicationID); ok && a.AccountID != r.AccountID {
		c.refuse("application_id", "the application belongs to account %d", a.AccountID)
	}
	if rule, ok := refers[vox.Rule](c, "rule_id", r.RuleID); ok && rule.ApplicationID != r.ApplicationID {
		c.refuse("rule_id", "the rule belongs to application %d; name that as application_id", rule.ApplicationID)
	}
	if user, ok := refers[vox.User](c, "user_id", r.UserID); ok && user.ApplicationID != r.ApplicationID {
		c.refuse("user_id", "the user belongs to application %d; name that as application_id", user.ApplicationID)
	}
}
