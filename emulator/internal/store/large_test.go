package store_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/voxemu/voxemu/emulator/internal/query"
	"github.com/voxemu/voxemu/emulator/internal/store"
	"github.com/voxemu/voxemu/emulator/vox"
)

// There are enough rows for lists and for pages of a bitmap in three blocks, so that all
// ways of intersecting them are covered, at all depths and after changes.
func TestManyRowsAnswerLikeTheReference(t *testing.T) {
	s, ref := store.New(), reference{}
	random := rand.New(rand.NewPCG(1, 2))
	put := func(rows ...vox.Registration) {
		mustWrite(t, s, rows...)
		for _, r := range rows {
			ref[r.ID] = r
		}
	}
	var rows []vox.Registration
	for n := range int64(12_000) {
		rows = append(rows, scattered(random, 1+11*n))
	}
	// Blocks in which one source has no ids, so that they are skipped.
	for n := range int64(100) {
		r := scattered(random, (3+n)<<16)
		r.Proxy, r.StatusCode = "pbx0", 401
		rows = append(rows, r)
	}
	last := scattered(random, 200<<16)
	last.Proxy, last.StatusCode = "pbx7", 403
	// Lists whose first pages have no ids in common with the other source.
	for n := range int64(400) {
		r := scattered(random, 300<<16|n)
		if r.Proxy, r.ApplicationID = fmt.Sprint("list", n%4), 1; n >= 100 {
			r.ID, r.ApplicationID = r.ID+20_000, 9
		}
		rows = append(rows, r)
	}
	highest := scattered(random, math.MaxInt64)
	highest.UserID = 7
	put(append(rows, last, highest)...)
	compareManyQuestions(t, s, ref)
	for range 3_000 {
		rows = append(rows[:0], scattered(random, 1+11*random.Int64N(12_000)))
		put(rows...)
	}
	compareManyQuestions(t, s, ref)
}

// scattered returns a registration with a proxy that half of the rows share, or one that
// few do.
func scattered(random *rand.Rand, id int64) vox.Registration {
	r := simple(id)
	r.Proxy = fmt.Sprint("pbx", random.IntN(2)*random.IntN(60))
	r.ApplicationID = random.Int64N(4)
	r.StatusCode = []int64{200, 200, 200, 401, 403, 408}[random.IntN(6)]
	r.State = []vox.State{vox.Successful, vox.Failed, vox.InProgress}[random.IntN(3)]
	r.Deactivated = random.IntN(30) == 0
	return r
}

func compareManyQuestions(t *testing.T, s *store.Store, ref reference) {
	t.Helper()
	codes := query.Filter{Index: "status_code", Ranges: []query.Range{{Low: query.Number(401), High: query.Number(408)}}}
	for _, where := range [][]query.Filter{
		nil,
		{is("proxy", "pbx0")},
		{is("proxy", "pbx7")},
		{is("proxy", "pbx0"), codes},
		{is("proxy", "pbx7"), codes},
		{in("proxy", "pbx0", "pbx1", "pbx2"), is("application_id", int64(2)), codes},
		{is("application_id", int64(9)), in("proxy", "list0", "list1", "list2", "list3")},
		{is("user_id", int64(7))},
		{is("successful", true)},
		{is("successful", false), is("deactivated", false)},
		{is("deactivated", true), is("proxy", "pbx0")},
		{is("successful", false), is("proxy", "pbx0"), codes, is("is_bound_to_application", true)},
		{is("in_progress", true), is("proxy", "pbx3"), codes},
		{is("successful", true), in("id", int64(1), int64(12), int64(70_400), int64(131_990), int64(131_991))},
		{in("id", int64(math.MinInt64), int64(-1), int64(0), int64(12), int64(math.MaxInt64)), is("is_persistent", true)},
		{query.Filter{Index: "id", Ranges: []query.Range{{Low: query.Number(math.MinInt64), High: query.Number(math.MaxInt64)}}}, codes},
		{query.Filter{Index: "id", Ranges: []query.Range{{Low: query.Number(60_000), High: query.Number(70_000)}, {Low: query.Number(65_000), High: query.Number(90_000)}}}, codes},
	} {
		for _, page := range []query.Page{{Count: 20}, {Offset: 37, Count: 20}, {Offset: 900, Count: 300}, {Offset: 3_000, Count: 2_500}, {Offset: 11_990, Count: 200}} {
			var got []vox.Registration
			err := s.Read(noon, func(tx *store.Tx) error {
				got = store.Select(tx, store.Registrations, 1, store.Conditions(store.Registrations, where), page)
				return nil
			})
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(idsOf(ref.find(1, where, page)), idsOf(got)); diff != "" {
				t.Fatalf("%+v, %+v (-reference +store):\n%s", where, page, diff)
			}
		}
	}
}

func idsOf(rows []vox.Registration) []int64 {
	list := make([]int64, len(rows))
	for i, r := range rows {
		list[i] = r.ID
	}
	return list
}
