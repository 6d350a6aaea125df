package emulator_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/voxemu/voxemu/emulator"
	"github.com/voxemu/voxemu/scenarios"
)

// crowded has some rows of everything that is listed, on top of the demo.
const crowded = `
extends: demo
accounts:
  - {id: 2, parent_account_id: 1, name: beta, email: b@example.com, balance: 7.00}
  - {id: 3, parent_account_id: 1, name: alpha, email: c@example.com, inactive: true}
  - {id: 4, parent_account_id: 1, name: gamma, email: a@example.com, frozen: true}
  - {id: 5, name: stranger}
applications:
  - {id: 5, account_id: 5, name: myapp}
voxengine_scenarios:
  - {id: 3, account_id: 1, application_id: 4567, name: goodbye}
rules:
  - {id: 3, account_id: 1, application_id: 123, name: conference, pattern: "7.+", pattern_exclude: "74.+", video_conference: true}
users:
  - {id: 124, account_id: 1, application_id: 123, name: zoe, display_name: Ann, inactive: true}
transactions:
  - {id: 1, account_id: 1, type: card_payment, amount: 5.00, performed_at: 2025-11-01T00:00:00Z}
  - {id: 2, account_id: 1, type: subscription_charge, amount: -1.00, performed_at: 2026-01-10T12:00:00Z}
  - {id: 3, account_id: 2, type: card_payment, amount: 7.00, performed_at: 2026-01-11T00:00:00Z}
  - {id: 4, account_id: 1, type: tax_charge, amount: -0.20, performed_at: 2026-01-12T00:00:00Z}
  - {id: 5, account_id: 5, type: tax_charge, amount: -0.20, performed_at: 2026-01-12T00:00:00Z}
audit_log:
  - {id: 1, account_id: 1, command: AddUser, ip: 192.0.2.1, requested: 2025-11-01T00:00:00Z, arguments: '{"user_id":77}'}
  - {id: 2, account_id: 1, command: DelUser, ip: 192.0.2.2, requested: 2026-01-10T12:00:00Z, arguments: '{"user_id":78}'}
  - {id: 3, account_id: 5, command: DelUser, ip: 192.0.2.2, requested: 2026-01-10T12:00:00Z}
authorized_ips:
  - {id: 1, account_id: 1, network: 192.0.2.0/24, description: Tests}
  - {id: 2, account_id: 1, network: 198.51.100.7, denied: true, description: Office}
  - {id: 3, account_id: 5, network: 192.0.2.0/24}
sip_white_list:
  - {id: 2, account_id: 1, network: 198.51.100.0/24}
  - {id: 3, account_id: 5, network: 198.51.100.0/24}
`

// identity is the member that tells the rows of a list apart.
var identity = map[string]string{
	"GetTransactionHistory": "transaction_id", "GetAuditLog": "audit_log_id", "GetChildrenAccounts": "account_id",
	"GetKeys": "key_id", "GetSubscriptionPrice": "subscription_template_id", "GetAuthorizedAccountIPs": "authorized_ip",
	"GetSipWhiteList": "sip_whitelist_id", "GetUsers": "user_id", "GetRules": "rule_id",
	"GetApplications": "application_id", "GetScenarios": "scenario_id",
}

