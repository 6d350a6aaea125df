package vox

import "strings"

// Error is the name of an error of the API. Number and sentence stand in
// openapi.yaml (x-errors) and are looked up once, where the reply is written.
type Error string

// The errors that this project's code returns; openapi.yaml knows the same
// names (a test compares).
const (
	ErrInternal              Error = "INTERNAL_ERROR"
	ErrAuthorizationFailed   Error = "AUTHORIZATION_FAILED"
	ErrInvalidArguments      Error = "INVALID_ARGUMENTS"
	ErrMissingCommand        Error = "MISSING_CMD"
	ErrUnknownCommand        Error = "UNKNOWN_COMMAND"
	ErrForbiddenCommand      Error = "FORBIDDEN_COMMAND"
	ErrInvalidAccountID      Error = "INVALID_ACCOUNT_ID"
	ErrInvalidApplicationID  Error = "INVALID_APPLICATION_ID"
	ErrInvalidApplication    Error = "INVALID_APPLICATION_NAME"
	ErrInvalidUserID         Error = "INVALID_USER_ID"
	ErrInvalidUserName       Error = "USER_NAME_RESTRICTIONS"
	ErrInvalidRuleID         Error = "INVALID_RULE_ID"
	ErrInvalidRuleName       Error = "INVALID_RULE_NAME"
	ErrInvalidScenarioID     Error = "INVALID_SCENARIO_ID"
	ErrInvalidScenarioName   Error = "INVALID_SCENARIO_NAME"
	ErrInvalidPattern        Error = "INVALID_RULE_PATTERN"
	ErrInvalidPatternExclude Error = "INVALID_RULE_PATTERN_EXCLUDE"
	ErrApplicationNotUnique  Error = "APPLICATION_NAME_ISNT_UNIQUE"
	ErrRuleNotUnique         Error = "DUPLICATE_RULE_NAME"
	ErrScenarioNotUnique     Error = "SCENARIO_NAME_ISNT_UNIQUE"
	ErrUserNotUnique         Error = "USER_NAME_ISNT_UNIQUE"
	ErrTooManyUsers          Error = "USER_COUNT_EXCEEDED"
	ErrInvalidPassword       Error = "PASSWORD_LENGTH"
	ErrInvalidDisplayName    Error = "INVALID_USER_DISPLAY_NAME"
	ErrCustomDataTooLong     Error = "USER_CUSTOM_DATA_TOO_LONG"
	ErrInvalidNewUserName    Error = "INVALID_NEW_USER_NAME"
	ErrInvalidSIPUsername    Error = "INVALID_USERNAME"
	ErrInvalidProxy          Error = "INVALID_PROXY"
	ErrInvalidRegistrationID Error = "INVALID_REGISTRATION_ID"
	ErrInsufficientMoney     Error = "INSUFFICIENT_MONEY"
	ErrTooManyRegistrations  Error = "SIP_REGISTRATIONS_COUNT_EXCEEDED"
	ErrUserNotBound          Error = "USER_NOT_BOUND_TO_THE_APPLICATION"
	ErrPersistent            Error = "SIP_REGISTRATION_IS_PERSISTENT"
	ErrOnlyOneOf             Error = "ONLY_ONE_OF_PARAMETERS"
	ErrMissingParameter      Error = "PARAMETER_CANT_BE_EMPTY"
	ErrForbiddenParameter    Error = "FORBIDDEN_PARAMETER"
	ErrInvalidParameter      Error = "INVALID"
	ErrSessionTimeout        Error = "SESSION_TIMEOUT"
	ErrNotLoggedOn           Error = "ACCOUNT_ISNT_LOGGED"
	ErrInvalidSessionID      Error = "INVALID_SESSION_ID"
	ErrInvalidDate           Error = "INVALID_DATE_FORMAT"
	ErrInvalidDateRange      Error = "INVALID_DATE_RANGE"
	ErrInvalidAmount         Error = "INVALID_MONEY_AMOUNT"
	ErrFirstNameTooLong      Error = "ACCOUNT_FIRST_NAME_TOO_LONG"
	ErrLastNameTooLong       Error = "ACCOUNT_LAST_NAME_TOO_LONG"
	ErrInvalidLanguage       Error = "INVALID_LANGUAGE_CODE"
	ErrInvalidMobilePhone    Error = "INVALID_MOBILE_PHONE"
	ErrAccountDataTooLong    Error = "ACCOUNT_CUSTOM_DATA_TOO_LONG"
	ErrInvalidCallbackURL    Error = "INVALID_CALLBACK_URL"
	ErrInvalidCallbackSalt   Error = "CALLBACK_SALT_INVALID"
	ErrInvalidChildID        Error = "INVALID_CHILD_ACCOUNT_ID"
	ErrInvalidChildName      Error = "INVALID_CHILD_ACCOUNT_NAME"
	ErrInvalidChildEmail     Error = "INVALID_CHILD_ACCOUNT_EMAIL"
	ErrInvalidTransactionID  Error = "INVALID_TRANSACTION_ID"
	ErrInvalidTransaction    Error = "INVALID_TRANSACTION_TYPE"
	ErrInvalidCurrency       Error = "INVALID_CURRENCY"
	ErrInvalidDay            Error = "INVALID_DATE"
	ErrInvalidTemplateID     Error = "INVALID_SUBSCRIPTION_TEMPLATE_ID"
	ErrInvalidSubscriptionID Error = "INVALID_SUBSCRIPTION_ID"
	ErrInvalidTemplateName   Error = "INVALID_SUBSCRIPTION_TEMPLATE_NAME"
	ErrInvalidTemplateType   Error = "INVALID_SUBSCRIPTION_TEMPLATE_TYPE"
	ErrInvalidWhiteListID    Error = "INVALID_SIP_WHITELIST_ID"
	ErrInvalidWhiteListNet   Error = "INVALID_SIP_WHITELIST_NETWORK"
	ErrTooManyWhiteListItems Error = "SIP_WHITE_LIST_NETWORK_COUNT_EXCEEDED"
	ErrInvalidAuthorizedIP   Error = "INVALID_AUTHORIZED_IP"
	ErrAuthorizedIPNotFound  Error = "AUTHORIZED_IP_NOT_FOUND"
	ErrInvalidContainsIP     Error = "INVALID_CONTAINS_IP"
	ErrTooManyAuthorizedIPs  Error = "IP_WHITELIST_EXCEEDED"
	ErrInvalidAuditFilter    Error = "INVALID_ADVANCED_FILTERS"
	ErrInvalidKeyID          Error = "INVALID_KEY_ID"
	ErrInvalidRoleSet        Error = "INVALID_ROLE_SET"
	ErrTooManyKeys           Error = "MAX_NUMBER_OF_KEYS_EXCEEDED"
	ErrInvalidRoleID         Error = "INVALID_ROLE_ID"
	ErrInvalidRoleName       Error = "INVALID_ROLE_NAME"
	ErrRoleIDAndName         Error = "ROLE_ID_AND_ROLE_NAME_AT_THE_SAME_TIME"
	ErrTokenFormat           Error = "INVALID_TOKEN_FORMAT"
	ErrTokenTTL              Error = "INVALID_TOKEN_TTL"
	ErrTokenInFuture         Error = "TOKEN_ISSUED_IN_FUTURE"
	ErrTokenExpired          Error = "TOKEN_EXPIRED"
	ErrRateLimitExceeded     Error = "RATE_LIMIT_EXCEED"
)

