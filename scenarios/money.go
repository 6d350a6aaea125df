package scenarios

import "github.com/voxemu/voxemu/emulator/vox"

func (c checker) notNegative(field string, amount vox.Money) {
	if amount.IsNegative() {
		c.refuse(field, "want at least 0")
	}
}

// fillHolds completes what accounts hold, once it is known what their
// registrations do.
func (d *draft) fillHolds() {
	held := d.heldByAccount()
	for id, a := range d.accounts.rows {
		if !d.accounts.places[id].has("money_on_hold") {
			a.MoneyOnHold = held[id]
		}
	}
}

func (d *draft) heldByAccount() map[int64]vox.Money {
	held := map[int64]vox.Money{}
	for _, r := range d.registrations.rows {
		held[r.AccountID] = held[r.AccountID].Add(r.MoneyOnHold)
	}
	return held
}

// checkHolds refuses an account that does not hold the sum of what its
// registrations hold, and more money than amounts can say.
func (d *draft) checkHolds() {
	held := d.heldByAccount()
	for _, id := range d.accounts.ids() {
		a, c := d.accounts.rows[id], d.accounts.checker(id)
		if !a.MoneyOnHold.Equal(held[id]) {
			c.refuse("money_on_hold", "want %s, the sum of what the account's registrations hold, or nothing", held[id])
		}
		if !a.MoneyOnHold.InRange() || !a.FixedBalance().Add(a.CreditLimit).InRange() {
			c.refuse("balance", "want balance, money_on_hold and credit_limit to have at most twelve digits together")
		}
	}
}
