package store_test

import (
	"maps"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"github.com/voxemu/voxemu/emulator/internal/query"
	"github.com/voxemu/voxemu/emulator/internal/store"
	"github.com/voxemu/voxemu/emulator/vox"
)

var noon = time.Date(2026, 1, 31, 12, 0, 0, 0, time.UTC)

// reference keeps the rows in a map and scans all of them: slow and obviously right.
type reference map[int64]vox.Registration

func (ref reference) clone() reference { return maps.Clone(ref) }

func (ref reference) become(next reference) {
	clear(ref)
	maps.Copy(ref, next)
}

func (ref reference) find(account int64, where []query.Filter, page query.Page) []vox.Registration {
	var ids []int64
	for id, r := range ref {
		if r.AccountID == account && passes(r, where) {
			ids = append(ids, id)
		}
	}
	slices.Sort(ids)
	ids = ids[min(page.Offset, len(ids)):]
	ids = ids[:min(page.Count, len(ids))]
	rows := []vox.Registration{}
	for _, id := range ids {
		rows = append(rows, ref[id])
	}
	return rows
}

func passes(r vox.Registration, where []query.Filter) bool {
	for _, m := range where {
		v, ok := valueOf(r, m.Index)
		if !ok || !slices.ContainsFunc(m.Ranges, func(x query.Range) bool { return between(v, x) }) {
			return false
		}
	}
	return true
}

// valueOf returns the value for an index, independently of the declaration.
func valueOf(r vox.Registration, index string) (any, bool) {
	switch index {
	case "id":
		return r.ID, true
	case "sip_username":
		return r.SIPUsername, true
	case "proxy":
		return r.Proxy, true
	case "application_id":
		return r.ApplicationID, r.ApplicationID > 0
	case "rule_id":
		return r.RuleID, r.RuleID > 0
	case "user_id":
		return r.UserID, r.UserID > 0
	case "status_code":
		return r.StatusCode, r.StatusCode > 0
	case "successful":
		return r.State == vox.Successful, r.State != vox.InProgress && r.State != vox.Offline
	case "in_progress":
		return r.State == vox.InProgress, true
	case "deactivated":
		return r.Deactivated, true
	case "is_persistent":
		return !r.NonPersistent, true
	case "is_bound_to_application":
		return r.ApplicationID > 0, true
	}
	panic("the reference does not know the index " + index)
}

func between(v any, x query.Range) bool {
	switch v := v.(type) {
	case int64:
		return x.Low.Number <= v && v <= x.High.Number
	case string:
		return x.Low.Text <= v && v <= x.High.Text
	}
	// false is less than true
	return (v == true || x.Low == query.Flag(false)) && (v == false || x.High == query.Flag(true))
}

// ids generates ids near the borders of pages and blocks.
func ids() *rapid.Generator[int64] {
	return rapid.Custom(func(t *rapid.T) int64 {
		return rapid.SampledFrom([]int64{1, 2042, 65530, 1 << 20, 1 << 40}).Draw(t, "base") + rapid.Int64Range(0, 12).Draw(t, "id")
	})
}

var names = []string{"a", "b", "a\x00", "a\x00\xff", "", "ä"}

func rows() *rapid.Generator[vox.Registration] {
	return rapid.Custom(func(t *rapid.T) vox.Registration {
		name := rapid.SampledFrom(names)
		small := rapid.Int64Range(0, 3)
		r := vox.Registration{
			ID: ids().Draw(t, "id"), AccountID: rapid.Int64Range(1, 2).Draw(t, "account"),
			SIPUsername: name.Draw(t, "username"), Proxy: name.Draw(t, "proxy"),
			ApplicationID: small.Draw(t, "application"), RuleID: small.Draw(t, "rule"),
			State:         rapid.SampledFrom(vox.States()).Draw(t, "state"),
			StatusCode:    rapid.SampledFrom([]int64{0, 200, 401, 403, 408, 503}).Draw(t, "code"),
			Deactivated:   rapid.Bool().Draw(t, "deactivated"),
			NonPersistent: rapid.Bool().Draw(t, "persistent"),
		}
		if rapid.Bool().Draw(t, "due") {
			r.Due = noon.Add(time.Duration(rapid.IntRange(-2, 2).Draw(t, "moment")))
		}
		return r
	})
}

