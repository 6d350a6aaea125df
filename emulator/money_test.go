package emulator_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/voxemu/voxemu/emulator"
	"github.com/voxemu/voxemu/emulator/clock"
	"github.com/voxemu/voxemu/emulator/journal"
	"github.com/voxemu/voxemu/emulator/vox"
	"github.com/voxemu/voxemu/scenarios"
)

func exported(t testing.TB, s *emulator.Server) scenarios.Scenario {
	t.Helper()
	got, err := scenarios.Read(scenarios.Source{Name: "export", Text: []byte(export(t, s))})
	if err != nil {
		t.Fatal(err)
	}
	return got
}

// withMoney returns a server with one account and a stopped clock.
func withMoney(t testing.TB, text string) *emulator.Server {
	t.Helper()
	s := newServer(t, emulator.WithClock(clock.Stopped(start)))
	if err := s.LoadSources(scenarios.Source{Name: "money", Text: []byte(text)}); err != nil {
		t.Fatal(err)
	}
	return s
}

func TestTheDemosRegistrationsHoldTheirMonth(t *testing.T) {
	got := exported(t, newServer(t))
	if a := got.Accounts[0]; a.Balance.String() != "100.00" || a.MoneyOnHold.String() != "3.00" {
		t.Errorf("%s and %s on hold, want 100.00 and 3.00 for three of four registrations", a.Balance, a.MoneyOnHold)
	}
	if n := len(got.Transactions); n != 0 {
		t.Errorf("%d transactions, want none before anything happened", n)
	}
}

func TestWhatAFileLeavesOutAboutRenewalsIsFilledWhenItIsLoaded(t *testing.T) {
	s := withMoney(t, `
accounts: [{id: 1, name: demo}]
registrations:
  - {id: 1, sip_username: a, proxy: b}
  - {id: 2, sip_username: a, proxy: b, purchase_date: 2020-05-15}
  - {id: 3, sip_username: a, proxy: b, purchase_date: 2020-05-31, next_subscription_renewal: 2026-02-28}
  - {id: 4, sip_username: a, proxy: b, next_subscription_renewal: 2026-02-10}
  - {id: 5, sip_username: a, proxy: b, deactivated: true}
`)
	var got []string
	for _, r := range exported(t, s).Registrations {
		line := fmt.Sprint(r.NextRenewal.Format(time.DateOnly), " on day ", r.RenewalDay)
		if !r.DetachDate.IsZero() {
			line += ", detached " + r.DetachDate.Format(time.DateTime)
		}
		got = append(got, line)
	}
	want := []string{"2026-02-28 on day 31", "2026-02-15 on day 15", "2026-02-28 on day 31", "2026-02-10 on day 10",
		"2026-02-28 on day 31, detached 2026-03-02 12:00:00"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("renewals (-want +got):\n%s", diff)
	}
}

func TestTheServersClockRenewsFreezesAndDetaches(t *testing.T) {
	s := withMoney(t, `
accounts: [{id: 1, name: demo, balance: 1.00}]
registrations: [{id: 1, sip_username: a, proxy: b, state: successful}]
`)
	for _, c := range []struct {
		days int
		want string
	}{{27, "1.00 + 1.00 active"}, {1, "0.00 + 1.00 active"}, {31, "0.00 + 0.00 frozen"}, {29, "0.00 + 0.00 frozen"}, {1, "0.00 + 0.00"}} {
		if err := s.Advance(time.Duration(c.days) * 24 * time.Hour); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(c.want, inShort(exported(t, s))); diff != "" {
			t.Errorf("%v (-want +got):\n%s", s.Now(), diff)
		}
	}
}

// inShort summarizes the money of the first account and its registrations.
func inShort(s scenarios.Scenario) string {
	text := s.Accounts[0].Balance.String() + " + " + s.Accounts[0].MoneyOnHold.String()
	for _, r := range s.Registrations {
		if r.Deactivated {
			text += " frozen"
		} else {
			text += " active"
		}
	}
	return text
}