// Each call of a method around a registration lists exactly these rows, in this
// order.
var listings = []struct{ method, parameters, want string }{
	{"GetTransactionHistory", "", "2 4"}, // of the last month
	{"GetTransactionHistory", "from_date=2025-01-01", "1 2 4"},
	{"GetTransactionHistory", "to_date=2025-12-31 23:59:59", "1"},
	{"GetTransactionHistory", "from_date=2026-01-10 12:00:00&to_date=2026-01-10 12:00:00", "2"},
	{"GetTransactionHistory", "from_date=2026-01-10 13:00:00&to_date=2026-01-10 13:00:00&timezone=Europe/Berlin", "2"},
	{"GetTransactionHistory", "transaction_id=4;2;99", "2 4"},
	{"GetTransactionHistory", "transaction_id=any&transaction_type=all", "2 4"},
	{"GetTransactionHistory", "transaction_type=tax_charge;gift", "4"},
	{"GetTransactionHistory", "child_account_id=2", "2 3 4"},
	{"GetTransactionHistory", "child_account_id=all", "2 3 4"},
	{"GetTransactionHistory", "children_transactions_only=true", "3"},
	{"GetTransactionHistory", "children_transactions_only=true&child_account_id=3", ""},
	{"GetTransactionHistory", "users_transactions_only=true", ""},
	{"GetTransactionHistory", "user_id=all", ""},
	{"GetTransactionHistory", "user_id=123;12345", ""},
	{"GetTransactionHistory", "is_uncommitted=true", "1 2 3"}, // the frozen one holds nothing
	{"GetTransactionHistory", "is_uncommitted=true&from_date=2030-01-01", ""},
	{"GetTransactionHistory", "desc_order=true", "4 2"},
	{"GetTransactionHistory", "with_total_count=false", "2 4"},
	{"GetTransactionHistory", "count=1&offset=1", "4"},

	{"GetAuditLog", "", "1 2"},
	{"GetAuditLog", "from_date=2026-01-01", "2"},
	{"GetAuditLog", "to_date=2025-12-31", "1"},
	{"GetAuditLog", "from_date=2026-01-10 13:00:00&to_date=2026-01-10 13:00:00&timezone=Europe/Berlin", "2"},
	{"GetAuditLog", "audit_log_id=2;99", "2"},
	{"GetAuditLog", "audit_log_id=any&filtered_ip=all&filtered_cmd=all", "1 2"},
	{"GetAuditLog", "filtered_ip=192.0.2.1;192.0.2.9", "1"},
	{"GetAuditLog", "filtered_cmd=DelUser;AddRule", "2"},
	{"GetAuditLog", "advanced_filters=77", "1"},
	{"GetAuditLog", "desc_order=true&count=1", "2"},
	{"GetAuditLog", "with_total_count=false&offset=1", "2"},

	{"GetChildrenAccounts", "", "2 3 4"},
	{"GetChildrenAccounts", "child_account_id=4;2", "2 4"},
	{"GetChildrenAccounts", "child_account_id=all&brief_output=true", "2 3 4"},
	{"GetChildrenAccounts", "child_account_id=4;5&ignore_invalid_accounts=true", "4"},
	{"GetChildrenAccounts", "child_account_name=MM&medium_output=true", "4"},
	{"GetChildrenAccounts", "child_account_email=b@", "2"},
	{"GetChildrenAccounts", "active=true", "2 4"},
	{"GetChildrenAccounts", "frozen=true&return_live_balance=true", "4"},
	{"GetChildrenAccounts", "order_by=child_account_name", "3 2 4"},
	{"GetChildrenAccounts", "order_by=child_account_email&count=2&offset=1", "2 3"},

	{"GetKeys", "", "accountant-key admin-key developer-key owner-key supervisor-key support-key"},
	{"GetKeys", "key_id=owner-key&with_roles=true", "owner-key"},
	{"GetKeys", "count=1&offset=2", "developer-key"},

	{"GetSubscriptionPrice", "", "1 2"},
	{"GetSubscriptionPrice", "subscription_template_id=2;9", "2"},
	{"GetSubscriptionPrice", "subscription_template_id=all", "1 2"},
	{"GetSubscriptionPrice", "subscription_template_type=SIP_REGISTRATION", "1"},
	{"GetSubscriptionPrice", "subscription_template_name=Phone GB", "2"},
	{"GetSubscriptionPrice", "count=1&offset=1", "2"},

	{"GetAuthorizedAccountIPs", "", "192.0.2.0/24 198.51.100.7"},
	{"GetAuthorizedAccountIPs", "authorized_ip=198.51.100.7", "198.51.100.7"},
	{"GetAuthorizedAccountIPs", "allowed=true", "192.0.2.0/24"},
	{"GetAuthorizedAccountIPs", "allowed=false", "198.51.100.7"},
	{"GetAuthorizedAccountIPs", "contains_ip=192.0.2.9", "192.0.2.0/24"},
	{"GetAuthorizedAccountIPs", "description=office", "198.51.100.7"},
	{"GetAuthorizedAccountIPs", "count=1&offset=1", "198.51.100.7"},

	{"GetSipWhiteList", "", "1 2"},
	{"GetSipWhiteList", "sip_whitelist_id=2", "2"},
	{"GetSipWhiteList", "count=1&offset=1", "2"},

	{"GetUsers", "", "123 124 12345"},
	{"GetUsers", "application_id=123", "123 124"},
	{"GetUsers", "application_name=shop", "12345"},
	{"GetUsers", "user_id=124", "124"},
	{"GetUsers", "user_name=LI", "123"},
	{"GetUsers", "user_active=false", "124"},
	{"GetUsers", "user_display_name=ann", "124"},
	{"GetUsers", "order_by=user_display_name&count=2&offset=1", "123 12345"},

	{"GetRules", "application_id=123", "1 2 3"},
	{"GetRules", "application_name=shop&with_scenarios=true", "7890"},
	{"GetRules", "application_id=123&rule_id=2", "2"},
	{"GetRules", "application_id=123&rule_name=FALL", "2"},
	{"GetRules", "application_id=123&video_conference=true", "3"},
	{"GetRules", "application_id=123&template=75", "1 2 3"},
	{"GetRules", "application_id=123&template=74951234567", "1 2"},
	{"GetRules", "application_id=123&count=1&offset=2", "3"},

	{"GetApplications", "", "123 4567"},
	{"GetApplications", "application_id=4567&with_rules=true&with_scenarios=true", "4567"},
	{"GetApplications", "application_name=HO", "4567"},
	{"GetApplications", "count=1&offset=1", "4567"},

	{"GetScenarios", "", "1 2 3"},
	{"GetScenarios", "scenario_id=1&with_script=true", "1"},
	{"GetScenarios", "scenario_name=GREE", "1"},
	{"GetScenarios", "application_id=123", "2"},
	{"GetScenarios", "application_name=shop", "3"},
	{"GetScenarios", "count=1&offset=1", "2"},
}

