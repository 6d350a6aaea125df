package scenarios

import "github.com/voxemu/voxemu/emulator/vox"

// defaultMonthlyFee is what a registration costs (A14).
const defaultMonthlyFee = "1.00"

func (d *draft) fillSettings() {
	if d.head.MonthlyFee.IsZero() && !d.headAt.has("monthly_fee") {
		fee, err := vox.ParseMoney(defaultMonthlyFee)
		if err != nil { // a constant
			panic(err)
		}
		d.head.MonthlyFee = fee
	}
}

func (d *draft) checkSettings() {
	c := checker{d, d.headAt}
	b := d.head.Behaviour
	oneOf(c, "behaviour.missing_role", b.MissingRole, vox.MissingRoleAuthorizationFailed, vox.MissingRoleForbiddenCommand)
	oneOf(c, "behaviour.user_binding", b.UserBinding, vox.UserBindingAny, vox.UserBindingPersistentOnly, vox.UserBindingNonPersistentOnly)
	oneOf(c, "behaviour.id_and_name", b.IDAndName, vox.IDAndNameMustAgree, vox.IDAndNameIDWins, vox.IDAndNameRefused)
	oneOf(c, "behaviour.unknown_filter", b.UnknownFilter, vox.UnknownFilterEmptyList, vox.UnknownFilterError)
	if d.head.Registrar.Delay < 0 {
		c.complain("registrar.delay", "want at least 0s")
	}
	if d.head.MonthlyFee.IsNegative() {
		c.complain("monthly_fee", "want at least 0")
	}
}