func questions() *rapid.Generator[[]query.Filter] {
	one := rapid.Custom(func(t *rapid.T) query.Filter {
		filters := store.Filters()["registrations"]
		index := rapid.SampledFrom(slices.Sorted(mapKeys(filters))).Draw(t, "index")
		m := query.Filter{Index: index}
		for range rapid.IntRange(0, 3).Draw(t, "ranges") {
			m.Ranges = append(m.Ranges, ranges(index, filters[index]).Draw(t, "range"))
		}
		return m
	})
	return rapid.SliceOfN(one, 0, 4)
}

func ranges(index string, kind query.Kind) *rapid.Generator[query.Range] {
	return rapid.Custom(func(t *rapid.T) query.Range {
		var value *rapid.Generator[query.Value]
		switch {
		case index == "id":
			n := ids().Draw(t, "low")
			return query.Range{Low: query.Number(n), High: query.Number(n + rapid.Int64Range(-1, 40_000).Draw(t, "length"))}
		case kind == query.FlagKind:
			value = rapid.Map(rapid.Bool(), query.Flag)
		case kind == query.TextKind:
			value = rapid.Map(rapid.SampledFrom(names), query.Text)
		default:
			value = rapid.Map(rapid.SampledFrom([]int64{-1, 0, 1, 2, 3, 200, 401, 403, 405, 503, 999}), query.Number)
		}
		low := value.Draw(t, "low")
		if rapid.Bool().Draw(t, "single") {
			return query.Range{Low: low, High: low}
		}
		return query.Range{Low: low, High: value.Draw(t, "high")}
	})
}

func pages() *rapid.Generator[query.Page] {
	return rapid.Custom(func(t *rapid.T) query.Page {
		return query.Page{Offset: rapid.IntRange(0, 12).Draw(t, "offset"), Count: rapid.IntRange(0, 12).Draw(t, "count")}
	})
}

// ask compares the result of a random query.
func ask(t *rapid.T, tx *store.Tx, ref reference) {
	where, page := questions().Draw(t, "where"), pages().Draw(t, "page")
	for account := range int64(3) {
		got := store.Select(tx, store.Registrations, account, store.Conditions(store.Registrations, where), page)
		if diff := cmp.Diff(ref.find(account, where, page), got); diff != "" {
			t.Fatalf("account %d, %v, %+v (-want +got):\n%s", account, where, page, diff)
		}
		all := ref.find(account, where, query.All())
		if n := store.Count(tx, store.Registrations, account, store.Conditions(store.Registrations, where)); n != len(all) {
			t.Fatalf("account %d, %v: counted %d of %d", account, where, n, len(all))
		}
		if diff := cmp.Diff(idsOf(all), store.IDs(tx, store.Registrations, account, store.Conditions(store.Registrations, where)), cmpopts.EquateEmpty()); diff != "" {
			t.Fatalf("account %d, %v: ids (-want +got):\n%s", account, where, diff)
		}
		for _, flag := range []store.Where[vox.Registration]{nil, store.RegistrationSuccessful.Is(false), append(store.RegistrationDeactivated.Is(false), store.RegistrationInProgress.Is(true)...)} {
			want := 0
			for r := range store.All(tx, store.Registrations) {
				if store.Count(tx, store.Registrations, r.AccountID, append(store.ByID[vox.Registration](r.ID), flag...)) == 1 {
					want++
				}
			}
			if n := store.CountAll(tx, store.Registrations, flag); n != want {
				t.Fatalf("counted %d of %d", n, want)
			}
		}
		if account > 0 {
			if diff := cmp.Diff(ref.find(account, nil, query.All()), slices.Collect(store.Of(tx, store.Registrations, account)), cmpopts.EquateEmpty()); diff != "" {
				t.Fatalf("rows of account %d (-want +got):\n%s", account, diff)
			}
		}
		if first, ok := store.First(tx, store.Registrations, account, store.Conditions(store.Registrations, where)); ok != (len(all) > 0) || ok && first.ID != all[0].ID {
			t.Fatalf("account %d, %v: first %d, %v", account, where, first.ID, ok)
		}
	}
}

