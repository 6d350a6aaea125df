package sipreg_test

import (
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/voxemu/voxemu/emulator/internal/sipreg"
	"github.com/voxemu/voxemu/emulator/vox"
)

func bind(id int64, target sipreg.Target) sipreg.BindParams {
	return sipreg.BindParams{ID: id, Target: target, Bind: true}
}

func unbind(id int64, target sipreg.Target) sipreg.BindParams {
	return sipreg.BindParams{ID: id, Target: target}
}

func TestBindingAUserUnbindsThePreviousRegistration(t *testing.T) {
	w := newWorld(t)
	must(w, sipreg.Bind, bind(1, sipreg.Target{ApplicationID: 10, RuleID: 11, UserID: 12}))
	must(w, sipreg.Bind, bind(2, sipreg.Target{ApplicationID: 10, UserID: 12}))
	if got, want := w.bound(1), [3]int64{10, 11, 0}; got != want {
		t.Errorf("previous registration is bound to %v, want %v", got, want)
	}
	if got, want := w.bound(2), [3]int64{10, 0, 12}; got != want {
		t.Errorf("registration is bound to %v, want %v", got, want)
	}
	must(w, sipreg.Bind, bind(2, sipreg.Target{ApplicationID: 10, UserID: 12}))
	if got, want := w.bound(2), [3]int64{10, 0, 12}; got != want {
		t.Errorf("after binding again: %v, want %v", got, want)
	}
}

func TestTargetsByNameAndByID(t *testing.T) {
	for why, c := range map[string]struct {
		target sipreg.Target
		want   [3]int64
	}{
		"ids":                          {sipreg.Target{ApplicationID: 10, RuleID: 11, UserID: 12}, [3]int64{10, 11, 12}},
		"short names":                  {sipreg.Target{ApplicationName: "shop", RuleName: "inbound", UserName: "bob"}, [3]int64{20, 21, 22}},
		"full application name":        {sipreg.Target{ApplicationName: "shop.demo.voximplant.com"}, [3]int64{20, 0, 0}},
		"ids and names agree":          {sipreg.Target{ApplicationID: 20, ApplicationName: "shop", RuleID: 21, RuleName: "inbound"}, [3]int64{20, 21, 0}},
		"rule implies its application": {sipreg.Target{RuleID: 21}, [3]int64{20, 21, 0}},
	} {
		w := newWorld(t)
		must(w, sipreg.Bind, bind(1, c.target))
		if got := w.bound(1); got != c.want {
			t.Errorf("%s: bound to %v, want %v", why, got, c.want)
		}
	}
}

func TestTargetsThatAreRefused(t *testing.T) {
	for why, c := range map[string]struct {
		target sipreg.Target
		want   vox.Error
		field  string
	}{
		"unknown application":           {sipreg.Target{ApplicationID: 99}, vox.ErrInvalidApplicationID, "application_id"},
		"another account's application": {sipreg.Target{ApplicationID: 30}, vox.ErrInvalidApplicationID, "application_id"},
		"unknown application name":      {sipreg.Target{ApplicationName: "nobody"}, vox.ErrInvalidApplication, "application_name"},
		"full name of another account":  {sipreg.Target{ApplicationName: "myapp.other.voximplant.com"}, vox.ErrInvalidApplication, "application_name"},
		"unknown rule":                  {sipreg.Target{ApplicationID: 10, RuleID: 99}, vox.ErrInvalidRuleID, "rule_id"},
		"rule of another application":   {sipreg.Target{ApplicationID: 10, RuleID: 21}, vox.ErrInvalidRuleID, "rule_id"},
		"unknown rule name":             {sipreg.Target{ApplicationID: 10, RuleName: "nobody"}, vox.ErrInvalidRuleName, "rule_name"},
		"unknown user":                  {sipreg.Target{ApplicationID: 10, UserID: 99}, vox.ErrInvalidUserID, "user_id"},
		"user of another application":   {sipreg.Target{ApplicationID: 10, UserID: 22}, vox.ErrUserNotBound, "user_id"},
		"user name elsewhere":           {sipreg.Target{ApplicationID: 10, UserName: "bob"}, vox.ErrInvalidUserName, "user_name"},
		"user without application":      {sipreg.Target{UserID: 12}, vox.ErrMissingParameter, "application_id"},
		"rule name without application": {sipreg.Target{RuleName: "inbound"}, vox.ErrMissingParameter, "application_id"},
		"nothing":                       {sipreg.Target{}, vox.ErrMissingParameter, "application_id"},
		"ids and names disagree":        {sipreg.Target{ApplicationID: 10, ApplicationName: "shop"}, vox.ErrOnlyOneOf, "application_name"},
	} {
		w := newWorld(t)
		_, err := do(w, sipreg.Bind, bind(1, c.target))
		var refusal vox.Refusal
		if !errors.As(err, &refusal) || refusal.Name != c.want || refusal.Field != c.field {
			t.Errorf("%s: %v, want %s on %s", why, err, c.want, c.field)
		}
		if got := w.bound(1); got != [3]int64{} {
			t.Errorf("%s: bound to %v in spite of the refusal", why, got)
		}
	}
}

func TestMovingToAnotherApplicationClearsRuleAndUserOfTheOldOne(t *testing.T) {
	w := newWorld(t)
	must(w, sipreg.Bind, bind(1, sipreg.Target{ApplicationID: 10, RuleID: 11, UserID: 12}))
	must(w, sipreg.Bind, bind(1, sipreg.Target{ApplicationID: 20}))
	if got, want := w.bound(1), [3]int64{20, 0, 0}; got != want {
		t.Errorf("bound to %v, want %v", got, want)
	}
}

