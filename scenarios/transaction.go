package scenarios

import (
	"cmp"

	"github.com/voxemu/voxemu/emulator/vox"
)

func (d *draft) fillTransaction(t *vox.Transaction, _ place) {
	if a, ok := find[vox.Account](d, t.AccountID); ok {
		t.Currency = cmp.Or(t.Currency, a.Currency)
	}
}

func checkTransaction(c checker, t *vox.Transaction) {
	c.owner(t.AccountID)
	c.text("type", string(t.Type), true)
	oneOf(c, "type", t.Type, vox.TransactionTypes()...)
	if place := c.at("amount"); place.node != nil && !place.has("amount") {
		c.refuse("amount", "required")
	}
	oneOf(c, "currency", t.Currency, currencies...)
	c.text("description", t.Description, false)
	if t.RegistrationID < 0 {
		c.refuse("sip_registration_id", "want a positive integer, or none")
	}
}
