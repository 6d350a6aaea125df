package scenarios

import (
	"cmp"

	"github.com/voxemu/voxemu/emulator/vox"
)

// currencies are those of the service (docs/evidence.md#create-reply).
var currencies = []string{"USD", "EUR", "RUR"}

func (d *draft) accountTable() table[int64, vox.Account] {
	return table[int64, vox.Account]{
		name:  "accounts",
		list:  func(s *Scenario) *[]vox.Account { return &s.Accounts },
		id:    func(a vox.Account) int64 { return a.ID },
		fill:  func(a *vox.Account, _ place) { a.Currency = cmp.Or(a.Currency, "USD") },
		judge: d.checkAccount,
		unique: []uniqueness[vox.Account]{
			{"name", func(a vox.Account) string { return a.Name }},
			{"email", func(a vox.Account) string { return a.Email }},
		},
	}
}

func (d *draft) checkAccount(c checker, a *vox.Account) {
	c.text("name", a.Name, true)
	c.text("email", a.Email, false)
	c.text("api_key", a.APIKey, false)
	c.text("password", a.Password, false)
	oneOf(c, "currency", a.Currency, currencies...)
	c.notNegative("credit_limit", a.CreditLimit)
	c.callbacks(a)
	if a.MaxSIPRegistrations < 0 {
		c.refuse("max_sip_registrations", "want at least 0; 0 is no limit")
	}
	refers(c, "parent_account_id", a.ParentID, d.accounts)
	for seen, parent := map[int64]bool{a.ID: true}, a.ParentID; parent != 0; {
		next, ok := d.accounts.rows[parent]
		if !ok {
			return
		}
		if seen[parent] {
			c.refuse("parent_account_id", "an account cannot be its own ancestor")
			return
		}
		seen[parent], parent = true, next.ParentID
	}
}
