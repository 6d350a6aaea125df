package emulator_test

import (
	"fmt"
	"net/url"
	"strings"

	"github.com/voxemu/voxemu/emulator/vox"
	"github.com/voxemu/voxemu/scenarios"
)

// accountRecipes provoke the specific errors of the methods for accounts, history, keys
// and security.
func accountRecipes() map[string]map[vox.Error]recipe {
	long := strings.Repeat("x", 300)
	return map[string]map[vox.Error]recipe{
		"GetAccountInfo": {vox.ErrInvalidParameter: change("return_live_balance", "perhaps")},
		"SetAccountInfo": {
			vox.ErrInvalidAmount:       change("min_balance_to_notify", "much"),
			vox.ErrFirstNameTooLong:    change("account_first_name", strings.Repeat("x", 50)),
			vox.ErrLastNameTooLong:     change("account_last_name", strings.Repeat("x", 50)),
			vox.ErrInvalidLanguage:     change("language_code", "english"),
			vox.ErrInvalidMobilePhone:  change("mobile_phone", "my phone"),
			vox.ErrAccountDataTooLong:  change("account_custom_data", strings.Repeat("x", 8192)),
			vox.ErrInvalidCallbackURL:  change("callback_url", "http://localhost/?name=a b"),
			vox.ErrInvalidCallbackSalt: change("callback_salt", strings.Repeat("x", 41)),
			vox.ErrInvalidParameter:    change("location", "Europe/Atlantis"),
		},
		"GetChildrenAccounts": {
			vox.ErrInvalidChildID:    change("child_account_id", "7"),
			vox.ErrInvalidChildName:  change("child_account_name", long),
			vox.ErrInvalidChildEmail: change("child_account_email", long),
			vox.ErrInvalidParameter:  change("order_by", "age"),
		},
		"SetChildAccountInfo": {
			vox.ErrInvalidAmount:       change("min_balance_to_notify", "much"),
			vox.ErrInvalidLanguage:     change("language_code", "english"),
			vox.ErrInvalidCallbackURL:  change("callback_url", "ftp://example.com"),
			vox.ErrInvalidCallbackSalt: change("callback_salt", strings.Repeat("x", 41)),
			vox.ErrInvalidChildID:      change("child_account_id", "7"),
			vox.ErrInvalidChildName:    only("child_account_name", "nobody"),
			vox.ErrInvalidChildEmail:   only("child_account_email", "nobody@example.com"),
			vox.ErrMissingParameter:    only("language_code", "en"),
			vox.ErrInvalidParameter:    change("active", "perhaps"),
		},
		"GetSubscriptionPrice": {
			vox.ErrInvalidTemplateID:   change("subscription_template_id", "x"),
			vox.ErrInvalidTemplateName: change("subscription_template_name", long),
			vox.ErrInvalidTemplateType: change("subscription_template_type", "PLAN"),
			vox.ErrInvalidParameter:    change("count", "0"),
		},
		"GetMoneyAmountToCharge": {
			vox.ErrInvalidCurrency: change("currency", "XYZ"),
			vox.ErrInvalidDay:      change("charge_date", "2026-02-30"),
		},
		"GetCurrencyRate": {
			vox.ErrInvalidCurrency: change("currency", "EUR;XYZ"),
			vox.ErrInvalidDay:      change("date", "tomorrow"),
		},
		"GetTransactionHistory": together(datesRecipes(), map[vox.Error]recipe{
			vox.ErrInvalidChildID:       change("child_account_id", "7"),
			vox.ErrInvalidTransactionID: change("transaction_id", "first"),
			vox.ErrInvalidTransaction:   change("transaction_type", "theft"),

			vox.ErrInvalidApplicationID:  {parameters: url.Values{"application_id": {"999"}}, scenario: unknownIsError()},
			vox.ErrInvalidApplication:    {parameters: url.Values{"application_name": {"nobody"}}, scenario: unknownIsError()},
			vox.ErrInvalidSubscriptionID: change("subscription_id", "first"),
			vox.ErrOnlyOneOf:             change("application_id", "123", "application_name", "shop"),
		}),
		"GetAuditLog": together(datesRecipes(), map[vox.Error]recipe{
			vox.ErrInvalidAuditFilter: change("advanced_filters", long),
			vox.ErrMissingParameter:   only("to_date", "2026-01-01"),
		}),
	}
}

// datesRecipes provoke the errors of a period.
func datesRecipes() map[vox.Error]recipe {
	return map[vox.Error]recipe{
		vox.ErrInvalidDate:      change("from_date", "2026-02-30 00:00:00"),
		vox.ErrInvalidDateRange: change("from_date", "2026-02-02 00:00:00", "to_date", "2026-02-01 00:00:00"),
		vox.ErrInvalidParameter: change("timezone", "Local"),
	}
}

func together(first, second map[vox.Error]recipe) map[vox.Error]recipe {
	for name, how := range second {
		first[name] = how
	}
	return first
}