func TestEveryListAroundARegistrationGivesExactlyItsRows(t *testing.T) {
	s := newServer(t)
	if err := s.LoadSources(scenarios.Source{Name: "crowded", Text: []byte(crowded)}); err != nil {
		t.Fatal(err)
	}
	for _, c := range listings {
		p, err := url.ParseQuery(strings.ReplaceAll(c.parameters, ";", "%3B"))
		if err != nil {
			t.Fatal(err)
		}
		rows, total := listed(t, s, c.method, p)
		if got := strings.Join(rows, " "); got != c.want {
			t.Errorf("%s %s: %q, want %q", c.method, c.parameters, got, c.want)
		}
		if total < 0 {
			continue
		}
		p.Del("offset")
		p.Set("count", "1000")
		if all, _ := listed(t, s, c.method, p); len(all) != total {
			t.Errorf("%s %s: total_count is %d of %d", c.method, c.parameters, total, len(all))
		}
	}
}

// listed gives the rows of a list and its total_count, -1 without one; count
// must be the number of rows.
func listed(t *testing.T, s *emulator.Server, method string, p url.Values) (rows []string, total int) {
	t.Helper()
	reply := decoded[struct {
		Result     []map[string]any
		Count      *int
		TotalCount *int `json:"total_count"`
	}](t, call(t, s, method, p))
	for _, row := range reply.Result {
		id := row[identity[method]]
		if number, ok := id.(float64); ok {
			id = int64(number)
		}
		rows = append(rows, fmt.Sprint(id))
	}
	if reply.Count != nil && *reply.Count != len(rows) {
		t.Errorf("%s %v: count is %d of %d", method, p, *reply.Count, len(rows))
	}
	if reply.TotalCount == nil {
		return rows, -1
	}
	return rows, *reply.TotalCount
}

// Which lists count is documented (facts.md §7).
func TestListsCountWhereTheRealOnesDo(t *testing.T) {
	s := newServer(t)
	both := []string{"count", "total_count"}
	want := map[string][]string{
		"GetTransactionHistory": both, "GetAuditLog": both, "GetChildrenAccounts": both, "GetAuthorizedAccountIPs": both,
		"GetSipWhiteList": both, "GetUsers": both, "GetRules": both, "GetApplications": both, "GetScenarios": both,
		"GetKeys": nil, "GetSubscriptionPrice": nil,
	}
	for method := range identity {
		reply := decoded[map[string]json.RawMessage](t, call(t, s, method, exampleOf(t, method)))
		var got []string
		for _, name := range slices.Sorted(maps.Keys(reply)) {
			if strings.HasSuffix(name, "count") {
				got = append(got, name)
			}
		}
		if diff := cmp.Diff(want[method], got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", method, diff)
		}
	}
}

// A parameter that nothing here asks for would be one that may do nothing.
func TestEveryParameterOfEveryListIsAskedFor(t *testing.T) {
	for _, m := range specification(t).Methods() {
		if _, is := identity[m.Name]; !is {
			if slices.Contains(m.Parameters(), "count") && m.Name != "GetSipRegistrations" { // see filters_test.go
				t.Errorf("%s is a list: add rows to listings", m.Name)
			}
			continue
		}
		for _, name := range m.Parameters() {
			asked := slices.ContainsFunc(listings, func(l struct{ method, parameters, want string }) bool {
				return l.method == m.Name && strings.Contains("&"+l.parameters, "&"+name+"=")
			})
			if !asked {
				t.Errorf("%s: no row of listings has %s", m.Name, name)
			}
		}
	}
}
