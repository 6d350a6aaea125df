package vox_test

import (
	"errors"
	"net/netip"
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
	for _, text := range []string{"", "much", "1,00", "NaN", "Infinity", "0.0000001", "1234567890123456789", "1000000000000", "1e12", "1e400"} {
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

func TestSumsAndDifferencesAreExact(t *testing.T) {
	tenth := vox.MustParseMoney("0.1")
	var sum vox.Money
	for range 3 {
		sum = sum.Add(tenth)
	}
	if sum.String() != "0.30" || sum.Sub(tenth).String() != "0.20" || sum.Neg().String() != "-0.30" {
		t.Errorf("0.1 three times is %s, less 0.1 %s, negative %s", sum, sum.Sub(tenth), sum.Neg())
	}
	if sum.Cmp(tenth) <= 0 || tenth.Cmp(sum) >= 0 || sum.Cmp(vox.MustParseMoney("0.300")) != 0 {
		t.Error("amounts are not ordered as numbers")
	}
}

func TestAmountsInRangeAreThoseThatCanBeReadAgain(t *testing.T) {
	most := vox.MustParseMoney("999999999999.999999")
	if !most.InRange() || !most.Neg().InRange() || most.Add(vox.MustParseMoney("0.000001")).InRange() {
		t.Error("want up to 999999999999.999999, either side of 0")
	}
}

func TestTaxIsRoundedToCentsHalfACentAwayFromZero(t *testing.T) {
	for _, c := range []struct{ rate, amount, want string }{
		{"20", "1.00", "0.20"}, {"7.5", "1.00", "0.08"}, {"20", "0.02", "0.00"}, {"20", "0.025", "0.01"},
		{"0", "100", "0.00"}, {"100", "0.01", "0.01"}, {"19", "0.99", "0.19"}, {"50", "-0.01", "-0.01"},
	} {
		rate, err := vox.ParsePercent(c.rate)
		if err != nil {
			t.Fatal(err)
		}
		if got := rate.Of(vox.MustParseMoney(c.amount)).String(); got != c.want {
			t.Errorf("%s%% of %s is %s, want %s", c.rate, c.amount, got, c.want)
		}
	}
	for _, text := range []string{"", "-1", "100.5", "a", "0.0000001", "1e9", "NaN"} {
		if rate, err := vox.ParsePercent(text); err == nil {
			t.Errorf("%q was read as %s", text, rate)
		}
	}
}

func TestAnAccountCanPayFromBalanceAndCredit(t *testing.T) {
	a := vox.Account{Balance: vox.MustParseMoney("-1"), CreditLimit: vox.MustParseMoney("3"), MoneyOnHold: vox.MustParseMoney("5")}
	if !a.CanPay(vox.MustParseMoney("2")) || a.CanPay(vox.MustParseMoney("2.01")) {
		t.Error("want 2.00 and no more: money on hold is spent already")
	}
	if got := a.FixedBalance().String(); got != "4.00" {
		t.Errorf("fixed balance %s, want 4.00", got)
	}
}

func TestAnAmountInAProgramHasToBeOne(t *testing.T) {
	if got := vox.MustParseMoney("12.50"); got.String() != "12.50" {
		t.Errorf("got %s", got)
	}
	defer func() {
		if recover() == nil {
			t.Error("no panic")
		}
	}()
	vox.MustParseMoney("much")
}

func TestTheLongestEntryThatContainsAllOfANetworkDecides(t *testing.T) {
	white := vox.AuthorizedIP{ID: 1, Network: "192.0.2.0/24"}
	narrow := vox.AuthorizedIP{ID: 2, Network: "192.0.2.8/29"}
	black := vox.AuthorizedIP{ID: 3, Network: "192.0.2.0/25", Denied: true}
	other := vox.AuthorizedIP{ID: 4, Network: "198.51.100.7", Denied: true}
	for _, c := range []struct {
		entries []vox.AuthorizedIP
		asked   string
		allowed bool
		decided vox.AuthorizedIP
	}{
		{nil, "192.0.2.0/24", true, vox.AuthorizedIP{}},
		{[]vox.AuthorizedIP{other}, "192.0.2.0/24", true, vox.AuthorizedIP{}},
		{[]vox.AuthorizedIP{white}, "192.0.2.0/24", true, white},
		{[]vox.AuthorizedIP{white}, "192.0.0.0/16", false, vox.AuthorizedIP{}},
		{[]vox.AuthorizedIP{white, narrow}, "192.0.2.9/32", true, narrow},
		{[]vox.AuthorizedIP{narrow, white}, "192.0.2.9/32", true, narrow},
		{[]vox.AuthorizedIP{white, narrow}, "192.0.2.16/29", true, white},
		{[]vox.AuthorizedIP{white, narrow, black}, "192.0.2.9/32", false, black}, // the blacklist has precedence
		{[]vox.AuthorizedIP{black, narrow, white}, "192.0.2.9/32", false, black},
		{[]vox.AuthorizedIP{white, black}, "192.0.2.0/24", true, white}, // only a part is denied
		{[]vox.AuthorizedIP{white}, "::1/128", false, vox.AuthorizedIP{}},
	} {
		allowed, decided := vox.NetworkAllowed(c.entries, netip.MustParsePrefix(c.asked))
		if allowed != c.allowed || decided != c.decided {
			t.Errorf("%s by %v: %v, %v; want %v, %v", c.asked, c.entries, allowed, decided, c.allowed, c.decided)
		}
	}
}
