package sipreg_test

import (
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/voxemu/voxemu/emulator/internal/query"
	"github.com/voxemu/voxemu/emulator/internal/sipreg"
	"github.com/voxemu/voxemu/emulator/internal/store"
	"github.com/voxemu/voxemu/emulator/vox"
)

func (w *world) put(rows ...vox.Registration) {
	w.Helper()
	err := w.store.Write(w.now, func(tx *store.Tx) error {
		for _, row := range rows {
			if err := store.Put(tx, store.Registrations, row); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		w.Fatal(err)
	}
}

func listed(reply sipreg.ListReply) []int64 {
	ids := []int64{}
	for _, row := range reply.Result {
		ids = append(ids, row.ID)
	}
	return ids
}

// Registration 1 is bound to 10/11/12, 2 to 20/21, 3 to nothing.
func boundWorld(t *testing.T, change ...func(*vox.Settings)) *world {
	t.Helper()
	w := newWorld(t, change...)
	must(w, sipreg.Bind, bind(1, sipreg.Target{ApplicationID: 10, RuleID: 11, UserID: 12}))
	must(w, sipreg.Bind, bind(2, sipreg.Target{ApplicationID: 20, RuleID: 21}))
	return w
}

func TestNamesFilterWithinTheApplicationsOrAcrossAll(t *testing.T) {
	w := boundWorld(t)
	in := func(index string, ids ...int64) query.Filter {
		return query.Filter{Index: index, Ranges: query.Each(ids...)}
	}
	for why, c := range map[string]struct {
		params sipreg.ListParams
		want   []int64
	}{
		"no filter":                          {sipreg.ListParams{}, []int64{1, 2, 3}},
		"application names, short and full":  {sipreg.ListParams{ApplicationName: []string{"myapp", "shop.demo.voximplant.com"}}, []int64{1, 2}},
		"rule name across all applications":  {sipreg.ListParams{RuleName: []string{"inbound"}}, []int64{1, 2}},
		"rule name within one application":   {sipreg.ListParams{RuleName: []string{"inbound"}, ApplicationName: []string{"shop"}}, []int64{2}},
		"rule name within an application id": {sipreg.ListParams{RuleName: []string{"inbound"}, ApplicationID: []int64{10}, Where: []query.Filter{in("application_id", 10)}}, []int64{1}},
		"user names":                         {sipreg.ListParams{UserName: []string{"alice", "bob"}}, []int64{1}},
		"unknown name":                       {sipreg.ListParams{UserName: []string{"nobody"}}, []int64{}},
		"known and unknown name":             {sipreg.ListParams{ApplicationName: []string{"nobody", "shop"}}, []int64{2}},
		"id and name agree":                  {sipreg.ListParams{ApplicationID: []int64{20}, ApplicationName: []string{"shop"}, Where: []query.Filter{in("application_id", 20)}}, []int64{2}},
		"a page":                             {sipreg.ListParams{Page: query.Page{Offset: 1, Count: 1}}, []int64{2}},
		"beyond the end":                     {sipreg.ListParams{Page: query.Page{Offset: 3}}, []int64{}},
	} {
		if c.params.Count == 0 {
			c.params.Count = 20
		}
		reply := must(w, sipreg.List, c.params)
		if diff := cmp.Diff(c.want, listed(reply)); diff != "" || reply.Count != len(c.want) {
			t.Errorf("%s: count %d (-want +got):\n%s", why, reply.Count, diff)
		}
	}
}

func TestTheScenarioChoosesWhatAnUnknownFilterGives(t *testing.T) {
	for why, c := range map[string]struct {
		params sipreg.ListParams
		want   vox.Error
	}{
		"registration":     {sipreg.ListParams{ID: 99}, vox.ErrInvalidRegistrationID},
		"application":      {sipreg.ListParams{ApplicationID: []int64{10, 99}}, vox.ErrInvalidApplicationID},
		"application name": {sipreg.ListParams{ApplicationName: []string{"nobody"}}, vox.ErrInvalidApplication},
		"rule":             {sipreg.ListParams{RuleID: []int64{99}}, vox.ErrInvalidRuleID},
		"rule name":        {sipreg.ListParams{RuleName: []string{"nobody"}}, vox.ErrInvalidRuleName},
		"user":             {sipreg.ListParams{UserID: []int64{99}}, vox.ErrInvalidUserID},
		"user name":        {sipreg.ListParams{UserName: []string{"nobody"}}, vox.ErrInvalidUserName},
	} {
		w := newWorld(t, func(s *vox.Settings) { s.Behaviour.UnknownFilter = vox.UnknownFilterError })
		if _, err := do(w, sipreg.List, c.params); !errors.Is(err, c.want) {
			t.Errorf("%s: %v, want %v", why, err, c.want)
		}
		if _, err := do(newWorld(t), sipreg.List, c.params); err != nil {
			t.Errorf("%s by default: %v", why, err)
		}
	}
}

func TestTheScenarioChoosesWhatIDsAndNamesOfAFilterMean(t *testing.T) {
	both := sipreg.ListParams{ApplicationID: []int64{10}, ApplicationName: []string{"shop"}, Page: query.Page{Count: 20},
		Where: []query.Filter{{Index: "application_id", Ranges: query.Each[int64](10)}}}
	for behaviour, want := range map[vox.IDAndName]error{
		"": vox.ErrOnlyOneOf, vox.IDAndNameRefused: vox.ErrOnlyOneOf, vox.IDAndNameIDWins: nil,
	} {
		w := boundWorld(t, func(s *vox.Settings) { s.Behaviour.IDAndName = behaviour })
		reply, err := do(w, sipreg.List, both)
		if !errors.Is(err, want) {
			t.Errorf("%q: %v, want %v", behaviour, err, want)
		}
		if want == nil && !cmp.Equal(listed(reply), []int64{1}) {
			t.Errorf("%q: listed %v, want the id's", behaviour, listed(reply))
		}
	}
}

func TestARowCarriesWhatTheServiceDocuments(t *testing.T) {
	w := boundWorld(t)
	failed := registration(2, 1)
	failed.State, failed.StatusCode, failed.ErrorMessage, failed.Password = vox.Failed, 403, "Forbidden", "secret"
	waiting := registration(3, 1)
	waiting.State, waiting.StatusCode, waiting.NonPersistent = vox.InProgress, 0, true
	w.put(failed, waiting)
	yes, no := true, false
	purchased := noon.Add(-time.Hour)
	common := sipreg.Row{SIPUsername: "user", Proxy: "pbx.example.com", LastUpdated: purchased.Unix(),
		NextRenewal: "0001-01-01", PurchaseDate: "2026-01-31 11:00:00", Price: "0.00", IsPersistent: true}
	first, second, third := common, common, common
	first.ID, first.Successful, first.StatusCode = 1, &yes, 200
	first.ApplicationID, first.ApplicationName = 10, "myapp.demo.voximplant.com"
	first.RuleID, first.RuleName, first.UserID, first.UserName = 11, "inbound", 12, "alice"
	second.ID, second.Successful, second.StatusCode, second.ErrorMessage = 2, &no, 403, "Forbidden"
	third.ID, third.IsPersistent = 3, false
	got := must(w, sipreg.List, sipreg.ListParams{Page: query.Page{Count: 20}}).Result
	if diff := cmp.Diff([]sipreg.Row{first, second, third}, got); diff != "" {
		t.Errorf("rows (-want +got):\n%s", diff)
	}
}

// Rows are written with a cache of the previous row's dates and prices.
func TestNeighboursWriteTheirOwnDatesAndPrices(t *testing.T) {
	w := boundWorld(t)
	put := func(id int64, renewal, purchase time.Time, price string) {
		r := registration(id, 1)
		r.NextRenewal, r.PurchaseDate, r.Price = renewal, purchase, vox.MustParseMoney(price)
		w.put(r)
	}
	put(2, noon, noon, "1.50")
	put(3, noon.Add(time.Hour), noon, "1.50") // the same day as row 2
	put(4, noon.Add(12*time.Hour), noon.Add(time.Second), "2.00")
	put(5, noon, noon, "1.50")
	var got []string
	for _, r := range must(w, sipreg.List, sipreg.ListParams{Page: query.Page{Count: 20}}).Result[1:] {
		got = append(got, r.NextRenewal+" "+r.PurchaseDate+" "+r.Price)
	}
	want := []string{
		"2026-01-31 2026-01-31 12:00:00 1.50", "2026-01-31 2026-01-31 12:00:00 1.50",
		"2026-02-01 2026-01-31 12:00:01 2.00", "2026-01-31 2026-01-31 12:00:00 1.50",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("dates and price (-want +got):\n%s", diff)
	}
}
