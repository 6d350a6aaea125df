package vox

import (
	"cmp"
	"time"
)

// Settings are the parts of a scenario that are not rows.
type Settings struct {
	// Behaviour selects between plausible behaviours of the real service.
	Behaviour Behaviour `yaml:"behaviour,omitempty"`
	// Registrar configures the simulated registrar.
	Registrar Registrar `yaml:"registrar,omitempty"`
	// Billing sets fees and billing periods.
	Billing Billing `yaml:"billing,omitempty"`
}

// Billing sets the fees of registrations, in the currency of the paying account, and the
// time until a frozen subscription is removed.
type Billing struct {
	// InstallationFee is charged once, on creation of a registration; default 0 (A35).
	InstallationFee Money `yaml:"installation_fee,omitempty"`
	// MonthlyFee is the monthly fee of a new registration; default 1.00 (A14: the real
	// price is not published). Exports contain it even if it is 0, which is a valid fee.
	MonthlyFee Money `yaml:"monthly_fee"`
	// TaxPercent is added to both fees; default 0 (A35).
	TaxPercent Percent `yaml:"tax_percent,omitempty"`
	// DetachAfter is how long a subscription stays frozen before the platform removes it,
	// on the emulator's clock; default 720h, 30 days (A40).
	DetachAfter time.Duration `yaml:"detach_after,omitempty"`
}

// Tax returns the tax on a fee.
func (b Billing) Tax(fee Money) Money { return b.TaxPercent.Of(fee) }

// Month returns the monthly price with tax.
func (b Billing) Month(price Money) Money { return price.Add(b.Tax(price)) }

// Behaviour selects a behaviour wherever several are plausible and a client could depend
// on the difference. The zero value is the default.
type Behaviour struct {
	// MissingRole is the error for a key that lacks the method's role:
	// authorization_failed (100, default) or forbidden_command (104). A1.
	MissingRole MissingRole `yaml:"missing_role,omitempty" jsonschema:"enum=authorization_failed,enum=forbidden_command"`
	// UserBinding selects which registrations can be bound to a user: any (default),
	// persistent_only or non_persistent_only (else error 394). A2.
	UserBinding UserBinding `yaml:"user_binding,omitempty" jsonschema:"enum=any,enum=persistent_only,enum=non_persistent_only"`
	// IDAndName selects the result of an id and a name in one request: must_agree
	// (default; error 458 if they differ), id_wins or refused (error 458). A3.
	IDAndName IDAndName `yaml:"id_and_name,omitempty" jsonschema:"enum=must_agree,enum=id_wins,enum=refused"`
	// UnknownFilter is the result of a filter by an unknown id or name: empty_list
	// (default) or error. A4.
	UnknownFilter UnknownFilter `yaml:"unknown_filter,omitempty" jsonschema:"enum=empty_list,enum=error"`
	// CreatedKey is the result of CreateKey: object (default), the content of
	// credentials.json, or list, a list with that object. A85.
	CreatedKey CreatedKey `yaml:"created_key,omitempty" jsonschema:"enum=object,enum=list"`
	// MissingReference is the error if neither the id nor the name of a required object
	// is given: own_code (default, for example 116) or required (485). A12.
	MissingReference MissingReference `yaml:"missing_reference,omitempty" jsonschema:"enum=own_code,enum=required"`
	// CountAboveMaximum is the result of a count above the maximum: capped (default), as
	// many rows as the maximum, or refused (error 496). A92.
	CountAboveMaximum CountAboveMaximum `yaml:"count_above_maximum,omitempty" jsonschema:"enum=capped,enum=refused"`
	// DeletedRegistration is what happens to the money on hold of a deleted registration:
	// charged (default) or refunded. A38.
	DeletedRegistration DeletedRegistration `yaml:"deleted_registration,omitempty" jsonschema:"enum=charged,enum=refunded"`
	// ChargeType is the transaction type of the monthly fee: sip_registration_charge
	// (default) or subscription_charge. A95.
	ChargeType TransactionType `yaml:"charge_type,omitempty" jsonschema:"enum=sip_registration_charge,enum=subscription_charge"`
	// FirstFailure selects whether callbacks report a failure of a registration that was
	// never successful: silent (default) or reported. A45.
	FirstFailure FirstFailure `yaml:"first_failure,omitempty" jsonschema:"enum=silent,enum=reported"`
	// PasswordPolicy selects the rules for passwords of users: documented (default: 8
	// characters with upper and lower case, a digit and another character) or lenient (6
	// characters). A57.
	PasswordPolicy PasswordPolicy `yaml:"password_policy,omitempty" jsonschema:"enum=documented,enum=lenient"`
	// ScenarioNameFilter is how GetScenarios matches scenario_name: exact (default), or
	// part, a case-insensitive substring. A60.
	ScenarioNameFilter ScenarioNameFilter `yaml:"scenario_name_filter,omitempty" jsonschema:"enum=exact,enum=part"`
}

