package vox_test

import (
	"errors"
	"testing"

	"github.com/voxemu/voxemu/emulator/vox"
)

func TestMoneyIsPrintedWithAtLeastTwoDecimals(t *testing.T) {
	for text, want := range map[string]string{
		"100": "100.00", "100.00": "100.00", "0.5": "0.50", "-0.304666": "-0.304666", "1e2": "100.00", "2.500": "2.50", "0": "0.00",
	} {
		m, err := vox.ParseMoney(text)
		if err != nil || m.String() != want {
			t.Errorf("%s = %s, %v; want %s", text, m, err, want)
		}
	}
	for _, text := range []string{"", "much", "1,00", "NaN", "Infinity", "0.0000001", "1234567890123456789", "1e400"} {
		if m, err := vox.ParseMoney(text); err == nil {
			t.Errorf("%q was read as %s", text, m)
		}
	}
}

func TestRolesInclude(t *testing.T) {
	for _, c := range []struct {
		held, wanted vox.Role
		want         bool
	}{
		{vox.Owner, vox.Owner, true}, {vox.Owner, vox.Admin, true}, {vox.Owner, vox.Support, true},
		{vox.Admin, vox.Owner, false}, {vox.Admin, vox.Developer, true},
		{vox.Developer, vox.Admin, false}, {vox.Developer, vox.Support, false},
		{vox.UserManager, vox.UserRead, true}, {vox.UserRead, vox.UserManager, false},
		{vox.ACDManager, vox.ACDStats, true}, {vox.ACDManager, vox.UserRead, false},
	} {
		if got := c.held.Includes(c.wanted); got != c.want {
			t.Errorf("%s includes %s: %v, want %v", c.held, c.wanted, got, c.want)
		}
	}
}

func TestAPrincipalNeedsOneOfTheRoles(t *testing.T) {
	wanted := []vox.Role{vox.Developer, vox.Support}
	for why, c := range map[string]struct {
		caller vox.Principal
		want   bool
	}{
		"api key":       {vox.Principal{Unlimited: true}, true},
		"no role":       {vox.Principal{}, false},
		"another role":  {vox.Principal{Roles: []vox.Role{vox.Accountant}}, false},
		"one of two":    {vox.Principal{Roles: []vox.Role{vox.Accountant, vox.Support}}, true},
		"included role": {vox.Principal{Roles: []vox.Role{vox.Admin}}, true},
	} {
		if got := c.caller.May(wanted); got != c.want {
			t.Errorf("%s: %v, want %v", why, got, c.want)
		}
	}
}

func TestErrorsIsFindsTheNameInARefusal(t *testing.T) {
	var err error = vox.Refusals{vox.ErrInvalidProxy.On("proxy"), vox.ErrInvalidUserID.On("user_id").Because("an id")}
	if !errors.Is(err, vox.ErrInvalidUserID) || errors.Is(err, vox.ErrInvalidRuleID) {
		t.Errorf("errors.Is does not find the names in %v", err)
	}
}