// Registration 1 is bound to 10/11/12, registration 2 to 10/11, registration 3 to
// 20/21/22.
func TestUnbindForms(t *testing.T) {
	for why, c := range map[string]struct {
		params sipreg.BindParams
		want   [3][3]int64
	}{
		"by registration":                  {unbind(1, sipreg.Target{}), [3][3]int64{{}, {10, 11, 0}, {20, 21, 22}}},
		"by user alone":                    {unbind(0, sipreg.Target{UserID: 12}), [3][3]int64{{10, 11, 0}, {10, 11, 0}, {20, 21, 22}}},
		"by user name alone":               {unbind(0, sipreg.Target{UserName: "bob"}), [3][3]int64{{10, 11, 12}, {10, 11, 0}, {20, 21, 0}}},
		"by application alone":             {unbind(0, sipreg.Target{ApplicationID: 10}), [3][3]int64{{}, {}, {20, 21, 22}}},
		"by application name":              {unbind(0, sipreg.Target{ApplicationName: "shop"}), [3][3]int64{{10, 11, 12}, {10, 11, 0}, {}}},
		"by rule alone":                    {unbind(0, sipreg.Target{RuleID: 11}), [3][3]int64{{10, 0, 12}, {10, 0, 0}, {20, 21, 22}}},
		"registration from its user":       {unbind(1, sipreg.Target{UserID: 12}), [3][3]int64{{10, 11, 0}, {10, 11, 0}, {20, 21, 22}}},
		"registration from another's user": {unbind(1, sipreg.Target{UserID: 22}), [3][3]int64{{10, 11, 12}, {10, 11, 0}, {20, 21, 22}}},
		"registration and application":     {unbind(1, sipreg.Target{ApplicationID: 10}), [3][3]int64{{}, {10, 11, 0}, {20, 21, 22}}},
		"user within its application":      {unbind(0, sipreg.Target{ApplicationID: 10, UserID: 12}), [3][3]int64{{10, 11, 0}, {10, 11, 0}, {20, 21, 22}}},
	} {
		w := newWorld(t)
		must(w, sipreg.Bind, bind(1, sipreg.Target{ApplicationID: 10, RuleID: 11, UserID: 12}))
		must(w, sipreg.Bind, bind(2, sipreg.Target{ApplicationID: 10, RuleID: 11}))
		must(w, sipreg.Bind, bind(3, sipreg.Target{ApplicationID: 20, RuleID: 21, UserID: 22}))
		for range 2 { // unbinding twice is no error
			must(w, sipreg.Bind, c.params)
		}
		got := [3][3]int64{w.bound(1), w.bound(2), w.bound(3)}
		if diff := cmp.Diff(c.want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", why, diff)
		}
	}
}

func TestUnbindingNothingNamedIsRefused(t *testing.T) {
	w := newWorld(t)
	if _, err := do(w, sipreg.Bind, unbind(0, sipreg.Target{})); !errors.Is(err, vox.ErrInvalidRegistrationID) {
		t.Errorf("error %v, want %v", err, vox.ErrInvalidRegistrationID)
	}
}

func TestTheScenarioChoosesWhatIDAndNameTogetherMean(t *testing.T) {
	both := bind(1, sipreg.Target{ApplicationID: 10, ApplicationName: "shop"})
	for behaviour, want := range map[vox.IDAndName]error{
		"": vox.ErrOnlyOneOf, vox.IDAndNameMustAgree: vox.ErrOnlyOneOf,
		vox.IDAndNameRefused: vox.ErrOnlyOneOf, vox.IDAndNameIDWins: nil,
	} {
		w := newWorld(t, func(s *vox.Settings) { s.Behaviour.IDAndName = behaviour })
		if _, err := do(w, sipreg.Bind, both); !errors.Is(err, want) {
			t.Errorf("%q: %v, want %v", behaviour, err, want)
		}
	}
	w := newWorld(t, func(s *vox.Settings) { s.Behaviour.IDAndName = vox.IDAndNameRefused })
	agreeing := bind(1, sipreg.Target{ApplicationID: 10, ApplicationName: "myapp"})
	if _, err := do(w, sipreg.Bind, agreeing); !errors.Is(err, vox.ErrOnlyOneOf) {
		t.Errorf("refused although they agree: %v", err)
	}
}

func TestTheScenarioChoosesWhoMayHoldAUser(t *testing.T) {
	target := sipreg.Target{ApplicationID: 10, UserID: 12}
	for _, c := range []struct {
		behaviour  vox.UserBinding
		persistent bool
		want       error
	}{
		{"", true, nil}, {"", false, nil},
		{vox.UserBindingAny, true, nil}, {vox.UserBindingAny, false, nil},
		{vox.UserBindingPersistentOnly, true, nil}, {vox.UserBindingPersistentOnly, false, vox.ErrInvalidParameter},
		{vox.UserBindingNonPersistentOnly, true, vox.ErrPersistent}, {vox.UserBindingNonPersistentOnly, false, nil},
	} {
		w := newWorld(t, func(s *vox.Settings) { s.Behaviour.UserBinding = c.behaviour })
		_, err := do(w, sipreg.Create, sipreg.CreateParams{Identity: sip("a", "b"), Target: target, IsPersistent: c.persistent})
		if !errors.Is(err, c.want) {
			t.Errorf("%q, persistent %v: %v, want %v", c.behaviour, c.persistent, err, c.want)
		}
	}
}