// MonthlyCharge returns the transaction type of the monthly fee.
func (b Behaviour) MonthlyCharge() TransactionType {
	return cmp.Or(b.ChargeType, SIPRegistrationCharge)
}

// MissingRole is a value of [Behaviour].MissingRole; empty is the default.
type MissingRole string

// Errors for a key that lacks the method's role; the first is the default.
const (
	MissingRoleAuthorizationFailed MissingRole = "authorization_failed"
	MissingRoleForbiddenCommand    MissingRole = "forbidden_command"
)

// UserBinding is a value of [Behaviour].UserBinding; empty is the default.
type UserBinding string

// Which registrations can be bound to a user; the first is the default.
const (
	UserBindingAny               UserBinding = "any"
	UserBindingPersistentOnly    UserBinding = "persistent_only"
	UserBindingNonPersistentOnly UserBinding = "non_persistent_only"
)

// IDAndName is a value of [Behaviour].IDAndName; empty is the default.
type IDAndName string

// Results of an id and a name in one request; the first is the default.
const (
	IDAndNameMustAgree IDAndName = "must_agree"
	IDAndNameIDWins    IDAndName = "id_wins"
	IDAndNameRefused   IDAndName = "refused"
)

// UnknownFilter is a value of [Behaviour].UnknownFilter; empty is the default.
type UnknownFilter string

// Results of a filter by an unknown id or name; the first is the default.
const (
	UnknownFilterEmptyList UnknownFilter = "empty_list"
	UnknownFilterError     UnknownFilter = "error"
)

// CreatedKey is a value of [Behaviour].CreatedKey; empty is the default.
type CreatedKey string

// Results of CreateKey; the first is the default.
const (
	CreatedKeyObject CreatedKey = "object"
	CreatedKeyList   CreatedKey = "list"
)

// MissingReference is a value of [Behaviour].MissingReference; empty is the default.
type MissingReference string

// Errors if neither id nor name is given; the first is the default.
const (
	MissingReferenceOwnCode  MissingReference = "own_code"
	MissingReferenceRequired MissingReference = "required"
)

// CountAboveMaximum is a value of [Behaviour].CountAboveMaximum; empty is the default.
type CountAboveMaximum string

// Results of a count above the maximum; the first is the default.
const (
	CountAboveMaximumCapped  CountAboveMaximum = "capped"
	CountAboveMaximumRefused CountAboveMaximum = "refused"
)

// DeletedRegistration is a value of [Behaviour].DeletedRegistration; empty is the
// default.
type DeletedRegistration string

// What happens to the money on hold; the first is the default.
const (
	DeletedRegistrationCharged  DeletedRegistration = "charged"
	DeletedRegistrationRefunded DeletedRegistration = "refunded"
)

// FirstFailure is a value of [Behaviour].FirstFailure; empty is the default.
type FirstFailure string

// Whether a failure before the first success is reported; the first is the default.
const (
	FirstFailureSilent   FirstFailure = "silent"
	FirstFailureReported FirstFailure = "reported"
)

// PasswordPolicy is a value of [Behaviour].PasswordPolicy; empty is the default.
type PasswordPolicy string

// Rules for passwords of users; the first is the default.
const (
	PasswordPolicyDocumented PasswordPolicy = "documented"
	PasswordPolicyLenient    PasswordPolicy = "lenient"
)

// ScenarioNameFilter is a value of [Behaviour].ScenarioNameFilter; empty is the
// default.
type ScenarioNameFilter string

// How GetScenarios matches scenario_name; the first is the default.
const (
	ScenarioNameFilterExact ScenarioNameFilter = "exact"
	ScenarioNameFilterPart  ScenarioNameFilter = "part"
)
