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

// crowded has several rows of each kind that lists contain, merged over demo.
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
  - {id: 2, account_id: 1, type: subscription_charge, amount: -1.00, performed_at: 2026-01-10T12:00:00Z, sip_registration_id: 7, application_id: 123}
  - {id: 3, account_id: 2, type: card_payment, amount: 7.00, performed_at: 2026-01-11T00:00:00Z}
  - {id: 4, account_id: 1, type: tax_charge, amount: -0.20, performed_at: 2026-01-12T00:00:00Z, sip_registration_id: 1}
  - {id: 5, account_id: 5, type: tax_charge, amount: -0.20, performed_at: 2026-01-12T00:00:00Z}
audit_log:
  - {id: 1, account_id: 1, command: AddUser, ip: 192.0.2.1, requested: 2025-11-01T00:00:00Z, arguments: '{"user_id":77}'}
  - {id: 2, account_id: 1, command: DelUser, ip: 192.0.2.2, requested: 2026-01-10T12:00:00Z, arguments: '{"user_id":78}', result: '{"result":1}'}
  - {id: 3, account_id: 5, command: DelUser, ip: 192.0.2.2, requested: 2026-01-10T12:00:00Z}
authorized_ips:
  - {id: 1, account_id: 1, network: 192.0.2.0/24, description: Tests}
  - {id: 2, account_id: 1, network: 198.51.100.7, denied: true, description: Office}
  - {id: 3, account_id: 5, network: 192.0.2.0/24}
sip_white_list:
  - {id: 2, account_id: 1, network: 198.51.100.0/24}
  - {id: 3, account_id: 5, network: 198.51.100.0/24}
`

// listing is a method that lists rows: the member that identifies a row, and requests
// with their results.
type listing struct {
	method, id string
	calls      []listCall
}

// listCall is the parameters of a request and the expected rows, in this order.
type listCall struct{ parameters, rows string }

// listings returns the methods that list rows other than registrations.
func listings() []listing { return slices.Concat(accountListings(), applicationListings()) }

func TestEveryListAroundARegistrationGivesExactlyItsRows(t *testing.T) {
	s := newServer(t)
	if err := s.LoadSources(scenarios.Source{Name: "crowded", Text: []byte(crowded)}); err != nil {
		t.Fatal(err)
	}
	for _, l := range listings() {
		for _, c := range l.calls {
			p, err := url.ParseQuery(strings.ReplaceAll(c.parameters, ";", "%3B"))
			if err != nil {
				t.Fatal(err)
			}
			rows, total := listed(t, s, l, p)
			if got := strings.Join(rows, " "); got != c.rows {
				t.Errorf("%s %s: %q, want %q", l.method, c.parameters, got, c.rows)
			}
			if total < 0 {
				continue
			}
			p.Del("offset")
			p.Set("count", "1000")
			if all, _ := listed(t, s, l, p); len(all) != total {
				t.Errorf("%s %s: total_count is %d of %d", l.method, c.parameters, total, len(all))
			}
		}
	}
}

// listed returns the rows of a list and its total_count, -1 without one; count must be
// the number of rows.
func listed(t *testing.T, s *emulator.Server, l listing, p url.Values) (rows []string, total int) {
	t.Helper()
	reply := decoded[struct {
		Result     []map[string]any
		Count      *int
		TotalCount *int `json:"total_count"`
	}](t, call(t, s, l.method, p))
	for _, row := range reply.Result {
		id := row[l.id]
		if number, ok := id.(float64); ok {
			id = int64(number)
		}
		rows = append(rows, fmt.Sprint(id))
	}
	if reply.Count != nil && *reply.Count != len(rows) {
		t.Errorf("%s %v: count is %d of %d", l.method, p, *reply.Count, len(rows))
	}
	if reply.TotalCount == nil {
		return rows, -1
	}
	return rows, *reply.TotalCount
}

// Which lists have counts is documented (docs/evidence.md#lists-of-registrations).
func TestListsCountWhereTheRealOnesDo(t *testing.T) {
	s := newServer(t)
	both := []string{"count", "total_count"}
	want := map[string][]string{
		"GetTransactionHistory": both, "GetAuditLog": {"count"}, "GetChildrenAccounts": both, "GetAuthorizedAccountIPs": both,
		"GetSipWhiteList": both, "GetUsers": both, "GetRules": both, "GetApplications": both, "GetScenarios": both,
		"GetKeys": nil, "GetSubscriptionPrice": nil,
	}
	for _, l := range listings() {
		reply := decoded[map[string]json.RawMessage](t, call(t, s, l.method, exampleOf(t, l.method)))
		var got []string
		for _, name := range slices.Sorted(maps.Keys(reply)) {
			if strings.HasSuffix(name, "count") {
				got = append(got, name)
			}
		}
		if diff := cmp.Diff(want[l.method], got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", l.method, diff)
		}
	}
}

// An untested parameter could have no effect.
func TestEveryParameterOfEveryListIsAskedFor(t *testing.T) {
	for _, m := range specification(t).Methods() {
		if !slices.Contains(m.Parameters(), "count") || m.Name == "GetSipRegistrations" { // see filters_test.go
			continue
		}
		i := slices.IndexFunc(listings(), func(l listing) bool { return l.method == m.Name })
		if i < 0 {
			t.Errorf("%s is a list: add a listing beside its recipes", m.Name)
			continue
		}
		for _, name := range m.Parameters() {
			if !slices.ContainsFunc(listings()[i].calls, func(c listCall) bool { return strings.Contains("&"+c.parameters, "&"+name+"=") }) {
				t.Errorf("%s: its listing does not ask with %s", m.Name, name)
			}
		}
	}
}
