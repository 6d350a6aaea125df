package emulator_test

import (
	"encoding/json"
	"net/url"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/voxemu/voxemu/emulator"
	"github.com/voxemu/voxemu/emulator/vox"
	"github.com/voxemu/voxemu/scenarios"
)

// filtered returns a server with the demo scenario (1 accepted, 2 refused with 403, 3 in
// progress, 4 frozen) and more rows.
func filtered(t *testing.T) *emulator.Server {
	t.Helper()
	s := newServer(t)
	loadOnDemo(t, s, scenarios.Scenario{
		Accounts:     []vox.Account{{ID: 2, Name: "other", Email: "other@example.com", APIKey: "k", Currency: "USD"}},
		Applications: []vox.Application{{ID: 9, AccountID: 2, Name: "myapp"}},
		Users:        []vox.User{{ID: 12345, AccountID: 1, ApplicationID: 4567, Name: "bob", LoggedIn: true}},
		Registrations: []vox.Registration{
			{ID: 5, AccountID: 1, SIPUsername: "line", Proxy: "sip.example.com", ApplicationID: 4567, RuleID: 7890, UserID: 12345, NonPersistent: true, State: vox.Successful, StatusCode: 200},
			{ID: 6, AccountID: 1, SIPUsername: "line", Proxy: "PBX.example.org", ApplicationID: 123, RuleID: 1, UserID: 123, State: vox.Failed, StatusCode: 408},
			{ID: 7, AccountID: 1, SIPUsername: "JohnGalt", Proxy: "pbx.example.org", State: vox.Failed, StatusCode: 503},
			{ID: 8, AccountID: 2, SIPUsername: "line", Proxy: "sip.example.com", ApplicationID: 9, State: vox.Successful, StatusCode: 200},
		},
	})
	return s
}