// Error makes the name usable as a Go error.
func (e Error) Error() string { return string(e) }

// On says which parameter was wrong.
func (e Error) On(field string) Refusal { return Refusal{Name: e, Field: field} }

// Refusal is an [Error] with the parameter it is about. errors.Is finds the
// name in it; several refusals of one call are joined with errors.Join.
type Refusal struct {
	// Name is the error's name.
	Name Error
	// Field is the parameter, as the caller writes it.
	Field string
	// Detail fills the sentence's {detail}: what is allowed. It never holds a
	// submitted value.
	Detail string
}

// Because adds what is allowed.
func (r Refusal) Because(detail string) Refusal {
	r.Detail = detail
	return r
}

// Error prints name, parameter and detail.
func (r Refusal) Error() string {
	text := string(r.Name) + " on " + r.Field
	if r.Detail != "" {
		text += ": " + r.Detail
	}
	return text
}

// Unwrap gives errors.Is the name.
func (r Refusal) Unwrap() error { return r.Name }

// Refusals are all that is wrong with one call, the first one first.
type Refusals []Refusal

// Error prints every refusal.
func (r Refusals) Error() string {
	texts := make([]string, len(r))
	for i, refusal := range r {
		texts[i] = refusal.Error()
	}
	return strings.Join(texts, "; ")
}

// Unwrap gives errors.Is every name.
func (r Refusals) Unwrap() []error {
	errs := make([]error, len(r))
	for i, refusal := range r {
		errs[i] = refusal
	}
	return errs
}
