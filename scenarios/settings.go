package scenarios

import (
	"cmp"
	"time"

	"github.com/voxemu/voxemu/emulator/vox"
)

// Defaults: the monthly fee (A14), and the time until a frozen subscription is removed
// (A40).
const (
	defaultMonthlyFee  = "1.00"
	defaultDetachAfter = 30 * 24 * time.Hour
)

func (d *draft) fillSettings() {
	terms := &d.head.Billing
	if !d.settings("billing.monthly_fee").has("billing.monthly_fee") {
		fee, err := vox.ParseMoney(defaultMonthlyFee)
		if err != nil { // cannot happen: a constant
			panic(err)
		}
		terms.MonthlyFee = fee
	}
	terms.DetachAfter = cmp.Or(terms.DetachAfter, defaultDetachAfter)
}

func (d *draft) checkSettings() {
	c := checker{draft: d, at: d.settings}
	b := d.head.Behaviour
	oneOf(c, "behaviour.missing_role", b.MissingRole, vox.MissingRoleAuthorizationFailed, vox.MissingRoleForbiddenCommand)
	oneOf(c, "behaviour.user_binding", b.UserBinding, vox.UserBindingAny, vox.UserBindingPersistentOnly, vox.UserBindingNonPersistentOnly)
	oneOf(c, "behaviour.id_and_name", b.IDAndName, vox.IDAndNameMustAgree, vox.IDAndNameIDWins, vox.IDAndNameRefused)
	oneOf(c, "behaviour.unknown_filter", b.UnknownFilter, vox.UnknownFilterEmptyList, vox.UnknownFilterError)
	oneOf(c, "behaviour.created_key", b.CreatedKey, vox.CreatedKeyObject, vox.CreatedKeyList)
	oneOf(c, "behaviour.missing_reference", b.MissingReference, vox.MissingReferenceOwnCode, vox.MissingReferenceRequired)
	oneOf(c, "behaviour.count_above_maximum", b.CountAboveMaximum, vox.CountAboveMaximumCapped, vox.CountAboveMaximumRefused)
	oneOf(c, "behaviour.deleted_registration", b.DeletedRegistration, vox.DeletedRegistrationCharged, vox.DeletedRegistrationRefunded)
	oneOf(c, "behaviour.charge_type", b.ChargeType, vox.SIPRegistrationCharge, vox.SubscriptionCharge)
	oneOf(c, "behaviour.first_failure", b.FirstFailure, vox.FirstFailureSilent, vox.FirstFailureReported)
	oneOf(c, "behaviour.password_policy", b.PasswordPolicy, vox.PasswordPolicyDocumented, vox.PasswordPolicyLenient)
	oneOf(c, "behaviour.scenario_name_filter", b.ScenarioNameFilter, vox.ScenarioNameFilterExact, vox.ScenarioNameFilterPart)
	checkRegistrar(c, &d.head.Registrar)
	c.moment("clock.start", d.head.Clock.Start)
	terms := d.head.Billing
	c.notNegative("billing.monthly_fee", terms.MonthlyFee)
	c.notNegative("billing.installation_fee", terms.InstallationFee)
	if terms.DetachAfter < 0 {
		c.refuse("billing.detach_after", "want more than 0s")
	}
}
