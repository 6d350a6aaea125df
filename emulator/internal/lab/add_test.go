package lab

import (
	"fmt"
	"log/slog"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/voxemu/voxemu/emulator/clock"
	"github.com/voxemu/voxemu/emulator/internal/store"
	"github.com/voxemu/voxemu/emulator/vox"
	"github.com/voxemu/voxemu/scenarios"
)

// Add reads from the state only what the rows refer to. The result must be the same as
// that of merging the rows with the whole state and checking all rows.
func TestAddingRowsGivesWhatMergingThemWithTheWholeStateGives(t *testing.T) {
	outcomes := map[bool]int{}
	rapid.Check(t, func(t *rapid.T) {
		state := store.New()
		begin := func(tx *store.Tx) error {
			tx.SetSettings(vox.Settings{Billing: vox.Billing{DetachAfter: 1}})
			return putAll(tx, connected())
		}
		if err := state.Write(noon, begin); err != nil {
			t.Fatal(err)
		}
		for range rapid.IntRange(5, 30).Draw(t, "steps") {
			rows := drawRows(t)
			err := state.Write(noon, func(tx *store.Tx) error {
				want, refused := running{tx}.All().With(rows)
				added, accounts, err := scenarios.Add(running{tx}, rows)
				outcomes[refused == nil]++
				if (err == nil) != (refused == nil) {
					t.Fatalf("adding %+v: %v; merging: %v", rows, err, refused)
				}
				if err != nil {
					return nil
				}
				added.Accounts = accounts
				if err := putAll(tx, added); err != nil {
					return err
				}
				if diff := cmp.Diff(want, running{tx}.All()); diff != "" {
					t.Fatalf("adding %+v (-merged +added):\n%s", rows, diff)
				}
				return nil
			})
			if err != nil {
				t.Fatal(err)
			}
		}
	})
	if outcomes[true] < 200 || outcomes[false] < 200 {
		t.Errorf("rows were accepted %d times and refused %d times, too seldom to compare", outcomes[true], outcomes[false])
	}
}