func TestATopUpRunsWhatIsDueFirstAndThenThaws(t *testing.T) {
	s := withMoney(t, `
accounts: [{id: 1, name: demo}]
registrations: [{id: 1, sip_username: a, proxy: b, next_subscription_renewal: 2026-01-31, state: successful}]
`)
	if err := s.TopUp(1, vox.MustParseMoney("5")); err != nil {
		t.Fatal(err)
	}
	got := exported(t, s)
	if diff := cmp.Diff("4.00 + 1.00 active", inShort(got)); diff != "" {
		t.Errorf("after the top-up (-want +got):\n%s", diff)
	}
	var lines []string
	for _, line := range got.Transactions {
		lines = append(lines, fmt.Sprint(line.PerformedAt.Format(time.DateTime), " ", line.Type, " ", line.Amount))
	}
	want := []string{"2026-01-31 00:00:00 sip_registration_charge -1.00", "2026-01-31 12:00:00 card_payment 5.00"}
	if diff := cmp.Diff(want, lines); diff != "" {
		t.Errorf("transactions (-want +got):\n%s", diff)
	}
}

func TestATopUpThatIsRefusedChangesNothing(t *testing.T) {
	s := newServer(t)
	before := export(t, s)
	for why, c := range map[string]struct {
		account int64
		amount  string
	}{"unknown account": {7, "1"}, "nothing": {1, "0"}, "less than nothing": {1, "-5"}, "too much": {1, "999999999999"}} {
		if err := s.TopUp(c.account, vox.MustParseMoney(c.amount)); err == nil {
			t.Errorf("%s: accepted", why)
		}
	}
	if diff := cmp.Diff(before, export(t, s)); diff != "" {
		t.Errorf("state changed:\n%s", diff)
	}
}

func TestAdministratorsFreezeAndUnfreezeAnAccount(t *testing.T) {
	s := newServer(t)
	create := apiKey(bare(t, "CreateSipRegistration"))
	for _, frozen := range []bool{true, false} {
		if err := s.SetAccountFrozen(1, frozen); err != nil {
			t.Fatal(err)
		}
		reply := answer(t, s.Handler(), forms()[0].make(t, "CreateSipRegistration", create))
		if codeOf(t, reply) != 0 || strings.Contains(reply, `"frozen":true`) != frozen {
			t.Errorf("frozen %v: %s", frozen, reply)
		}
	}
	if err := s.SetAccountFrozen(7, true); err == nil {
		t.Error("froze an account that does not exist")
	}
}

// The state after any history can be exported and loaded, including transactions.
func TestExportAndLoadAreInverseAfterAnyHistory(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		s := withMoney(t, `
accounts: [{id: 1, name: demo, api_key: demo-key, balance: 4}]
billing: {installation_fee: 0.50, tax_percent: 20}
registrations: [{id: 1, sip_username: a, proxy: b}, {id: 2, sip_username: a, proxy: b, deactivated: true}]
`)
		for range rapid.IntRange(0, 12).Draw(r, "steps") {
			happen(t, r, s)
		}
		before := export(t, s)
		if err := s.LoadSources(scenarios.Source{Name: "export", Text: []byte(before)}); err != nil {
			r.Fatalf("%v in\n%s", err, before)
		}
		if diff := cmp.Diff(before, export(t, s)); diff != "" {
			r.Fatalf("(-before +after):\n%s", diff)
		}
	})
}

func happen(t *testing.T, r *rapid.T, s *emulator.Server) {
	var err error
	switch rapid.IntRange(0, 3).Draw(r, "do") {
	case 0:
		answer(t, s.Handler(), forms()[0].make(t, "CreateSipRegistration", apiKey(bare(t, "CreateSipRegistration"))))
	case 1:
		id := fmt.Sprint(rapid.IntRange(1, 5).Draw(r, "id"))
		answer(t, s.Handler(), forms()[0].make(t, "DeleteSipRegistration", apiKey(with(nil, "sip_registration_id", id))))
	case 2:
		err = s.Advance(time.Duration(rapid.IntRange(1, 40).Draw(r, "days")) * 24 * time.Hour)
	default:
		err = s.TopUp(1, vox.MustParseMoney(rapid.SampledFrom([]string{"0.10", "1.20", "7.00"}).Draw(r, "amount")))
	}
	if err != nil {
		r.Fatal(err)
	}
}

