package published

// reasons explains the differences, by method, or by method and parameter or roles.
var reasons = map[string]string{
	"BindUser": "an older method that clients still call (A64)",
	"Logon":    "an older method that clients still call (A66)",
	"Logout":   "an older method that clients still call (A66)",

	"GetCurrencyRate roles":     "the reference lists none, and a key without roles may not call it (A79)",
	"GetRoleGroups roles":       "the reference lists none, and a key without roles may not call it (A79)",
	"SetChildAccountInfo roles": "the reference lists none; not everybody may change a child account (A59)",

	"SetAccountInfo min_balance_to_notify":      "a number written as text, so that no cent is lost; the form on the wire is the same",
	"SetChildAccountInfo min_balance_to_notify": "a number written as text, so that no cent is lost; the form on the wire is the same",

	"GetSipRegistrations proxy": "one text, because a semicolon belongs to a transport as well as between proxies; what it selects is the same",

	"GetAuditLog output":                         "of older references; SDKs send it",
	"GetTransactionHistory output":               "of older references; SDKs send it",
	"GetTransactionHistory transaction_sub_type": "of older references; SDKs have it",
	"SetChildAccountInfo min_payment_amount":     "of older references; SDKs have it",
	"SetRuleInfo scenario_id":                    "ignored by the real method too; named so that clients notice",
	"ReorderScenarios scenario_id":               "an order of nothing is a mistake of the client; SDK types disagree",
	"UpdateKey description":                      "SDK types require it, the older reference does not",
}