// Rows that are added together may exchange their names.
func TestRowsAddedTogetherMayExchangeNames(t *testing.T) {
	state := store.New()
	err := state.Write(noon, func(tx *store.Tx) error {
		if err := putAll(tx, connected()); err != nil {
			return err
		}
		rows := scenarios.Scenario{Applications: []vox.Application{{ID: 1, AccountID: 1, Name: "a3"}, {ID: 3, AccountID: 1, Name: "a1"}}}
		added, _, err := scenarios.Add(running{tx}, rows)
		if err != nil {
			return err
		}
		return putAll(tx, added)
	})
	if err != nil {
		t.Fatal(err)
	}
	err = state.Read(noon, func(tx *store.Tx) error {
		if one, _ := store.Get(tx, store.Applications, 1); one.Name != "a3" {
			t.Errorf("application 1 is called %q", one.Name)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// connected returns a state whose rows refer to each other.
func connected() scenarios.Scenario {
	return scenarios.Scenario{
		Accounts:           []vox.Account{{ID: 1, Name: "a1", Currency: "USD"}, {ID: 2, Name: "a2", Currency: "USD"}},
		Keys:               []vox.Key{{ID: "k1", AccountID: 1}},
		Applications:       []vox.Application{{ID: 1, AccountID: 1, Name: "a1"}, {ID: 2, AccountID: 2, Name: "a2"}, {ID: 3, AccountID: 1, Name: "a3"}},
		VoxEngineScenarios: []vox.Scenario{{ID: 1, AccountID: 1, Name: "a1"}},
		Rules:              []vox.Rule{{ID: 1, AccountID: 1, ApplicationID: 1, Name: "a1", Pattern: ".*", ScenarioIDs: []int64{1}}},
		Users:              []vox.User{{ID: 1, AccountID: 1, ApplicationID: 1, Name: "a1", DisplayName: "a1", LoggedIn: true}},
		Registrations: []vox.Registration{{
			ID: 1, AccountID: 1, SIPUsername: "a", Proxy: "b", ApplicationID: 1, RuleID: 1, UserID: 1,
			NonPersistent: true, State: vox.Successful, StatusCode: 200,
		}},
		Sessions: []vox.Session{{ID: "0123456789abcdef", AccountID: 1, KeyID: "k1"}},
	}
}

// drawRows generates rows with few ids, so that they often refer to each other, replace
// each other and have equal names.
func drawRows(t *rapid.T) scenarios.Scenario {
	var rows scenarios.Scenario
	number := func(what string, of ...int64) int64 { return rapid.SampledFrom(of).Draw(t, what) }
	id, account, application := number("id", 1, 2, 3), number("account", 0, 1, 1, 1, 2), number("application", 0, 1, 1, 2, 3)
	name := fmt.Sprint("a", number("name", id, id, 1, 2))
	switch rapid.IntRange(0, 8).Draw(t, "kind") {
	case 0:
		rows.Accounts = []vox.Account{{ID: id, ParentID: number("parent", 0, 0, 1, 2), Name: name, Email: name + "@example.com", APIKey: name}}
	case 1:
		rows.Applications = []vox.Application{{ID: id, AccountID: account, Name: name}}
	case 2:
		rows.VoxEngineScenarios = []vox.Scenario{{ID: id, AccountID: account, ApplicationID: application, Name: name}}
	case 3:
		rows.Rules = []vox.Rule{{ID: id, ApplicationID: max(application, 1), Name: name, ScenarioIDs: []int64{number("script", 1, 1, 2)}}}
	case 4:
		rows.Users = []vox.User{{ID: id, AccountID: account, ApplicationID: application, Name: name, LoggedIn: rapid.Bool().Draw(t, "logged in")}}
	case 5:
		rows.Keys = []vox.Key{{ID: fmt.Sprint("k", id), AccountID: account}}
	case 6:
		rows.Sessions = []vox.Session{{ID: "0123456789abcdef" + name, AccountID: account, KeyID: fmt.Sprint("k", id)}}
	case 7:
		rows = drawRows(t)
		more := drawRows(t)
		rows.Applications, rows.Registrations = append(rows.Applications, more.Applications...), append(rows.Registrations, more.Registrations...)
	default:
		bound := number("bound", 0, 0, 1, 2)
		price := vox.MustParseMoney(fmt.Sprint(number("price", 1, 2)))
		r := vox.Registration{
			ID: id, AccountID: account, SIPUsername: "a", Proxy: "b", Price: price, MoneyOnHold: price,
			ApplicationID: bound, RuleID: min(bound, number("rule", 0, 1, 2)), UserID: min(bound, number("user", 0, 1, 2)), NonPersistent: rapid.Bool().Draw(t, "non-persistent"),
		}
		if rapid.Bool().Draw(t, "successful") {
			r.State = vox.Successful
		}
		rows.Registrations = []vox.Registration{r}
	}
	return rows
}

// The cost depends on the row, not on the size of the state.
func TestAddingARowCostsTheSameWhateverIsThere(t *testing.T) {
	row := map[string]func(n int64) scenarios.Scenario{
		"account": func(int64) scenarios.Scenario { return scenarios.Scenario{Accounts: []vox.Account{{}}} },
		"key":     func(int64) scenarios.Scenario { return scenarios.Scenario{Keys: []vox.Key{{AccountID: 1}}} },
		"application": func(int64) scenarios.Scenario {
			return scenarios.Scenario{Applications: []vox.Application{{AccountID: 1}}}
		},
		"user": func(int64) scenarios.Scenario { return scenarios.Scenario{Users: []vox.User{{AccountID: 1}}} },
		"registration": func(int64) scenarios.Scenario {
			return scenarios.Scenario{Registrations: []vox.Registration{{AccountID: 1}}}
		},
		"replaced registration": func(n int64) scenarios.Scenario {
			return scenarios.Scenario{Registrations: []vox.Registration{{ID: n, AccountID: 1}}}
		},
	}
	few, many := crowded(t, 10), crowded(t, 2000)
	for name, row := range row {
		before, after := allocations(t, few, row), allocations(t, many, row)
		if after > 1.5*before {
			t.Errorf("%s: %.0f allocations beside 10 rows of each kind, %.0f beside 2000", name, before, after)
		}
	}
}

// crowded returns a lab with n rows of some kinds in account 1.
func crowded(t *testing.T, n int64) *Lab {
	t.Helper()
	l := newLab(t, clock.Stopped(noon), slog.DiscardHandler, "empty")
	var rows scenarios.Scenario
	for range n {
		rows.Accounts = append(rows.Accounts, vox.Account{})
		rows.Keys = append(rows.Keys, vox.Key{AccountID: 1})
		rows.Applications = append(rows.Applications, vox.Application{AccountID: 1})
		rows.Users = append(rows.Users, vox.User{AccountID: 1})
		rows.Registrations = append(rows.Registrations, vox.Registration{AccountID: 1})
	}
	if _, err := l.Add(rows); err != nil {
		t.Fatal(err)
	}
	return l
}

func allocations(t *testing.T, l *Lab, row func(n int64) scenarios.Scenario) float64 {
	t.Helper()
	n := int64(0)
	return testing.AllocsPerRun(8, func() {
		n++
		if _, err := l.Add(row(n)); err != nil {
			t.Fatal(err)
		}
	})
}
