package control_test

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/voxemu/voxemu/emulator/fault"
	"github.com/voxemu/voxemu/emulator/journal"
	"github.com/voxemu/voxemu/scenarios"
)

// Kits of other languages need no copy of what package testkit does.

func TestRowsAreAddedOverTheControlAPIAsInGo(t *testing.T) {
	const rows = `{"users":[{"application_id":123}],"registrations":[{"sip_username":"sales","proxy":"sip-403.test","user_id":0}]}`
	overHTTP, inGo := newServer(t), newServer(t)
	reply := must(t, overHTTP, "POST /_voxemu/state?account_id=1", rows)
	var added struct {
		Users         []struct{ ID int64 }
		Registrations []struct {
			ID     int64
			State  string
			Status int64 `json:"status_code"`
		}
	}
	if err := json.Unmarshal([]byte(reply), &added); err != nil {
		t.Fatal(err)
	}
	if r := added.Registrations; len(r) != 1 || r[0].ID != 5 || r[0].State != "failed" || r[0].Status != 403 || len(added.Users) != 1 {
		t.Errorf("added %s", reply)
	}
	var same scenarios.Scenario
	if err := json.Unmarshal([]byte(`{"Users":[{"ApplicationID":123}],"Registrations":[{"SIPUsername":"sales","Proxy":"sip-403.test"}]}`), &same); err != nil {
		t.Fatal(err)
	}
	if _, err := inGo.Add(same.OwnedBy(1)); err != nil {
		t.Fatal(err)
	}
	a, err := overHTTP.ExportWithSecrets()
	if err != nil {
		t.Fatal(err)
	}
	b, err := inGo.ExportWithSecrets()
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(b), string(a)); diff != "" {
		t.Errorf("-in Go +over HTTP:\n%s", diff)
	}
}

func TestRefusedRowsChangeNothing(t *testing.T) {
	for body, want := range map[string]string{
		`{"registrations":[{"proxy":"sip.example.com"},{"proxy":"a/b"}]}`:     "proxy",
		`{"billing":{"monthly_fee":"3.00"},"users":[{"application_id":123}]}`: "want rows only",
		`{"faults":[{"then":{"hang":{}}}]}`:                                   "want rows only",
		"generate: [{rows: registrations, count: 5}]":                         "",
		"[]":                          "",
		"registrations: [{proxi: x}]": "proxi",
	} {
		s := newServer(t)
		before := s.Changes()
		reply := request(s.Handler(), "POST /_voxemu/state", body)
		if reply.Code != 422 || !strings.Contains(reply.Body.String(), want) || s.Changes() != before {
			t.Errorf("%s: %d %s", body, reply.Code, reply.Body)
		}
	}
}

func TestATokenOfTheControlAPIIdentifiesItsAccount(t *testing.T) {
	s := newServer(t)
	var reply struct{ Token string }
	if err := json.Unmarshal([]byte(must(t, s, "POST /_voxemu/keys/owner-key/token", "")), &reply); err != nil {
		t.Fatal(err)
	}
	listed := request(s.Handler(), "GET /platform_api/GetSipRegistrations", "", "Authorization", "Bearer "+reply.Token).Body.String()
	if !strings.Contains(listed, `"count":4`) {
		t.Errorf("the token was refused: %s", listed)
	}
}

func TestAnAccountIsFrozenAndUnfrozenOverTheControlAPI(t *testing.T) {
	s := newServer(t)
	for body, frozen := range map[string]bool{`{}`: true, `{"frozen":false}`: false, `{"frozen":true}`: true} {
		must(t, s, "POST /_voxemu/accounts/1/freeze", body)
		if got := s.Accounts()[0].Frozen; got != frozen {
			t.Errorf("%s: frozen is %v", body, got)
		}
	}
}

func TestTheReportNamesMistakesAndFaultsOfTheAccountThatIsAsked(t *testing.T) {
	s := newServer(t)
	other := must(t, s, "POST /_voxemu/accounts", `{"name":"other","api_key":"k","credentials":false}`)
	if !strings.Contains(other, `"account_id": 2`) {
		t.Fatal(other)
	}
	put(t, s, fault.Rule{Name: "mine", When: fault.When{Method: "BindSipRegistration", Account: 2}, Then: fault.Do(fault.Close{})})
	put(t, s, fault.Rule{Name: "optional", Optional: true, Then: fault.Do(fault.Close{}), When: fault.When{Nth: 99}})
	request(s.Handler(), "GET /platform_api/CreateSipRegistration?account_id=1&api_key=demo-key&persistent=true", "")
	request(s.Handler(), "GET /platform_api/GetSipRegistrations?account_id=2&api_key=k&count=many", "")
	report := func(body string) (got journal.Report) {
		if err := json.Unmarshal([]byte(must(t, s, "POST /_voxemu/mistakes", body)), &got); err != nil {
			t.Fatal(err)
		}
		return got
	}
	for _, c := range []struct {
		body             string
		unknown, refused int
		untriggered      []string
	}{
		{`{}`, 1, 2, []string{"mine"}},
		{`{"account_id":1}`, 1, 1, nil},
		{`{"account_id":2}`, 0, 1, []string{"mine"}},
		{`{"after":1}`, 0, 1, []string{"mine"}},
		{`{"allow_unknown":true}`, 0, 2, []string{"mine"}},
		{`{"allow_mistakes":[{"method":"GetSipRegistrations"}]}`, 1, 1, []string{"mine"}},
		{`{"allow_mistakes":[{}]}`, 1, 0, []string{"mine"}},
	} {
		got := report(c.body)
		var names []string
		for _, one := range got.Untriggered {
			names = append(names, one.Name)
		}
		if len(got.Unknown) != c.unknown || len(got.Refused) != c.refused || !slices.Equal(names, c.untriggered) {
			t.Errorf("%s: %+v", c.body, got)
		}
	}
}

func TestAnOrderOfRequestsIsVerifiedOverTheControlAPI(t *testing.T) {
	s := newServer(t)
	called(t, s, list)
	called(t, s, "/platform_api/DeleteSipRegistration?account_id=1&api_key=demo-key&sip_registration_id=1")
	must(t, s, "POST /_voxemu/verify", `{"filter":{"method":"GetSipRegistrations"},"then":[{"method":"DeleteSipRegistration"}]}`)
	wrong := request(s.Handler(), "POST /_voxemu/verify", `{"filter":{"method":"DeleteSipRegistration"},"then":[{"method":"GetSipRegistrations"}]}`)
	if wrong.Code != 409 || !strings.Contains(wrong.Body.String(), "step 2 came too early: request 1") {
		t.Errorf("%d %s", wrong.Code, wrong.Body)
	}
}