func compare(t *rapid.T, tx *store.Tx, ref reference) {
	all := slices.Collect(store.All(tx, store.Registrations))
	if n := store.Len(tx, store.Registrations); n != len(ref) {
		t.Fatalf("%d rows of %d counted", n, len(ref))
	}
	want := slices.SortedFunc(mapValues(ref), func(a, b vox.Registration) int { return int(a.ID - b.ID) })
	if diff := cmp.Diff(want, all); diff != "" {
		t.Fatalf("all rows (-want +got):\n%s", diff)
	}
	compareDue(t, tx, want)
}

// compareDue compares the earliest row, and those together with it.
func compareDue(t *rapid.T, tx *store.Tx, all []vox.Registration) {
	due := slices.DeleteFunc(all, func(r vox.Registration) bool { return r.Due.IsZero() })
	slices.SortStableFunc(due, func(a, b vox.Registration) int {
		if order := a.Due.Compare(b.Due); order != 0 {
			return order
		}
		return int(a.AccountID - b.AccountID)
	})
	limit := rapid.IntRange(1, 4).Draw(t, "limit")
	var together []vox.Registration
	for _, r := range due[:min(limit, len(due))] {
		if r.Due.Equal(due[0].Due) && r.AccountID == due[0].AccountID {
			together = append(together, r)
		}
	}
	if diff := cmp.Diff(together, store.Together(tx, store.Registrations, store.RegistrationDue, limit), cmpopts.EquateEmpty()); diff != "" {
		t.Fatalf("due together, at most %d (-want +got):\n%s", limit, diff)
	}
	got, at, ok := store.Earliest(tx, store.Registrations, store.RegistrationDue)
	if ok != (len(due) > 0) {
		t.Fatalf("next due: found %v", ok)
	}
	if ok && (cmp.Diff(due[0], got) != "" || !at.Equal(due[0].Due)) {
		t.Fatalf("next due at %v (-want +got):\n%s", at, cmp.Diff(due[0], got))
	}
}

// change makes the same change in both; a duplicate of a unique value is skipped.
func change(t *rapid.T, tx *store.Tx, ref reference) {
	row := rows().Draw(t, "row")
	if rapid.IntRange(0, 3).Draw(t, "delete") == 0 {
		_, had := ref[row.ID]
		if got := store.Delete(tx, store.Registrations, row.ID); got != had {
			t.Fatalf("delete %d = %v, want %v", row.ID, got, had)
		}
		delete(ref, row.ID)
		return
	}
	row.UserID = rapid.Int64Range(0, 3).Draw(t, "user")
	taken := false
	for id, other := range ref {
		taken = taken || row.UserID != 0 && id != row.ID && other.AccountID == row.AccountID && other.UserID == row.UserID
	}
	err := store.Put(tx, store.Registrations, row)
	if taken != (err != nil) {
		t.Fatalf("put a user that is taken (%v): %v", taken, err)
	}
	if err == nil {
		ref[row.ID] = row
	}
}

func TestEveryAnswerEqualsTheReferences(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := store.New()
		ref := reference{}
		for range rapid.IntRange(1, 6).Draw(t, "transactions") {
			write(t, s, ref)
			read(t, s, func(tx *store.Tx) { compare(t, tx, ref); ask(t, tx, ref) })
		}
	})
}

// write runs a transaction with queries in between; some are rolled back.
func write(t *rapid.T, s *store.Store, ref reference) {
	next := ref.clone()
	giveUp := rapid.IntRange(0, 4).Draw(t, "give up") == 0
	err := s.Write(noon, func(tx *store.Tx) error {
		for range rapid.IntRange(1, 12).Draw(t, "changes") {
			change(t, tx, next)
		}
		ask(t, tx, next)
		compare(t, tx, next)
		if giveUp {
			return errGivenUp
		}
		return nil
	})
	if giveUp != (err != nil) {
		t.Fatal(err)
	}
	if !giveUp {
		ref.become(next)
	}
}

func read(t *rapid.T, s *store.Store, look func(*store.Tx)) {
	if err := s.Read(noon, func(tx *store.Tx) error { look(tx); return nil }); err != nil {
		t.Fatal(err)
	}
}

func TestAnOldSnapshotKeepsItsAnswers(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := store.New()
		ref := reference{}
		write(t, s, ref)
		read(t, s, func(tx *store.Tx) {
			later := ref.clone()
			for range 3 {
				write(t, s, later)
			}
			compare(t, tx, ref)
			ask(t, tx, ref)
		})
	})
}