func keyRecipes() map[string]map[vox.Error]recipe {
	roles := func(parameters ...string) map[vox.Error]recipe {
		call := func(more ...string) recipe { return only(append(parameters, more...)...) }
		return map[vox.Error]recipe{
			vox.ErrInvalidKeyID:    call("key_id", "nobody", "role_id", "1"),
			vox.ErrInvalidRoleID:   call("role_id", "1;99"),
			vox.ErrInvalidRoleName: call("role_name", "King"),
			vox.ErrRoleIDAndName:   call("role_id", "1", "role_name", "Owner"),
		}
	}
	many := scenarios.Scenario{}
	for i := range 50 {
		many.Keys = append(many.Keys, vox.Key{ID: fmt.Sprint("key-", i), AccountID: 1})
	}
	create := roles()
	delete(create, vox.ErrInvalidKeyID)
	ofKey := func() map[vox.Error]recipe {
		r := roles("key_id", "support-key")
		r[vox.ErrMissingParameter] = only("key_id", "support-key")
		return r
	}
	return map[string]map[vox.Error]recipe{
		"CreateKey": together(create, map[vox.Error]recipe{
			vox.ErrTooManyKeys:      {scenario: many},
			vox.ErrInvalidParameter: change("key_name", strings.Repeat("x", 51)),
		}),
		"GetKeys": {
			vox.ErrInvalidKeyID:     change("key_id", strings.Repeat("x", 101)),
			vox.ErrInvalidParameter: change("count", "0"),
		},
		"UpdateKey": {
			vox.ErrInvalidKeyID:     change("key_id", "nobody"),
			vox.ErrInvalidParameter: change("key_name", strings.Repeat("x", 51)),
		},
		"DeleteKey":   {vox.ErrInvalidKeyID: change("key_id", "nobody")},
		"SetKeyRoles": ofKey(),
		"GetKeyRoles": {
			vox.ErrInvalidKeyID:     change("key_id", ""),
			vox.ErrInvalidParameter: change("with_expanded_roles", "perhaps"),
		},
		"RemoveKeyRoles": together(ofKey(), map[vox.Error]recipe{
			vox.ErrInvalidRoleSet: change("role_name", "Owner"),
		}),
		"GetRoles": {vox.ErrInvalidParameter: change("group_name", strings.Repeat("x", 256))},
	}
}

func safetyRecipes() map[string]map[vox.Error]recipe {
	full := scenarios.Scenario{}
	for i := range int64(100) {
		network := fmt.Sprintf("10.0.%d.0/24", i)
		full.AuthorizedIPs = append(full.AuthorizedIPs, vox.AuthorizedIP{ID: i + 1, AccountID: 1, Network: network, Denied: true})
		full.SIPWhiteList = append(full.SIPWhiteList, vox.SIPWhiteListItem{ID: i + 1, AccountID: 1, Network: network})
	}
	return map[string]map[vox.Error]recipe{
		"AddAuthorizedAccountIP": {
			vox.ErrInvalidAuthorizedIP:  change("authorized_ip", "192.0.2.0/33"),
			vox.ErrTooManyAuthorizedIPs: {scenario: full},
			vox.ErrInvalidParameter:     change("allowed", "perhaps"),
		},
		"GetAuthorizedAccountIPs": {
			vox.ErrInvalidAuthorizedIP: change("authorized_ip", "here"),
			vox.ErrInvalidContainsIP:   change("contains_ip", "192.0.2.0/24"),
			vox.ErrInvalidParameter:    change("count", "0"),
		},
		"DelAuthorizedAccountIP": {
			vox.ErrInvalidAuthorizedIP:  change("authorized_ip", "::1"),
			vox.ErrAuthorizedIPNotFound: change("authorized_ip", "192.0.2.1"),
			vox.ErrInvalidContainsIP:    only("contains_ip", "here"),
			vox.ErrMissingParameter:     only("allowed", "true"),
			vox.ErrInvalidParameter:     change("allowed", "perhaps"),
		},
		"CheckAuthorizedAccountIP": {vox.ErrInvalidAuthorizedIP: change("authorized_ip", "192.0.2.0/33")},
		"AddSipWhiteListItem": {
			vox.ErrInvalidWhiteListNet:   change("sip_whitelist_network", "192.0.2.0/255.0.255.0"),
			vox.ErrTooManyWhiteListItems: {scenario: full},
			vox.ErrInvalidParameter:      change("description", strings.Repeat("x", 256)),
		},
		"GetSipWhiteList": {
			vox.ErrInvalidWhiteListID: change("sip_whitelist_id", "x"),
			vox.ErrInvalidParameter:   change("count", "0"),
		},
		"SetSipWhiteListItem": {
			vox.ErrInvalidWhiteListID:  change("sip_whitelist_id", "999"),
			vox.ErrInvalidWhiteListNet: change("sip_whitelist_network", "here"),
			vox.ErrInvalidParameter:    change("description", strings.Repeat("x", 256)),
		},
		"DelSipWhiteListItem": {vox.ErrInvalidWhiteListID: change("sip_whitelist_id", "999")},
	}
}

