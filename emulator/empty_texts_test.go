package emulator_test

import (
	"fmt"
	"net/url"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/voxemu/voxemu/emulator/vox"
	"github.com/voxemu/voxemu/scenarios"
)

// A94; for all other texts A5.
func TestAnEmptyTextClearsWhatMayBeEmpty(t *testing.T) {
	s := newServer(t)
	loadOnDemo(t, s, scenarios.Scenario{
		Accounts: []vox.Account{
			{ID: 1, Name: "demo", APIKey: "demo-key", FirstName: "Ann", CustomData: "data", CallbackURL: "https://example.com/1", CallbackSalt: "pepper"},
			{ID: 2, ParentID: 1, Name: "child", Location: "Etc/GMT", CallbackURL: "https://example.com/2", CallbackSalt: "pepper"},
		},
		Users:        []vox.User{{ID: 123, AccountID: 1, ApplicationID: 123, Name: "alice", DisplayName: "Alice", CustomData: "data"}},
		Rules:        []vox.Rule{{ID: 1, AccountID: 1, ApplicationID: 123, Name: "inbound", Pattern: "7.+", PatternExclude: "74.+"}},
		Keys:         []vox.Key{{ID: "owner-key", AccountID: 1, Name: "owner", Description: "ours"}},
		SIPWhiteList: []vox.SIPWhiteListItem{{ID: 1, AccountID: 1, Network: "192.0.2.0/24", Description: "office"}},
	})
	for _, c := range []struct{ method, parameters string }{
		{"SetAccountInfo", "callback_url=&callback_salt=&account_custom_data=&account_first_name="},
		{"SetChildAccountInfo", "child_account_id=2&callback_url=&callback_salt=&location="},
		{"SetUserInfo", "user_id=123&user_custom_data=&user_display_name="},
		{"SetRuleInfo", "rule_id=1&rule_pattern_exclude=&rule_pattern="},
		{"UpdateKey", "key_id=owner-key&description=&key_name="},
		{"SetSipWhiteListItem", "sip_whitelist_id=1&sip_whitelist_network=192.0.2.0/24&description="},
	} {
		p, err := url.ParseQuery(c.parameters)
		if err != nil {
			t.Fatal(err)
		}
		if body := call(t, s, c.method, p); codeOf(t, body) != 0 {
			t.Errorf("%s: %s", c.method, body)
		}
	}
	state := exported(t, s)
	account, child, user, rule, item := state.Accounts[0], state.Accounts[1], state.Users[0], state.Rules[0], state.SIPWhiteList[0]
	var key vox.Key
	for _, k := range state.Keys {
		if k.ID == "owner-key" {
			key = k
		}
	}
	cleared := []string{account.CallbackURL, account.CallbackSalt, account.CustomData, child.CallbackURL, child.CallbackSalt,
		user.CustomData, rule.PatternExclude, key.Description, item.Description}
	if diff := cmp.Diff(make([]string, len(cleared)), cleared); diff != "" {
		t.Errorf("not cleared (-want +got):\n%s", diff)
	}
	kept := []string{account.FirstName, child.Location, user.DisplayName, rule.Pattern, key.Name}
	if diff := cmp.Diff([]string{"Ann", "Etc/GMT", "Alice", "7.+", "owner"}, kept); diff != "" {
		t.Errorf("not kept (-want +got):\n%s", diff)
	}
}

func TestAChildIsShownAsItWasSet(t *testing.T) {
	s := newServer(t)
	loadOnDemo(t, s, scenarioOf(vox.Account{ID: 2, ParentID: 1, Name: "child", APIKey: "child-key", Balance: vox.MustParseMoney("7")}))
	set := url.Values{
		"child_account_name": {"child"}, "callback_url": {"https://example.com/child"}, "callback_salt": {"pepper"}, "location": {"GMT-8"},
		"min_balance_to_notify": {"1.50"}, "account_notifications": {"true"}, "tariff_changing_notifications": {"1"}, "news_notifications": {"false"},
	}
	if body := call(t, s, "SetChildAccountInfo", set); codeOf(t, body) != 0 {
		t.Fatal(body)
	}
	row := decoded[struct{ Result []map[string]any }](t, call(t, s, "GetChildrenAccounts", nil)).Result[0]
	want := map[string]any{
		"account_id": 2.0, "account_name": "child", "api_key": "child-key", "callback_url": "https://example.com/child", "location": "GMT-8",
		"min_balance_to_notify": 1.5, "account_notifications": true, "tariff_changing_notifications": true, "news_notifications": false,
		"balance": 7.0, "live_balance": 7.0, "credit_limit": 0.0, "currency": "USD",
	}
	for name := range row {
		if _, ok := want[name]; !ok {
			delete(row, name)
		}
	}
	if diff := cmp.Diff(want, row); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if salt := exported(t, s).Accounts[1].CallbackSalt; salt != "pepper" {
		t.Errorf("the salt is %q", salt)
	}
	owner, err := s.Credentials("owner-key")
	if err != nil {
		t.Fatal(err)
	}
	if body := from(t, s, "127.0.0.1:1", "GetChildrenAccounts", nil, signedWith(t, owner)); codeOf(t, body) != 0 || strings.Contains(body, "child-key") {
		t.Errorf("a caller who knows no secret of the account: %s", body)
	}
}

func TestTheShortOutputsHaveAllChildren(t *testing.T) {
	s := newServer(t)
	var more scenarios.Scenario
	for id := range int64(25) {
		more.Accounts = append(more.Accounts, vox.Account{ID: id + 2, ParentID: 1, Name: fmt.Sprint("child-", id)})
	}
	loadOnDemo(t, s, more)
	for parameters, want := range map[string]int{"": 20, "brief_output=true": 25, "medium_output=true": 25, "brief_output=true&count=3": 3, "count=1000": 25, "medium_output=true&offset=20": 5} {
		p, err := url.ParseQuery(parameters)
		if err != nil {
			t.Fatal(err)
		}
		if got := decoded[struct{ Count int }](t, call(t, s, "GetChildrenAccounts", p)).Count; got != want {
			t.Errorf("%s: %d children, want %d", parameters, got, want)
		}
	}
}
