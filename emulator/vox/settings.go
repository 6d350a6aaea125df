package vox

import (
	"cmp"
	"time"
)

// Settings are the choices of a scenario that are not rows.
type Settings struct {
	// Behaviour chooses where two behaviours of the real service are plausible.
	Behaviour Behaviour `yaml:"behaviour,omitempty"`
	// Registrar is the imaginary PBX.
	Registrar Registrar `yaml:"registrar,omitempty"`
	// Billing is what registrations cost.
	Billing Billing `yaml:"billing,omitempty"`
}

// Billing is what registrations cost, in the currency of whoever pays, and how
// long the platform is patient.
type Billing struct {
	// InstallationFee is charged once, when a registration is created; default
	// 0 (A35).
	InstallationFee Money `yaml:"installation_fee,omitempty"`
	// MonthlyFee is what a new registration costs a month; default 1.00 (A14: the
	// real price is published nowhere). 0 is a fee as well, so it is written out.
	MonthlyFee Money `yaml:"monthly_fee"`
	// TaxPercent is added to both fees; default 0 (A35).
	TaxPercent Percent `yaml:"tax_percent,omitempty"`
	// DetachAfter is how long a subscription stays frozen until the platform
	// removes it, on the emulator's clock; default 720h, which is 30 days (A40).
	DetachAfter time.Duration `yaml:"detach_after,omitempty"`
}

// Tax is the tax on a fee.
func (b Billing) Tax(fee Money) Money { return b.TaxPercent.Of(fee) }

// Month is what a month costs at a price: the price and its tax.
func (b Billing) Month(price Money) Money { return price.Add(b.Tax(price)) }

// Behaviour holds one switch for each place where a client could depend on
// either of two plausible behaviours. The zero value is the default.
type Behaviour struct {
	// MissingRole is what a key without the method's role gets:
	// authorization_failed (100, default) or forbidden_command (104). A1.
	MissingRole MissingRole `yaml:"missing_role,omitempty" jsonschema:"enum=authorization_failed,enum=forbidden_command"`
	// UserBinding tells which registrations may be bound to a user: any
	// (default), persistent_only or non_persistent_only (394). A2.
	UserBinding UserBinding `yaml:"user_binding,omitempty" jsonschema:"enum=any,enum=persistent_only,enum=non_persistent_only"`
	// IDAndName is what id and name given together mean: must_agree
	// (default, else 458), id_wins or refused (458). A3.
	IDAndName IDAndName `yaml:"id_and_name,omitempty" jsonschema:"enum=must_agree,enum=id_wins,enum=refused"`
	// UnknownFilter is what a filter on an unknown id or name gives:
	// empty_list (default) or error. A4.
	UnknownFilter UnknownFilter `yaml:"unknown_filter,omitempty" jsonschema:"enum=empty_list,enum=error"`
	// CreatedKey is the result of CreateKey: object (default), which is a
	// credentials.json, or list, which holds that object. A85.
	CreatedKey CreatedKey `yaml:"created_key,omitempty" jsonschema:"enum=object,enum=list"`
	// MissingReference is the error when neither id nor name of something that a
	// method requires is given: own_code (default, for example 116) or required
	// (485). A12.
	MissingReference MissingReference `yaml:"missing_reference,omitempty" jsonschema:"enum=own_code,enum=required"`
	// CountAboveMaximum is what a count above the maximum gives: capped (default),
	// as many rows as the maximum, or refused (496). A92.
	CountAboveMaximum CountAboveMaximum `yaml:"count_above_maximum,omitempty" jsonschema:"enum=capped,enum=refused"`
	// DeletedRegistration is what becomes of the month that a deleted
	// registration holds: charged (default) or refunded. A38.
	DeletedRegistration DeletedRegistration `yaml:"deleted_registration,omitempty" jsonschema:"enum=charged,enum=refunded"`
	// ChargeType is the transaction type of a registration's monthly fee:
	// sip_registration_charge (default) or subscription_charge. A95.
	ChargeType TransactionType `yaml:"charge_type,omitempty" jsonschema:"enum=sip_registration_charge,enum=subscription_charge"`
	// FirstFailure is what the callbacks say about a failure of a registration
	// that was never successful: silent (default) or reported. A45.
	FirstFailure FirstFailure `yaml:"first_failure,omitempty" jsonschema:"enum=silent,enum=reported"`
	// PasswordPolicy is what a user's password must be: documented (default: 8
	// characters with upper and lower case, a digit and another character) or
	// lenient (6 characters). A57.
	PasswordPolicy PasswordPolicy `yaml:"password_policy,omitempty" jsonschema:"enum=documented,enum=lenient"`
	// ScenarioNameFilter is how scenario_name of GetScenarios selects: exact
	// (default), or part, in any case. A60.
	ScenarioNameFilter ScenarioNameFilter `yaml:"scenario_name_filter,omitempty" jsonschema:"enum=exact,enum=part"`
}