// accountListings are the lists of account, history, keys and security, on the scenario
// crowded.
func accountListings() []listing {
	const ever = "from_date=2000-01-01&to_date=2199-12-31"
	return []listing{
		{"GetTransactionHistory", "transaction_id", []listCall{
			{"", "2 4"}, // of the last month
			{"from_date=2025-01-01", "1 2 4"},
			{"to_date=2025-12-31 23:59:59", "1"},
			{"from_date=2026-01-10 12:00:00&to_date=2026-01-10 12:00:00", "2"},
			{"from_date=2026-01-10 13:00:00&to_date=2026-01-10 13:00:00&timezone=Europe/Berlin", "2"},
			{"transaction_id=4;2;99", "2 4"},
			{"transaction_id=any&transaction_type=all", "2 4"},
			{"transaction_type=tax_charge;gift", "4"},
			{"child_account_id=2", "2 3 4"},
			{"child_account_id=all", "2 3 4"},
			{"children_transactions_only=true", "3"},
			{"children_transactions_only=true&child_account_id=3", ""},
			{"users_transactions_only=true", ""},
			{"user_id=all", ""},
			{"user_id=123;12345", ""},
			{"is_uncommitted=true", "1 2 3"}, // the frozen one has no money on hold
			{"is_uncommitted=true&from_date=2030-01-01", ""},
			{"application_id=123", "2"},
			{"application_id=999", ""},
			{"application_name=myapp", "2"},
			{"application_name=myapp&application_id=123&is_uncommitted=true", "1"},
			{"application_name=nobody", ""},
			{"subscription_id=1;7", "2 4"},
			{"subscription_id=1&is_uncommitted=true", "1"},
			{"subscription_name=SIP registration;Phone US&from_date=2025-01-01", "2 4"},
			{"subscription_name=Phone US", ""},
			{"desc_order=true", "4 2"},
			{"with_total_count=false", "2 4"},
			{"count=1&offset=1", "4"},
		}},
		{"GetAuditLog", "audit_log_id", []listCall{
			{ever, "1 2"},
			{"from_date=2026-01-01&to_date=2026-12-31", "2"},
			{"from_date=2025-01-01&to_date=2025-12-31", "1"},
			{"from_date=2026-01-10 13:00:00&to_date=2026-01-10 13:00:00&timezone=Europe/Berlin", "2"},
			{ever + "&audit_log_id=2;99", "2"},
			{ever + "&audit_log_id=any&filtered_ip=all&filtered_cmd=all", "1 2"},
			{ever + "&filtered_ip=192.0.2.1;192.0.2.9", "1"},
			{ever + "&filtered_cmd=DelUser;AddRule", "2"},
			{ever + "&advanced_filters=77", "1"},
			{ever + "&advanced_filters=result", "2"},
			{ever + "&desc_order=true&count=1", "2"},
			{ever + "&with_total_count=true&offset=1", "2"},
		}},
		{"GetChildrenAccounts", "account_id", []listCall{
			{"", "3 2 4"}, // by name
			{"child_account_id=4;2", "2 4"},
			{"child_account_id=all&brief_output=true", "3 2 4"},
			{"child_account_id=4;5&ignore_invalid_accounts=true", "4"},
			{"child_account_name=MM&medium_output=true", "4"},
			{"child_account_email=b@", "2"},
			{"active=true", "2 4"},
			{"frozen=true&return_live_balance=true", "4"},
			{"order_by=child_account_id", "2 3 4"},
			{"order_by=child_account_name", "3 2 4"},
			{"order_by=child_account_email&count=2&offset=1", "2 3"},
		}},
		{"GetKeys", "key_id", []listCall{
			{"", "accountant-key admin-key developer-key owner-key supervisor-key support-key"},
			{"key_id=owner-key&with_roles=true", "owner-key"},
			{"count=1&offset=2", "developer-key"},
		}},
		{"GetSubscriptionPrice", "subscription_template_id", []listCall{
			{"", "1 2"},
			{"subscription_template_id=2;9", "2"},
			{"subscription_template_id=all", "1 2"},
			{"subscription_template_type=SIP_REGISTRATION", "1"},
			{"subscription_template_name=Phone GB", "2"},
			{"count=1&offset=1", "2"},
		}},
		{"GetAuthorizedAccountIPs", "authorized_ip", []listCall{
			{"", "192.0.2.0/24 198.51.100.7"},
			{"authorized_ip=198.51.100.7", "198.51.100.7"},
			{"allowed=true", "192.0.2.0/24"},
			{"allowed=false", "198.51.100.7"},
			{"contains_ip=192.0.2.9", "192.0.2.0/24"},
			{"description=office", "198.51.100.7"},
			{"count=1&offset=1", "198.51.100.7"},
		}},
		{"GetSipWhiteList", "sip_whitelist_id", []listCall{
			{"", "1 2"},
			{"sip_whitelist_id=2", "2"},
			{"count=1&offset=1", "2"},
		}},
	}
}
