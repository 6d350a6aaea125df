package sipreg_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/voxemu/voxemu/emulator/internal/sipreg"
	"github.com/voxemu/voxemu/emulator/vox"
)

// at returns the parameters of a persistent registration at a proxy.
func at(proxy string) sipreg.CreateParams {
	return sipreg.CreateParams{Identity: sip("sales", proxy), IsPersistent: true}
}

func withPassword(p sipreg.CreateParams, password string) sipreg.CreateParams {
	p.Password = password
	return p
}

func TestMagicHostsChooseTheAnswer(t *testing.T) {
	for _, c := range []struct {
		params sipreg.CreateParams
		want   string
	}{
		{at("pbx.example.com"), "0s successful 200"},
		{at("sip-403.test"), "0s failed 403 Forbidden"},
		{at("SIP-403.Test:5080"), "0s failed 403 Forbidden"},
		{at("sip-200.test"), "0s successful 200"},
		{at("sip-503-then-200.test"), "0s failed 503 Service Unavailable; 1m0s successful 200"},
		{at("sip-503-then-503-then-404-then-200.test"), "0s failed 503 Service Unavailable; 3m0s failed 404 Not Found; 7m0s successful 200"},
		{at("sip-200-then-486.test"), "0s successful 200; 54m0s failed 486 Busy Here"},
		{at("sip-timeout.test"), "0s in_progress; 32s failed 408 Request Timeout"},
		{at("sip-unresolvable.test"), "0s failed 502 Unable to resolve hostname"},
		{at("sip-slow-5s.test"), "0s in_progress; 5s successful 200"},
		{at("sip-slow-1m30s.test"), "0s in_progress; 1m30s successful 200"},
		{at("sip-auth.test"), "0s failed 401 Unauthorized"},
		{withPassword(at("sip-auth.test"), "guess"), "0s failed 403 Forbidden"},
		{withPassword(at("sip-auth.test"), "right-password"), "0s successful 200"},
		{sipreg.CreateParams{Identity: sipreg.Identity{SIPUsername: "a", Proxy: "sip-403.test", OutboundProxy: "sip-404.test:5060"}, IsPersistent: true},
			"0s failed 404 Not Found"},
		// Ordinary hosts with names similar to magic ones.
		{at("sip-299.test"), "0s successful 200"},
		{at("sip-700.test"), "0s successful 200"},
		{at("sip-0403.test"), "0s successful 200"},
		{at("sip-403.example.com"), "0s successful 200"},
		{at("my-sip-403.test"), "0s successful 200"},
		{at("sip-503-then-.test"), "0s successful 200"},
		{at("sip-slow--5s.test"), "0s successful 200"},
		{at("sip-slow-25h.test"), "0s successful 200"},
		{at("sip-.test"), "0s successful 200"},
	} {
		w := newWorld(t)
		if got := strings.Join(w.story(w.create(c.params), 24*time.Hour), "; "); got != c.want {
			t.Errorf("%s:\n got %s\nwant %s", c.params.Proxy, got, c.want)
		}
	}
}

func TestEveryFailingStatusHasAMagicHostAndAReason(t *testing.T) {
	known := map[int64]string{
		300: "Multiple Choices", 399: "Multiple Choices", 408: "Request Timeout", 423: "Interval Too Brief",
		499: "Bad Request", 504: "Server Time-out", 599: "Server Internal Error", 603: "Decline", 699: "Busy Everywhere",
	}
	w := newWorld(t)
	for status := int64(300); status <= 699; status++ {
		id := w.create(at(fmt.Sprintf("sip-%d.test", status)))
		w.pass(0)
		r := w.registration(id)
		if r.State != vox.Failed || r.StatusCode != status || r.ErrorMessage == "" {
			t.Errorf("status %d: %s %d %q", status, r.State, r.StatusCode, r.ErrorMessage)
		}
		if want := known[status]; want != "" && r.ErrorMessage != want {
			t.Errorf("status %d: reason %q, want %q", status, r.ErrorMessage, want)
		}
	}
}

func TestTheFirstRuleThatMatchesDecides(t *testing.T) {
	w := newWorld(t, func(s *vox.Settings) {
		s.Registrar.Rules = []vox.RegistrarRule{
			{Proxy: "*.down.example", StatusCode: 503, Reason: "Maintenance"},
			{SIPUsername: "bo?", StatusCode: 404},
			{AuthUser: "auth-*", StatusCode: 407},
			{AuthUser: "carol", StatusCode: 480},
			{Proxy: "lock.example", Password: "a/*"},
			{Proxy: "LOCK.example", StatusCode: 403},
			{Proxy: "pbx.example:5080", StatusCode: 600},
			{Proxy: "sip-4*.test", Delay: 0},
		}
	})
	identity := func(i sipreg.Identity) sipreg.CreateParams {
		return sipreg.CreateParams{Identity: i, IsPersistent: true}
	}
	for why, c := range map[string]struct {
		params sipreg.CreateParams
		status int64
		reason string
	}{
		"proxy":                       {at("a.down.example"), 503, "Maintenance"},
		"proxy with a port":           {at("A.Down.example:5070"), 503, "Maintenance"},
		"not the proxy":               {at("down.example"), 200, ""},
		"user name":                   {identity(sip("bob", "b.example")), 404, "Not Found"},
		"user names are exact":        {identity(sip("Bob", "b.example")), 200, ""},
		"auth user":                   {identity(sipreg.Identity{SIPUsername: "a", Proxy: "b", AuthUser: "auth-1"}), 407, "Proxy Authentication Required"},
		"auth user is the user name":  {identity(sip("carol", "b.example")), 480, "Temporarily Unavailable"},
		"right password":              {withPassword(at("lock.example"), "a/b/c"), 200, ""},
		"wrong password":              {withPassword(at("lock.example"), "b"), 403, "Forbidden"},
		"port in the pattern":         {at("pbx.example:5080"), 600, "Busy Everywhere"},
		"other port":                  {at("pbx.example:5081"), 200, ""},
		"rules come before the magic": {at("sip-486.test"), 200, ""},
		"magic without a rule":        {at("sip-503.test"), 503, "Service Unavailable"},
	} {
		id := w.create(c.params)
		w.pass(0)
		if r := w.registration(id); r.StatusCode != c.status || r.ErrorMessage != c.reason {
			t.Errorf("%s: %d %q, want %d %q", why, r.StatusCode, r.ErrorMessage, c.status, c.reason)
		}
	}
}

func TestARuleHasItsOwnTimes(t *testing.T) {
	w := newWorld(t, func(s *vox.Settings) {
		s.Registrar = vox.Registrar{Delay: time.Second, Expires: 10 * time.Minute, Rules: []vox.RegistrarRule{
			{SIPUsername: "sales", Answers: []int64{200, 403, 200}, Delay: 5 * time.Second, Expires: 100 * time.Second},
			{Answers: []int64{200, 403}},
		}}
	})
	got := [][]string{
		w.story(w.create(at("b")), time.Hour),
		w.story(w.create(sipreg.CreateParams{Identity: sip("other", "b"), IsPersistent: true}), time.Hour),
	}
	want := [][]string{
		{"0s in_progress", "5s successful 200", "1m40s failed 403 Forbidden", "2m45s successful 200"},
		{"0s in_progress", "1s successful 200", "9m2s failed 403 Forbidden"},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("stories (-want +got):\n%s", diff)
	}
}