// MonthlyCharge is the transaction type of a registration's monthly fee.
func (b Behaviour) MonthlyCharge() TransactionType {
	return cmp.Or(b.ChargeType, SIPRegistrationCharge)
}

// MissingRole is a value of [Behaviour].MissingRole; empty is the default.
type MissingRole string

// What a key without the method's role gets; the first is the default.
const (
	MissingRoleAuthorizationFailed MissingRole = "authorization_failed"
	MissingRoleForbiddenCommand    MissingRole = "forbidden_command"
)

// UserBinding is a value of [Behaviour].UserBinding; empty is the default.
type UserBinding string

// Which registrations may be bound to a user; the first is the default.
const (
	UserBindingAny               UserBinding = "any"
	UserBindingPersistentOnly    UserBinding = "persistent_only"
	UserBindingNonPersistentOnly UserBinding = "non_persistent_only"
)

// IDAndName is a value of [Behaviour].IDAndName; empty is the default.
type IDAndName string

// What id and name given together mean; the first is the default.
const (
	IDAndNameMustAgree IDAndName = "must_agree"
	IDAndNameIDWins    IDAndName = "id_wins"
	IDAndNameRefused   IDAndName = "refused"
)

// UnknownFilter is a value of [Behaviour].UnknownFilter; empty is the default.
type UnknownFilter string

// What a filter on an unknown id or name gives; the first is the default.
const (
	UnknownFilterEmptyList UnknownFilter = "empty_list"
	UnknownFilterError     UnknownFilter = "error"
)

// CreatedKey is a value of [Behaviour].CreatedKey; empty is the default.
type CreatedKey string

// The result of CreateKey; the first is the default.
const (
	CreatedKeyObject CreatedKey = "object"
	CreatedKeyList   CreatedKey = "list"
)

// MissingReference is a value of [Behaviour].MissingReference; empty is the default.
type MissingReference string

// The error when neither id nor name is given; the first is the default.
const (
	MissingReferenceOwnCode  MissingReference = "own_code"
	MissingReferenceRequired MissingReference = "required"
)

// CountAboveMaximum is a value of [Behaviour].CountAboveMaximum; empty is the default.
type CountAboveMaximum string

// What a count above the maximum gives; the first is the default.
const (
	CountAboveMaximumCapped  CountAboveMaximum = "capped"
	CountAboveMaximumRefused CountAboveMaximum = "refused"
)

// DeletedRegistration is a value of [Behaviour].DeletedRegistration; empty is the
// default.
type DeletedRegistration string

// What becomes of the month on hold; the first is the default.
const (
	DeletedRegistrationCharged  DeletedRegistration = "charged"
	DeletedRegistrationRefunded DeletedRegistration = "refunded"
)

// FirstFailure is a value of [Behaviour].FirstFailure; empty is the default.
type FirstFailure string

// Whether a failure before any success is reported; the first is the default.
const (
	FirstFailureSilent   FirstFailure = "silent"
	FirstFailureReported FirstFailure = "reported"
)

// PasswordPolicy is a value of [Behaviour].PasswordPolicy; empty is the default.
type PasswordPolicy string

// What a user's password must be; the first is the default.
const (
	PasswordPolicyDocumented PasswordPolicy = "documented"
	PasswordPolicyLenient    PasswordPolicy = "lenient"
)

// ScenarioNameFilter is a value of [Behaviour].ScenarioNameFilter; empty is the
// default.
type ScenarioNameFilter string

// How scenario_name of GetScenarios selects; the first is the default.
const (
	ScenarioNameFilterExact ScenarioNameFilter = "exact"
	ScenarioNameFilterPart  ScenarioNameFilter = "part"
)
