package scenarios

import "github.com/voxemu/voxemu/emulator/vox"

// currencies are the currencies of the service (docs/evidence.md#create-reply).
var currencies = []string{"USD", "EUR", "RUR"}

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
	refers[vox.Account](c, "parent_account_id", a.ParentID)
	for seen, parent := map[int64]bool{a.ID: true}, a.ParentID; parent != 0; {
		next, ok := find[vox.Account](d, parent)
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
