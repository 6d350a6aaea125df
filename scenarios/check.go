package scenarios

import (
	"cmp"
	"crypto/rsa"
	"crypto/x509"
	"encoding/pem"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/voxemu/voxemu/emulator/vox"
)

// longest is the most characters of a text (A24).
const longest = 255

// checker complains about one row.
type checker struct {
	draft *draft
	row   place
}

func (c checker) complain(field, format string, args ...any) {
	c.draft.complain(c.row.source, c.row.of(field), field+": "+format, args...)
}

// text checks length and, when required, presence.
func (c checker) text(field, value string, required bool) {
	switch {
	case required && value == "":
		c.complain(field, "required")
	case utf8.RuneCountInString(value) > longest:
		c.complain(field, "want at most %d characters", longest)
	}
}

func oneOf[S ~string](c checker, field string, value S, allowed ...S) {
	if value != "" && !slices.Contains(allowed, value) {
		words := make([]string, len(allowed))
		for i, a := range allowed {
			words[i] = string(a)
		}
		c.complain(field, "want one of %s", strings.Join(words, ", "))
	}
}

// refers checks a reference to a row of the same account; 0 is none.
func refers[R any](c checker, field string, id int64, rows map[int64]*R) (*R, bool) {
	row, ok := rows[id]
	if id != 0 && !ok {
		c.complain(field, "there is no %d", id)
	}
	return row, ok
}

func each[K cmp.Ordered, R any](d *draft, t table[K, R], check func(checker, *R)) {
	for _, id := range t.ids() {
		c := checker{d, t.places[id]}
		if number, ok := any(id).(int64); ok && number <= 0 {
			c.complain("id", "want a positive integer")
		}
		check(c, t.rows[id])
	}
}

// unique finds names that stand twice within the same scope.
func unique[K cmp.Ordered, R any](d *draft, t table[K, R], field string, key func(R) string) {
	first := map[string]K{}
	for _, id := range t.ids() {
		k := key(*t.rows[id])
		if k == "" {
			continue
		}
		if earlier, taken := first[k]; taken {
			checker{d, t.places[id]}.complain(field, "already used by %v", earlier)
			continue
		}
		first[k] = id
	}
}

func (d *draft) check() {
	d.checkSettings()
	each(d, d.accounts, d.checkAccount)
	each(d, d.keys, d.checkKey)
	each(d, d.applications, d.checkApplication)
	each(d, d.rules, d.checkRule)
	each(d, d.users, d.checkUser)
	each(d, d.registrations, d.checkRegistration)
	unique(d, d.accounts, "name", func(a vox.Account) string { return a.Name })
	unique(d, d.accounts, "email", func(a vox.Account) string { return a.Email })
	unique(d, d.applications, "name", func(a vox.Application) string { return fmt.Sprint(a.AccountID, " ", a.Name) })
	unique(d, d.rules, "name", func(r vox.Rule) string { return fmt.Sprint(r.ApplicationID, " ", r.Name) })
	unique(d, d.users, "name", func(u vox.User) string { return fmt.Sprint(u.ApplicationID, " ", u.Name) })
	unique(d, d.registrations, "user_id", func(r vox.Registration) string {
		if r.UserID == 0 {
			return ""
		}
		return fmt.Sprint(r.UserID)
	})
}

func (d *draft) checkSettings() {
	c := checker{d, d.settingsAt}
	b := d.settings.Behaviour
	oneOf(c, "missing_role", b.MissingRole, vox.MissingRoleAuthorizationFailed, vox.MissingRoleForbiddenCommand)
	oneOf(c, "user_binding", b.UserBinding, vox.UserBindingAny, vox.UserBindingPersistentOnly, vox.UserBindingNonPersistentOnly)
	oneOf(c, "id_and_name", b.IDAndName, vox.IDAndNameMustAgree, vox.IDAndNameIDWins, vox.IDAndNameRefused)
	oneOf(c, "unknown_filter", b.UnknownFilter, vox.UnknownFilterEmptyList, vox.UnknownFilterError)
	if d.settings.Registrar.Delay < 0 {
		c.complain("delay", "want at least 0s")
	}
	if d.settings.MonthlyFee.IsNegative() {
		c.complain("monthly_fee", "want at least 0")
	}
}

func (d *draft) checkAccount(c checker, a *vox.Account) {
	c.text("name", a.Name, true)
	c.text("email", a.Email, false)
	c.text("api_key", a.APIKey, false)
	oneOf(c, "currency", a.Currency, "USD", "EUR", "RUR")
	refers(c, "parent_account_id", a.ParentID, d.accounts.rows)
	for seen, parent := map[int64]bool{a.ID: true}, a.ParentID; parent != 0; {
		next, ok := d.accounts.rows[parent]
		if !ok {
			return
		}
		if seen[parent] {
			c.complain("parent_account_id", "an account cannot be its own ancestor")
			return
		}
		seen[parent], parent = true, next.ParentID
	}
}

// owner checks the account of a row.
func (c checker) owner(account int64) {
	if account == 0 {
		c.complain("account_id", "required, unless the file has exactly one account")
		return
	}
	refers(c, "account_id", account, c.draft.accounts.rows)
}

func (d *draft) checkKey(c checker, k *vox.Key) {
	if !regexp.MustCompile(`^[A-Za-z0-9._-]{1,100}$`).MatchString(k.ID) {
		c.complain("id", "want up to 100 letters, digits, dots, dashes and underscores")
	}
	c.owner(k.AccountID)
	for _, role := range k.Roles {
		oneOf(c, "roles", role, vox.Roles()...)
	}
	if k.PrivateKey != "" && !isPrivateKey(k.PrivateKey) {
		c.complain("private_key", "want an RSA key of at least 2048 bits as PKCS#8 PEM")
	}
	if k.PublicKey != "" && !isPublicKey(k.PublicKey) {
		c.complain("public_key", "want an RSA key as PKIX PEM")
	}
}

func isPrivateKey(text string) bool {
	block, _ := pem.Decode([]byte(text))
	if block == nil {
		return false
	}
	parsed, err := x509.ParsePKCS8PrivateKey(block.Bytes)
	key, ok := parsed.(*rsa.PrivateKey)
	return err == nil && ok && key.N.BitLen() >= 2048
}

func isPublicKey(text string) bool {
	block, _ := pem.Decode([]byte(text))
	if block == nil {
		return false
	}
	parsed, err := x509.ParsePKIXPublicKey(block.Bytes)
	_, ok := parsed.(*rsa.PublicKey)
	return err == nil && ok
}

func (d *draft) checkApplication(c checker, a *vox.Application) {
	c.text("name", a.Name, true)
	c.owner(a.AccountID)
}

// within checks the application of a rule or user.
func (c checker) within(application, account int64) {
	if application == 0 {
		c.complain("application_id", "required")
		return
	}
	if a, ok := refers(c, "application_id", application, c.draft.applications.rows); ok && a.AccountID != account {
		c.complain("account_id", "the application belongs to account %d", a.AccountID)
	}
}

func (d *draft) checkRule(c checker, r *vox.Rule) {
	c.text("name", r.Name, true)
	c.within(r.ApplicationID, r.AccountID)
}

func (d *draft) checkUser(c checker, u *vox.User) {
	c.text("name", u.Name, true)
	c.text("display_name", u.DisplayName, false)
	c.within(u.ApplicationID, u.AccountID)
}
