package applications_test

import (
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/voxemu/voxemu/emulator/internal/applications"
	"github.com/voxemu/voxemu/emulator/internal/query"
	"github.com/voxemu/voxemu/emulator/internal/reply"
	"github.com/voxemu/voxemu/emulator/internal/store"
	"github.com/voxemu/voxemu/emulator/vox"
)

var (
	noon  = time.Date(2026, 1, 31, 12, 0, 0, 0, time.UTC)
	owner = vox.Principal{AccountID: 1, Unlimited: true}
	wide  = query.Page{Count: 20}
)

// newWorld returns the state of these tests: account 1 owns application 10 with rules 11
// to 13, script 14 and user 15, application 20, and the shared script 16; account 2 owns
// application 30.
func newWorld(t *testing.T) *store.Store {
	t.Helper()
	s := store.New()
	err := s.Replace(noon, func(tx *store.Tx) error {
		return errors.Join(
			store.Put(tx, store.Accounts, vox.Account{ID: 1, Name: "demo"}), store.Put(tx, store.Accounts, vox.Account{ID: 2, Name: "other"}),
			store.Put(tx, store.Applications, vox.Application{ID: 10, AccountID: 1, Name: "myapp"}),
			store.Put(tx, store.Applications, vox.Application{ID: 20, AccountID: 1, Name: "shop"}),
			store.Put(tx, store.Applications, vox.Application{ID: 30, AccountID: 2, Name: "myapp"}),
			store.Put(tx, store.Scenarios, vox.Scenario{ID: 14, AccountID: 1, ApplicationID: 10, Name: "inbound", Script: "a"}),
			store.Put(tx, store.Scenarios, vox.Scenario{ID: 16, AccountID: 1, Name: "greeting"}),
			store.Put(tx, store.Rules, vox.Rule{ID: 11, AccountID: 1, ApplicationID: 10, Name: "first", Pattern: "7.+", PatternExclude: "79.+", ScenarioIDs: []int64{14}}),
			store.Put(tx, store.Rules, vox.Rule{ID: 12, AccountID: 1, ApplicationID: 10, Name: "second", Pattern: ".*"}),
			store.Put(tx, store.Rules, vox.Rule{ID: 13, AccountID: 1, ApplicationID: 10, Name: "third", Pattern: "(?=7).*"}),
			store.Put(tx, store.Users, vox.User{ID: 15, AccountID: 1, ApplicationID: 10, Name: "alice", DisplayName: "Alice"}),
		)
	})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// must calls a method that must succeed, in its own transaction.
func must[P, R any](t *testing.T, s *store.Store, method func(*store.Tx, vox.Principal, P) (R, error), p P) R {
	t.Helper()
	reply, err := try(s, method, p)
	if err != nil {
		t.Fatal(err)
	}
	return reply
}

func try[P, R any](s *store.Store, method func(*store.Tx, vox.Principal, P) (R, error), p P) (R, error) {
	var reply R
	err := s.Write(noon, func(tx *store.Tx) (err error) {
		reply, err = method(tx, owner, p)
		return err
	})
	return reply, err
}

func rules(t *testing.T, s *store.Store, p applications.GetRulesParams) []int64 {
	t.Helper()
	p.ApplicationID, p.Page = 10, wide
	var ids []int64
	for _, r := range must(t, s, applications.GetRules, p).Result {
		ids = append(ids, r.ID)
	}
	return ids
}

func TestReorderingPutsTheGivenFirstAndLeavesTheRest(t *testing.T) {
	s := newWorld(t)
	must(t, s, applications.ReorderRules, applications.ReorderRulesParams{ID: []int64{13, 11}})
	if diff := cmp.Diff([]int64{13, 11, 12}, rules(t, s, applications.GetRulesParams{})); diff != "" {
		t.Errorf("rules (-want +got):\n%s", diff)
	}
	added := must(t, s, applications.AddRule, applications.AddRuleParams{ApplicationID: 10, Name: "last", Pattern: ".*"})
	if diff := cmp.Diff([]int64{13, 11, 12, added.ID}, rules(t, s, applications.GetRulesParams{})); diff != "" {
		t.Errorf("a new rule comes last (-want +got):\n%s", diff)
	}
	must(t, s, applications.BindScenario, applications.BindScenarioParams{ID: []int64{16}, RuleID: 11, Bind: true})
	must(t, s, applications.ReorderScenarios, applications.ReorderScenariosParams{RuleID: 11, ID: []int64{16}})
	listed := must(t, s, applications.GetRules, applications.GetRulesParams{ApplicationID: 10, Name: "first", WithScenarios: true, Page: wide})
	if got := listed.Result[0].Scenarios; len(got) != 2 || got[0].ID != 16 || got[1].ID != 14 {
		t.Errorf("scenarios %v, want 16 and 14", got)
	}
}

func TestATemplateFindsTheRulesThatTakeTheNumber(t *testing.T) {
	s := newWorld(t)
	for number, want := range map[string][]int64{"74951234567": {11, 12}, "79991234567": {12}, "1": {12}} {
		if diff := cmp.Diff(want, rules(t, s, applications.GetRulesParams{Template: number})); diff != "" {
			t.Errorf("%s (-want +got):\n%s", number, diff)
		}
	}
}

func TestCountsSeparateThePageFromTheWhole(t *testing.T) {
	s := newWorld(t)
	for why, c := range map[string]struct {
		p    applications.GetApplicationsParams
		want reply.Counts
	}{
		"the index alone":     {applications.GetApplicationsParams{Page: query.Page{Count: 1}}, reply.Counts{TotalCount: 2, Count: 1}},
		"behind the end":      {applications.GetApplicationsParams{Page: query.Page{Count: 5, Offset: 9}}, reply.Counts{TotalCount: 2}},
		"a part of a name":    {applications.GetApplicationsParams{Name: "DEMO", Page: query.Page{Count: 1, Offset: 1}}, reply.Counts{TotalCount: 2, Count: 1}},
		"nobody's part":       {applications.GetApplicationsParams{Name: "other", Page: wide}, reply.Counts{}},
		"somebody else's id":  {applications.GetApplicationsParams{Where: []query.Filter{{Index: "id", Ranges: query.Each[int64](30)}}, Page: wide}, reply.Counts{}},
		"a page past the end": {applications.GetApplicationsParams{Name: "m", Page: query.Page{Count: 1, Offset: 7}}, reply.Counts{TotalCount: 2}},
	} {
		reply := must(t, s, applications.GetApplications, c.p)
		if reply.Counts != c.want || len(reply.Result) != c.want.Count {
			t.Errorf("%s: %+v with %d rows, want %+v", why, reply.Counts, len(reply.Result), c.want)
		}
	}
}

func TestTheTextOfAScenarioComesByIDOnly(t *testing.T) {
	s := newWorld(t)
	for _, c := range []struct {
		p    applications.GetScenariosParams
		want string
	}{
		{applications.GetScenariosParams{ID: 14, WithScript: true}, "a"},
		{applications.GetScenariosParams{ID: 14}, ""},
		{applications.GetScenariosParams{Name: "inbound", WithScript: true}, ""},
	} {
		c.p.Page = wide
		if got := must(t, s, applications.GetScenarios, c.p).Result[0].Script; got != c.want {
			t.Errorf("%+v: %q, want %q", c.p, got, c.want)
		}
	}
}

func TestRewritingKeepsTheIDOfTheScenario(t *testing.T) {
	s := newWorld(t)
	p := applications.AddScenarioParams{Name: "inbound", Script: "b", ApplicationID: 10, Rewrite: true}
	if got := must(t, s, applications.AddScenario, p).ID; got != 14 {
		t.Errorf("id %d, want 14", got)
	}
	p.Rewrite = false
	if _, err := try(s, applications.AddScenario, p); !errors.Is(err, vox.ErrScenarioNotUnique) {
		t.Errorf("without rewrite: %v", err)
	}
}

func TestAScenarioNameIsUniqueInTheAccount(t *testing.T) {
	s := newWorld(t)
	for why, p := range map[string]applications.AddScenarioParams{
		"an application's, in another":    {Name: "inbound", ApplicationID: 20},
		"an application's, among shared":  {Name: "inbound"},
		"a shared one, in an application": {Name: "greeting", ApplicationID: 10},
	} {
		for _, p.Rewrite = range []bool{false, true} { // rewrite affects only the same application
			if _, err := try(s, applications.AddScenario, p); !errors.Is(err, vox.ErrScenarioNotUnique) {
				t.Errorf("%s, rewrite %t: %v", why, p.Rewrite, err)
			}
		}
	}
	for name, want := range map[string]error{"inbound": vox.ErrScenarioNotUnique, "greeting": nil, "other": nil} {
		_, err := try(s, applications.SetScenarioInfo, applications.SetScenarioInfoParams{ID: 16, Name: name})
		if !errors.Is(err, want) {
			t.Errorf("renaming to %s: %v, want %v", name, err, want)
		}
	}
}

func TestUnknownScenarioNamesAreAnsweredWithTheErrorOfTheID(t *testing.T) {
	s := newWorld(t)
	named := []string{"nothing"}
	for method, call := range map[string]func() error{
		"AddRule": func() error {
			_, err := try(s, applications.AddRule, applications.AddRuleParams{ApplicationID: 10, Name: "x", ScenarioName: named})
			return err
		},
		"BindScenario": func() error {
			_, err := try(s, applications.BindScenario, applications.BindScenarioParams{RuleID: 11, Name: named})
			return err
		},
		"DelScenario": func() error {
			_, err := try(s, applications.DelScenario, applications.DelScenarioParams{Name: named})
			return err
		},
		"SetScenarioInfo": func() error {
			_, err := try(s, applications.SetScenarioInfo, applications.SetScenarioInfoParams{RequiredName: "nothing"})
			return err
		},
	} {
		if err := call(); !errors.Is(err, vox.ErrInvalidScenarioID) {
			t.Errorf("%s: %v", method, err)
		}
	}
}

func TestScenariosAreFilteredByTheExactNameUnlessTheFileSaysPart(t *testing.T) {
	for _, c := range []struct {
		filter vox.ScenarioNameFilter
		name   string
		want   int
	}{
		{"", "inbound", 1},
		{"", "INBOUND", 0},
		{"", "bound", 0},
		{vox.ScenarioNameFilterExact, "bound", 0},
		{vox.ScenarioNameFilterPart, "BOUND", 1},
	} {
		s := newWorld(t)
		_ = s.Write(noon, func(tx *store.Tx) error { // the function never fails
			tx.SetSettings(vox.Settings{Behaviour: vox.Behaviour{ScenarioNameFilter: c.filter}})
			return nil
		})
		found := must(t, s, applications.GetScenarios, applications.GetScenariosParams{Name: c.name, Page: wide})
		if found.Count != c.want {
			t.Errorf("%q %s: %d rows, want %d", c.filter, c.name, found.Count, c.want)
		}
	}
}

func TestUsersAreListedOfANamedApplicationByName(t *testing.T) {
	s := newWorld(t)
	_, err := try(s, applications.GetUsers, applications.GetUsersParams{Name: "alice", Page: wide})
	if !errors.Is(err, vox.ErrInvalidApplicationID) {
		t.Errorf("without an application: %v", err)
	}
	of10 := applications.GetUsersParams{Where: []query.Filter{{Index: "application_id", Ranges: query.Each[int64](10)}}, Page: wide}
	if got := must(t, s, applications.GetUsers, of10); got.Count != 1 {
		t.Errorf("%d users, want alice", got.Count)
	}
}

func TestANonPersistentRegistrationGoesOfflineWithItsUser(t *testing.T) {
	s := newWorld(t)
	bound := vox.Registration{
		ID: 1, AccountID: 1, SIPUsername: "a", Proxy: "b", ApplicationID: 10, RuleID: 11, UserID: 15,
		NonPersistent: true, State: vox.Successful, StatusCode: 200,
	}
	if err := s.Write(noon, func(tx *store.Tx) error { return store.Put(tx, store.Registrations, bound) }); err != nil {
		t.Fatal(err)
	}
	must(t, s, applications.DelUser, applications.DelUserParams{ID: query.Selection{IDs: []int64{15}}})
	var got vox.Registration
	_ = s.Read(noon, func(tx *store.Tx) error { // the function never fails
		got, _ = store.Get(tx, store.Registrations, 1)
		return nil
	})
	if got.UserID != 0 || got.State != vox.Offline || got.StatusCode != 0 || got.ApplicationID != 10 || got.RuleID != 11 {
		t.Errorf("%+v: want offline, without the user, still bound to application and rule", got)
	}
}

func TestIDsAndNamesOfAListMustAgree(t *testing.T) {
	s := newWorld(t)
	bind := applications.BindScenarioParams{ID: []int64{14, 16}, Name: []string{"greeting", "inbound"}, RuleID: 12, RuleName: "second", ApplicationID: 10, ApplicationName: "myapp.demo.voximplant.com", Bind: true}
	must(t, s, applications.BindScenario, bind) // as the official deployment tool does
	for _, names := range [][]string{{"greeting"}, {"greeting", "inbound", "nothing"}} {
		bind.Name = names
		if _, err := try(s, applications.BindScenario, bind); err == nil {
			t.Errorf("%q was accepted beside both ids", names)
		}
	}
}

func TestPatternsAndPasswordsAreJudged(t *testing.T) {
	s := newWorld(t)
	for pattern, ok := range map[string]bool{".*": true, "(?=7).*": true, `7\Z`: true, "(": false, "[7": false, "*": false} {
		_, err := try(s, applications.SetRuleInfo, applications.SetRuleInfoParams{ID: 12, Pattern: pattern})
		if (err == nil) != ok {
			t.Errorf("pattern %s: %v", pattern, err)
		}
	}
	for password, ok := range map[string]bool{"Pa55-word": true, "Pä55-wört": true, "pa55-word": false, "PA55-WORD": false, "Pass-word": false, "Pa55word": false, "Pa5-wor": false} {
		_, err := try(s, applications.SetUserInfo, applications.SetUserInfoParams{ID: 15, Password: password})
		if (err == nil) != ok {
			t.Errorf("password %s: %v", password, err)
		}
	}
}

func TestAnApplicationHasTheShortNameWhicheverIsGiven(t *testing.T) {
	for given, want := range map[string]string{
		"sales":                       "sales.demo.voximplant.com",
		"sales.demo.voximplant.com":   "sales.demo.voximplant.com",
		"sales.other.voximplant.com":  "",
		"sales.a.demo.voximplant.com": "",
	} {
		s := newWorld(t)
		added, err := try(s, applications.AddApplication, applications.AddApplicationParams{Name: given})
		if added.Name != want || (want == "") != errors.Is(err, vox.ErrInvalidApplication) {
			t.Errorf("added as %s: %q, %v, want %q", given, added.Name, err, want)
		}
		renamed, err := try(s, applications.SetApplicationInfo, applications.SetApplicationInfoParams{ID: 20, Name: "new-" + given})
		if want != "" && renamed.Name != "new-"+want || (want == "") != errors.Is(err, vox.ErrInvalidApplication) {
			t.Errorf("renamed to new-%s: %q, %v", given, renamed.Name, err)
		}
	}
	_, err := try(newWorld(t), applications.AddApplication, applications.AddApplicationParams{Name: "shop.demo.voximplant.com"})
	if !errors.Is(err, vox.ErrApplicationNotUnique) {
		t.Errorf("the full name of another application: %v", err)
	}
}
