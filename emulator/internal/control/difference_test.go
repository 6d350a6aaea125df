package control_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/voxemu/voxemu/emulator"
)

type compared struct {
	Mistakes []struct {
		Source, Place string
		Line, Column  int
	}
	Differences []struct {
		Section, ID, Change string
		Members             []struct{ Name, Before, After string }
	}
}

// words returns "section id change member=before>after …" for each difference.
func (c compared) words() []string {
	var list []string
	for _, d := range c.Differences {
		text := strings.TrimSpace(d.Section+" "+d.ID) + " " + d.Change
		for _, m := range d.Members {
			text += fmt.Sprintf(" %s=%s>%s", m.Name, m.Before, m.After)
		}
		list = append(list, text)
	}
	return list
}

func TestACheckOfAScenarioFindsMistakesOrWhatWouldChange(t *testing.T) {
	s := newServer(t, emulator.WithScenario("empty"))
	before := must(t, s, "GET /_voxemu/state?secrets=true", "")
	got := decode[compared](t, must(t, s, "POST /_voxemu/scenarios/check", `{"yaml":"billing:\n  monthly_fee: 2.00\n  fee: 1\n"}`))
	if len(got.Mistakes) != 1 || got.Mistakes[0].Line != 3 || got.Mistakes[0].Column != 3 || got.Mistakes[0].Source != "yaml" || len(got.Differences) != 0 {
		t.Errorf("a mistake: %+v", got)
	}
	got = decode[compared](t, must(t, s, "POST /_voxemu/scenarios/check", `{"name":"empty"}`))
	if len(got.Differences)+len(got.Mistakes) != 0 {
		t.Errorf("the same scenario: %+v", got)
	}
	got = decode[compared](t, must(t, s, "POST /_voxemu/scenarios/check", `{"name":"empty","yaml":"billing: {monthly_fee: 2.00}\naccounts: [{id: 10, name: ten}, {id: 9, name: nine}]\nfaults: [{name: f, then: {hang: {}}}]"}`))
	want := []string{"accounts 9 added", "accounts 10 added", "billing changed monthly_fee=1.00>2.00", "faults f added"}
	if diff := cmp.Diff(want, got.words()); diff != "" {
		t.Errorf("differences (-want +got):\n%s", diff)
	}
	if after := must(t, s, "GET /_voxemu/state?secrets=true", ""); after != before {
		t.Error("a check has changed the state")
	}
}

func TestSnapshotsAreComparedWithoutSecrets(t *testing.T) {
	s := newServer(t)
	must(t, s, "POST /_voxemu/snapshots", `{"name":"a"}`)
	called(t, s, "/platform_api/SetAccountInfo?account_id=1&api_key=demo-key&callback_salt=pepper&account_first_name=Jane")
	must(t, s, "POST /_voxemu/snapshots", `{"name":"b"}`)
	called(t, s, "/platform_api/DeleteSipRegistration?account_id=1&api_key=demo-key&sip_registration_id=2")
	text := must(t, s, "GET /_voxemu/snapshots/a/compare?with=b", "")
	if strings.Contains(text, "pepper") {
		t.Errorf("a secret is shown: %s", text)
	}
	const want = "accounts 1 changed first_name=>Jane"
	if words := decode[compared](t, text).words(); !strings.Contains(strings.Join(words, "\n"), want) {
		t.Errorf("want %q in %q", want, words)
	}
	for target, want := range map[string]string{"a/compare?with=a": "", "b/compare": "registrations 2 removed"} {
		words := strings.Join(decode[compared](t, must(t, s, "GET /_voxemu/snapshots/"+target, "")).words(), "\n")
		if (want == "") != (words == "") || !strings.Contains(words, want) {
			t.Errorf("%s: %q, want %q", target, words, want)
		}
	}
}

func TestWhatIsDueIsListedBeforeItHappens(t *testing.T) {
	s := newServer(t)
	type list struct {
		Events []struct {
			At, What       string
			RegistrationID int64 `json:"registration_id"`
		}
		More int
	}
	next := decode[list](t, must(t, s, "GET /_voxemu/clock/due", ""))
	if len(next.Events) != 1 {
		t.Fatalf("the next event: %+v", next)
	}
	year := decode[list](t, must(t, s, "GET /_voxemu/clock/due?until=2027-01-31T00:00:00Z", ""))
	renewals := 0
	for i, e := range year.Events {
		if i > 0 && e.At < year.Events[i-1].At {
			t.Errorf("out of order: %+v", year.Events)
		}
		if e.What == "renewal" && e.RegistrationID == 1 {
			renewals++
		}
	}
	if renewals < 11 || year.Events[0] != next.Events[0] {
		t.Errorf("%d renewals of registration 1 within a year; first %+v, next %+v", renewals, year.Events[0], next.Events[0])
	}
	must(t, s, "POST /_voxemu/clock/set", fmt.Sprintf(`{"now":%q}`, next.Events[0].At))
	if after := decode[list](t, must(t, s, "GET /_voxemu/clock/due", "")); len(after.Events) == 1 && after.Events[0] == next.Events[0] {
		t.Errorf("it has happened and is still due: %+v", after)
	}
}

func TestTheBooksOfAnAccountShowChargesAndBalances(t *testing.T) {
	s := newServer(t)
	must(t, s, "POST /_voxemu/accounts/1/top-up", `{"amount":"10.00"}`)
	must(t, s, "POST /_voxemu/clock/advance", `{"duration":"1mo"}`)
	books := decode[struct {
		Transactions []struct{ Type string }
		Balances     []struct{ Balance float64 }
	}](t, must(t, s, "GET /_voxemu/accounts/1/transactions", ""))
	if len(books.Transactions) < 2 || books.Transactions[0].Type != "card_payment" || len(books.Balances) < 2 || books.Balances[0].Balance != 109 {
		t.Errorf("%+v", books)
	}
	must(t, s, "POST /_voxemu/reset", "")
	if books := must(t, s, "GET /_voxemu/accounts/1/transactions", ""); !strings.Contains(books, `"balances": []`) {
		t.Errorf("after a reset: %s", books)
	}
}

func TestACallbackShowsItsAttemptsAndWhetherItsHashFits(t *testing.T) {
	s := newServer(t)
	called(t, s, "/platform_api/SetAccountInfo?account_id=1&api_key=demo-key&callback_url=http://127.0.0.1:9/x&callback_salt=pepper")
	must(t, s, "POST /_voxemu/registrations/1/answer", `{"status_code":403}`)
	must(t, s, "GET /_voxemu/requests/wait?kind=callback", "")
	type detail struct {
		Hash    string
		Payload struct{ Hash string }
		Journal []struct {
			Attempt  int
			HashFits *bool `json:"hash_fits"`
		}
	}
	got := decode[detail](t, must(t, s, "GET /_voxemu/callbacks/1", ""))
	if len(got.Journal) != 1 || got.Journal[0].HashFits == nil || !*got.Journal[0].HashFits || got.Hash == "" || got.Payload.Hash != got.Hash {
		t.Errorf("sent: %+v", got)
	}
	called(t, s, "/platform_api/SetAccountInfo?account_id=1&api_key=demo-key&callback_salt=salt")
	got = decode[detail](t, must(t, s, "GET /_voxemu/callbacks/1", ""))
	if got.Journal[0].HashFits == nil || *got.Journal[0].HashFits {
		t.Errorf("with another salt: %+v", got)
	}
}