// Each row is one request for GetSipRegistrations; several values are a repeated
// parameter.
func TestEveryFilterSelectsExactlyItsRows(t *testing.T) {
	s := filtered(t)
	for _, c := range []struct {
		why        string
		parameters string
		want       []int64
	}{
		{"nothing asked", "", []int64{1, 2, 3, 4, 5, 6, 7}},
		{"id", "sip_registration_id=2", []int64{2}},
		{"unknown id", "sip_registration_id=999", []int64{}},
		{"another account's id", "sip_registration_id=8", []int64{}},
		{"id 0 is none", "sip_registration_id=0", []int64{1, 2, 3, 4, 5, 6, 7}},
		{"user name", "sip_username=JohnGalt", []int64{1, 7}},
		{"user name in another case", "sip_username=johngalt", []int64{}},
		{"part of a user name", "sip_username=John", []int64{}},
		{"proxies are a union", "proxy=sip.example.com;pbx.example.org", []int64{1, 2, 5, 7}},
		{"a proxy twice", "proxy=sip.example.com;sip.example.com", []int64{1, 5}},
		{"a repeated parameter adds", "proxy=sip.example.com&proxy=pbx.example.org", []int64{1, 2, 5, 7}},
		{"an unknown proxy in a union", "proxy=nowhere;pbx.example.org", []int64{2, 7}},
		{"frozen", "deactivated=true", []int64{4}},
		{"not frozen", "deactivated=false", []int64{1, 2, 3, 5, 6, 7}},
		{"accepted", "successful=true", []int64{1, 5}},
		{"failed is not in progress and not offline", "successful=false", []int64{2, 6, 7}},
		{"in progress", "in_progress=true", []int64{3}},
		{"not in progress", "in_progress=false", []int64{1, 2, 4, 5, 6, 7}},
		{"persistent", "is_persistent=true", []int64{1, 2, 3, 4, 6, 7}},
		{"not persistent", "is_persistent=false", []int64{5}},
		{"bound", "is_bound_to_application=true", []int64{1, 5, 6}},
		{"not bound", "is_bound_to_application=false", []int64{2, 3, 4, 7}},
		{"application", "application_id=4567", []int64{5}},
		{"applications are a union", "application_id=4567;123", []int64{1, 5, 6}},
		{"another account's application", "application_id=9", []int64{}},
		{"any application", "application_id=any", []int64{1, 2, 3, 4, 5, 6, 7}},
		{"all applications", "application_id=all", []int64{1, 2, 3, 4, 5, 6, 7}},
		{"short application name", "application_name=myapp", []int64{1, 6}},
		{"full application name", "application_name=myapp.demo.voximplant.com", []int64{1, 6}},
		{"short and full name of one application", "application_name=myapp;myapp.demo.voximplant.com", []int64{1, 6}},
		{"another account's full name", "application_name=myapp.other.voximplant.com", []int64{}},
		{"rule", "rule_id=1", []int64{6}},
		{"rule name across all applications", "rule_name=inbound", []int64{5, 6}},
		{"rule name within an application", "rule_name=inbound&application_name=shop", []int64{5}},
		{"rule name within an application's id", "rule_name=inbound&application_id=123", []int64{6}},
		{"an unknown application's name", "application_name=nobody", []int64{}},
		{"an unknown application's name in a union", "application_name=nobody;shop", []int64{5}},
		{"any rule", "rule_id=any", []int64{1, 2, 3, 4, 5, 6, 7}},
		{"an unknown rule's name", "rule_name=nobody", []int64{}},
		{"rule of another application", "rule_id=1&application_id=4567", []int64{}},
		{"user", "user_id=123;12345", []int64{5, 6}},
		{"user name", "user_name=bob", []int64{5}},
		{"user names are a union across all applications", "user_name=bob;alice", []int64{5, 6}},
		{"a user name within its application", "user_name=bob&application_id=4567", []int64{5}},
		{"an unknown user's name", "user_name=nobody", []int64{}},
		{"all users", "user_id=all", []int64{1, 2, 3, 4, 5, 6, 7}},
		{"user name of another application", "user_name=bob&application_name=myapp", []int64{}},
		{"code", "status_code=403", []int64{2}},
		{"a registration in progress has no code", "status_code=100:699&in_progress=true", []int64{}},
		{"codes and ranges", "status_code=403;408:503", []int64{2, 6, 7}},
		{"the ends of a range belong to it", "status_code=403:408", []int64{2, 6}},
		{"overlapping ranges", "status_code=200:403;400:408;403", []int64{1, 2, 5, 6}},
		{"every code there is", "status_code=100:699", []int64{1, 2, 5, 6, 7}},
		{"a code that nobody has", "status_code=404", []int64{}},
		{"filters intersect", "proxy=pbx.example.org&status_code=400:599&sip_username=JohnGalt", []int64{7}},
		{"filters that exclude each other", "successful=true&status_code=403", []int64{}},
		{"in progress and failed", "in_progress=true&successful=false", []int64{}},
		{"five filters", "successful=false&is_persistent=true&deactivated=false&is_bound_to_application=true&status_code=408", []int64{6}},
		{"empty filters are none", "rule_id=&rule_name=&user_id=&user_name=", []int64{1, 2, 3, 4, 5, 6, 7}},
		{"a first page", "count=2", []int64{1, 2}},
		{"a later page", "count=2&offset=4", []int64{5, 6}},
		{"the last page", "count=5&offset=6", []int64{7}},
		{"beyond the end", "offset=7", []int64{}},
		{"far beyond the end", "offset=9007199254740991&count=1000", []int64{}},
		{"a page of a selection", "successful=false&count=1&offset=1", []int64{6}},
	} {
		parameters, err := url.ParseQuery(strings.ReplaceAll(c.parameters, ";", "%3B"))
		if err != nil {
			t.Fatal(err)
		}
		var reply struct {
			Result []struct {
				ID int64 `json:"sip_registration_id"`
			}
			Count int
			Error any
		}
		text := answer(t, s.Handler(), get("GetSipRegistrations", parameters))
		if err := json.Unmarshal([]byte(text), &reply); err != nil {
			t.Fatal(err)
		}
		got := []int64{}
		for _, row := range reply.Result {
			got = append(got, row.ID)
		}
		if diff := cmp.Diff(c.want, got); diff != "" || reply.Count != len(got) || reply.Error != nil {
			t.Errorf("%s, %s: count %d, error %v (-want +got):\n%s", c.why, c.parameters, reply.Count, reply.Error, diff)
		}
	}
}

func TestABadFilterIsNamed(t *testing.T) {
	s := filtered(t)
	for _, c := range []struct {
		field string
		value string
		code  int
	}{
		{"status_code", "408:403", 496},
		{"status_code", "0:9999", 496},
		{"status_code", "401;", 0}, // an empty element is ignored
		{"status_code", "700", 496},
		{"status_code", "99", 496},
		{"status_code", "-401", 496},
		{"status_code", "401:", 496},
		{"status_code", ":401", 496},
		{"status_code", "401:403:405", 496},
		{"status_code", "401,403", 496},
		{"count", "0", 496},
		{"count", "-1", 496},
		{"count", "many", 496},
		{"offset", "-1", 496},
		{"offset", "9007199254740992", 496},
		{"deactivated", "perhaps", 496},
		{"sip_registration_id", "-1", 275},
		{"application_id", "1;x", 116},
		{"rule_id", "1:2", 147},
		{"user_id", "any;1.5", 117},
	} {
		code, field := refusal(t, answer(t, s.Handler(), get("GetSipRegistrations", url.Values{c.field: {c.value}})))
		want := c.field
		if c.code == 0 {
			want = ""
		}
		if code != c.code || field != want {
			t.Errorf("%s=%s: code %d on %q, want %d on %q", c.field, c.value, code, field, c.code, want)
		}
	}
}
