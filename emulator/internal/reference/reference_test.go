package reference_test

import (
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/voxemu/voxemu/emulator/internal/query"
	"github.com/voxemu/voxemu/emulator/internal/reference"
	"github.com/voxemu/voxemu/emulator/internal/store"
	"github.com/voxemu/voxemu/emulator/vox"
)

// read calls look with this state: account 1 has the applications 10 and 20, each with a
// rule "inbound" (11 and 21), and application 10 also has a rule "outbound" (12); account
// 2 has application 30.
func read(t *testing.T, behaviour vox.Behaviour, look func(*store.Tx)) {
	t.Helper()
	state := store.New()
	err := state.Replace(time.Now(), func(tx *store.Tx) error {
		tx.SetSettings(vox.Settings{Behaviour: behaviour})
		return errors.Join(
			store.Put(tx, store.Accounts, vox.Account{ID: 1, Name: "demo"}), store.Put(tx, store.Accounts, vox.Account{ID: 2, Name: "other"}),
			store.Put(tx, store.Applications, vox.Application{ID: 10, AccountID: 1, Name: "myapp"}),
			store.Put(tx, store.Applications, vox.Application{ID: 20, AccountID: 1, Name: "shop"}),
			store.Put(tx, store.Applications, vox.Application{ID: 30, AccountID: 2, Name: "myapp"}),
			store.Put(tx, store.Rules, vox.Rule{ID: 11, AccountID: 1, ApplicationID: 10, Name: "inbound"}),
			store.Put(tx, store.Rules, vox.Rule{ID: 12, AccountID: 1, ApplicationID: 10, Name: "outbound"}),
			store.Put(tx, store.Rules, vox.Rule{ID: 21, AccountID: 1, ApplicationID: 20, Name: "inbound"}),
		)
	})
	if err != nil {
		t.Fatal(err)
	}
	_ = state.Read(time.Now(), func(tx *store.Tx) error { look(tx); return nil }) // the function never fails
}

func TestOneRowIsNamedByIDByNameOrByBoth(t *testing.T) {
	for why, c := range map[string]struct {
		one         reference.One
		application int64
		want        int64
		err         error
	}{
		"nothing":                         {one: reference.Rule(0, "")},
		"id":                              {one: reference.Rule(12, ""), want: 12},
		"name":                            {one: reference.Rule(0, "outbound"), want: 12},
		"both":                            {one: reference.Rule(12, "outbound"), want: 12},
		"the oldest of a name":            {one: reference.Rule(0, "inbound"), want: 11},
		"the id tells which of a name":    {one: reference.Rule(21, "inbound"), want: 21},
		"a name in the application":       {one: reference.Rule(0, "inbound"), application: 20, want: 21},
		"an id of another application":    {one: reference.Rule(12, ""), application: 20, err: vox.ErrInvalidRuleID},
		"a name of another application":   {one: reference.Rule(0, "outbound"), application: 20, err: vox.ErrInvalidRuleName},
		"both that differ":                {one: reference.Rule(11, "outbound"), err: vox.ErrOnlyOneOf},
		"an unknown id":                   {one: reference.Rule(99, "inbound"), err: vox.ErrInvalidRuleID},
		"an unknown name":                 {one: reference.Rule(11, "nobody"), err: vox.ErrInvalidRuleName},
		"the full name of an application": {one: reference.Application(0, "myapp.demo.voximplant.com"), want: 10},
		"another account's full name":     {one: reference.Application(0, "myapp.other.voximplant.com"), err: vox.ErrInvalidApplication},
		"another account's application":   {one: reference.Application(30, ""), err: vox.ErrInvalidApplicationID},
	} {
		read(t, vox.Behaviour{}, func(tx *store.Tx) {
			got, err := c.one.Resolve(tx, 1, c.application)
			if got != c.want || !errors.Is(err, c.err) {
				t.Errorf("%s: %d, %v, want %d, %v", why, got, err, c.want, c.err)
			}
		})
	}
}

func TestManyRowsAreNamedByIDsByNamesOrByBoth(t *testing.T) {
	for why, c := range map[string]struct {
		many         reference.Many
		applications []int64
		want         []int64
		err          error
	}{
		"nothing":                     {many: reference.Rules(query.IDs(nil), nil)},
		"all":                         {many: reference.Rules(query.Selection{All: true}, nil), want: []int64{11, 12, 21}},
		"all of an application":       {many: reference.Rules(query.Selection{All: true}, nil), applications: []int64{10}, want: []int64{11, 12}},
		"ids, each once, as given":    {many: reference.Rules(query.IDs([]int64{21, 11, 21}), nil), want: []int64{21, 11}},
		"names, each of several rows": {many: reference.Rules(query.IDs(nil), []string{"outbound", "inbound"}), want: []int64{12, 11, 21}},
		"both":                        {many: reference.Rules(query.IDs([]int64{21, 12}), []string{"outbound", "inbound"}), want: []int64{21, 12}},
		"an id without its name":      {many: reference.Rules(query.IDs([]int64{21, 12}), []string{"outbound"}), err: vox.ErrOnlyOneOf},
		"a name without its id":       {many: reference.Rules(query.IDs([]int64{21}), []string{"outbound", "inbound"}), err: vox.ErrOnlyOneOf},
		"an unknown id":               {many: reference.Rules(query.IDs([]int64{11, 99}), nil), err: vox.ErrInvalidRuleID},
		"an unknown name":             {many: reference.Rules(query.IDs(nil), []string{"inbound", "nobody"}), err: vox.ErrInvalidRuleName},
	} {
		read(t, vox.Behaviour{}, func(tx *store.Tx) {
			got, err := c.many.Resolve(tx, 1, c.applications)
			if diff := cmp.Diff(c.want, got); diff != "" || !errors.Is(err, c.err) {
				t.Errorf("%s: error %v, want %v (-want +got):\n%s", why, err, c.err, diff)
			}
		})
	}
}

func TestTheScenarioDecidesWhatIDAndNameMeanTogether(t *testing.T) {
	refused := vox.Behaviour{IDAndName: vox.IDAndNameRefused}
	for behaviour, want := range map[vox.Behaviour]error{
		{}: vox.ErrOnlyOneOf, {IDAndName: vox.IDAndNameIDWins}: nil, refused: vox.ErrOnlyOneOf,
	} {
		read(t, behaviour, func(tx *store.Tx) {
			_, one := reference.Rule(11, "outbound").Resolve(tx, 1, 0)
			_, many := reference.Rules(query.IDs([]int64{11}), []string{"outbound"}).Resolve(tx, 1, nil)
			if !errors.Is(one, want) || !errors.Is(many, want) {
				t.Errorf("%q: differing id and name: %v and %v, want %v", behaviour.IDAndName, one, many, want)
			}
			_, same := reference.Rule(11, "inbound").Resolve(tx, 1, 0)
			if (same != nil) != (behaviour == refused) {
				t.Errorf("%q: id and name of one row: %v", behaviour.IDAndName, same)
			}
		})
	}
}

func TestWhatMustBeNamedIsMissingWhenItIsNot(t *testing.T) {
	read(t, vox.Behaviour{}, func(tx *store.Tx) {
		if _, err := reference.User(0, "").Required(tx, 1, 0); !errors.Is(err, vox.ErrMissingParameter) {
			t.Errorf("one: %v", err)
		}
		if _, err := reference.Users(query.IDs(nil), nil).Required(tx, 1, nil); !errors.Is(err, vox.ErrMissingParameter) {
			t.Errorf("many: %v", err)
		}
	})
}