// The journal must keep the whole request, with all its items.
func TestRenewalsOfOneMomentShareACallback(t *testing.T) {
	l := newListener(t, nil)
	var text strings.Builder
	fmt.Fprintf(&text, "accounts: [{id: 1, name: demo, api_key: demo-key, balance: 60.00, callback_url: %q}]\nregistrations:\n", l.URL)
	for id := range 40 {
		fmt.Fprintf(&text, "  - {id: %d, sip_username: a, proxy: b, state: successful}\n", id+1_000_000_000_000_000_000)
	}
	s := withMoney(t, text.String())
	advance(t, s, 30*24*time.Hour)
	var got []string
	for _, c := range s.Callbacks(0) {
		got = append(got, fmt.Sprintf("%d %s of %d, balance %s", c.Batch, c.Type, strings.Count(c.Detail, "sip_registration_id"), c.Balance))
	}
	want := []string{"1 renewed_subscriptions of 32, balance 28.00", "2 renewed_subscriptions of 8, balance 20.00"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("callbacks (-want +got):\n%s", diff)
	}
	advance(t, s, 31*24*time.Hour) // enough money for twenty of them
	got = nil
	for _, c := range s.Callbacks(0)[2:] {
		got = append(got, fmt.Sprintf("%d %s of %d, balance %s", c.Batch, c.Type, strings.Count(c.Detail, "sip_registration_id"), c.Balance))
	}
	want = []string{"3 renewed_subscriptions of 20, balance 0.00", "3 subscription_is_frozen of 12, balance 0.00", "5 subscription_is_frozen of 8, balance 0.00"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("a month later (-want +got):\n%s", diff)
	}
	for _, e := range s.Journal().Find(journal.Filter{}) {
		if e.RequestBytes > journal.BodyLimit || !strings.HasSuffix(e.Request, "]}") {
			t.Errorf("of %d bytes the journal keeps %d", e.RequestBytes, len(e.Request))
		}
	}
}

// BenchmarkYearOfRenewals: one account, 10,000 registrations, twelve renewals each. With
// a receiver, callbacks report all of them; with a registrar that refuses first, each
// registration also fails and recovers, which is a callback each.
func BenchmarkYearOfRenewals(b *testing.B) {
	const registrations = 10_000
	for _, c := range []struct {
		name, row string
		receiver  bool
		events    int // per registration
	}{
		{"no receiver", "proxy: pbx.example.com, state: successful", false, 12},
		{"a receiver", "proxy: pbx.example.com, state: successful", true, 12},
		{"and every registration fails once", "proxy: sip-503-then-200.test", true, 14},
	} {
		b.Run(c.name, func(b *testing.B) {
			text := "accounts: [{id: 1, name: demo, balance: 1000000}]\n"
			if c.receiver {
				receiver := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {}))
				defer receiver.Close()
				text = fmt.Sprintf("accounts: [{id: 1, name: demo, balance: 1000000, callback_url: %q}]\n", receiver.URL)
			}
			var rows strings.Builder
			for id := range registrations {
				fmt.Fprintf(&rows, "  - {id: %d, sip_username: user%d, %s}\n", id+1, id, c.row)
			}
			text += "registrations:\n" + rows.String()
			for b.Loop() {
				b.StopTimer()
				s := withMoney(b, text)
				b.StartTimer()
				if err := s.Advance(365 * 24 * time.Hour); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64(b.Elapsed().Microseconds())/float64(b.N*registrations*c.events), "µs/event")
		})
	}
}
