package scenarios

import (
	"reflect"

	"github.com/voxemu/voxemu/emulator/vox"
)

func (c checker) notNegative(field string, amount vox.Money) {
	if amount.IsNegative() {
		c.refuse(field, "want at least 0")
	}
}

// fillHolds sets the accounts' money on hold after that of their registrations is known.
func (d *draft) fillHolds() {
	places, held := d.section(reflect.TypeFor[vox.Account]()).places, d.heldByAccount()
	for id, a := range rowsByID[vox.Account](d) {
		if !places[id].has("money_on_hold") {
			a.MoneyOnHold = held[id]
		}
	}
}

// heldByAccount returns the sum of the money on hold of each account's registrations. If
// rows are added to a state, it starts from the account's present sum and subtracts the
// registrations that are replaced.
func (d *draft) heldByAccount() map[int64]vox.Money {
	held := map[int64]vox.Money{}
	for id := range rowsByID[vox.Account](d) {
		if before, ok := stored[vox.Account](d, id); ok {
			held[id] = before.MoneyOnHold
		}
	}
	for id, r := range rowsByID[vox.Registration](d) {
		if before, ok := stored[vox.Registration](d, id); ok {
			held[before.AccountID] = held[before.AccountID].Sub(before.MoneyOnHold)
		}
		held[r.AccountID] = held[r.AccountID].Add(r.MoneyOnHold)
	}
	return held
}

// checkHolds reports an account whose money on hold is not the sum of its registrations',
// and amounts that are too large.
func (d *draft) checkHolds() {
	accounts, held := d.section(reflect.TypeFor[vox.Account]()), d.heldByAccount()
	for _, id := range accounts.ids() {
		a, c := accounts.rows[id].(*vox.Account), accounts.checker(id)
		if !a.MoneyOnHold.Equal(held[a.ID]) {
			c.refuse("money_on_hold", "want %s, the sum of what the account's registrations hold, or nothing", held[a.ID])
		}
		if !a.MoneyOnHold.InRange() || !a.FixedBalance().Add(a.CreditLimit).InRange() {
			c.refuse("balance", "want balance, money_on_hold and credit_limit to have at most twelve digits together")
		}
	}
}
