package scenarios

import (
	"cmp"

	"github.com/voxemu/voxemu/emulator/vox"
)

// defaultMonthlyFee is what a registration costs (A14).
const defaultMonthlyFee = "1.00"

// complete fills what is left out and then checks every row. Defaults that
// follow references are filled first, so that checks see the finished rows.
func (d *draft) complete() {
	if d.settings.MonthlyFee.IsZero() && d.settingsAt.fields["monthly_fee"] == nil {
		fee, err := vox.ParseMoney(defaultMonthlyFee)
		if err != nil { // a constant
			panic(err)
		}
		d.settings.MonthlyFee = fee
	}
	d.fillAccounts()
	d.fillMembers()
	d.fillRegistrations()
	d.check()
}

func (d *draft) fillAccounts() {
	for _, a := range d.accounts.rows {
		a.Currency = cmp.Or(a.Currency, "USD")
	}
}

// fillOwners gives the rows read so far their account.
func (d *draft) fillOwners(only int64) {
	for _, k := range d.keys.rows {
		k.AccountID = cmp.Or(k.AccountID, only)
	}
	for _, a := range d.applications.rows {
		a.AccountID = cmp.Or(a.AccountID, only)
	}
	for _, r := range d.registrations.rows {
		r.AccountID = cmp.Or(r.AccountID, only)
	}
}

// fillMembers gives rules and users the account of their application.
func (d *draft) fillMembers() {
	for _, r := range d.rules.rows {
		r.AccountID = cmp.Or(r.AccountID, d.ownerOf(r.ApplicationID))
		r.Pattern = cmp.Or(r.Pattern, ".*")
	}
	for _, u := range d.users.rows {
		u.AccountID = cmp.Or(u.AccountID, d.ownerOf(u.ApplicationID))
		u.DisplayName = cmp.Or(u.DisplayName, u.Name)
	}
}

func (d *draft) ownerOf(application int64) int64 {
	if a, ok := d.applications.rows[application]; ok {
		return a.AccountID
	}
	return 0
}

func (d *draft) fillRegistrations() {
	for id, r := range d.registrations.rows {
		if r.State == "" {
			r.State = vox.InProgress
			if r.Deactivated {
				r.State = vox.Offline
			}
		}
		if r.State == vox.Successful && r.StatusCode == 0 {
			r.StatusCode = 200
		}
		if r.Price.IsZero() && d.registrations.places[id].fields["subscription_price"] == nil {
			r.Price = d.settings.MonthlyFee
		}
	}
}
