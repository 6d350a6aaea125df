package vox

import "strings"

// Error is the name of an error of the API. Its number and text are in openapi.yaml
// (x-errors); the code that writes the reply looks them up.
type Error string

// The errors that methods return. A test checks that openapi.yaml has the same names.
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

// Error returns the name.
func (e Error) Error() string { return string(e) }

// On returns a [Refusal] for the parameter that caused the error.
func (e Error) On(field string) Refusal { return Refusal{Name: e, Field: field} }

// Refusal is an [Error] with the parameter that caused it. errors.Is matches the name.
// Several refusals of one request form [Refusals].
type Refusal struct {
	// Name is the name of the error.
	Name Error
	// Field is the parameter as the caller spelled it.
	Field string
	// Detail states what is allowed and replaces {detail} in the error's text. It never
	// contains a value from the request.
	Detail string
}

// Because sets Detail.
func (r Refusal) Because(detail string) Refusal {
	r.Detail = detail
	return r
}

// Error returns name, parameter and detail.
func (r Refusal) Error() string {
	text := string(r.Name) + " on " + r.Field
	if r.Detail != "" {
		text += ": " + r.Detail
	}
	return text
}

// Unwrap returns the name, for errors.Is.
func (r Refusal) Unwrap() error { return r.Name }

// Refusals are all errors of one request, in the order in which they were found.
type Refusals []Refusal

// Error returns all refusals.
func (r Refusals) Error() string {
	texts := make([]string, len(r))
	for i, refusal := range r {
		texts[i] = refusal.Error()
	}
	return strings.Join(texts, "; ")
}

// Unwrap returns all refusals, for errors.Is.
func (r Refusals) Unwrap() []error {
	errs := make([]error, len(r))
	for i, refusal := range r {
		errs[i] = refusal
	}
	return errs
}
