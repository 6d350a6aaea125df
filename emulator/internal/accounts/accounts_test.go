package accounts_test

import (
	"errors"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/voxemu/voxemu/emulator/internal/accounts"
	"github.com/voxemu/voxemu/emulator/internal/query"
	"github.com/voxemu/voxemu/emulator/internal/reply"
	"github.com/voxemu/voxemu/emulator/internal/store"
	"github.com/voxemu/voxemu/emulator/vox"
)

var (
	noon  = time.Date(2026, 1, 31, 12, 0, 0, 0, time.UTC)
	owner = vox.Principal{AccountID: 1, Unlimited: true}
)

func state(t *testing.T, populate func(*store.Tx) error) *store.Store {
	t.Helper()
	s := store.New()
	if err := s.Replace(noon, populate); err != nil {
		t.Fatal(err)
	}
	return s
}

// call calls a method as account 1, in its own transaction.
func call[P, R any](s *store.Store, method func(*store.Tx, vox.Principal, P) (R, error), p P) (result R, err error) {
	err = s.Write(noon, func(tx *store.Tx) (err error) {
		result, err = method(tx, owner, p)
		return err
	})
	return result, err
}

func TestRolesAreAddedToAKeyAndTakenFromIt(t *testing.T) {
	admin, developer, owns := []int64{vox.Admin.ID()}, []int64{vox.Developer.ID()}, []int64{vox.Owner.ID()}
	roles := func(ids []int64) accounts.KeyRolesParams {
		return accounts.KeyRolesParams{KeyID: "key", RoleSet: accounts.RoleSet{RoleID: ids}}
	}
	for why, c := range map[string]struct {
		method func(*store.Tx, vox.Principal, accounts.KeyRolesParams) (reply.Done, error)
		p      accounts.KeyRolesParams
		want   []vox.Role
		err    error
	}{
		"added, the strongest first": {accounts.SetKeyRoles, roles(owns), []vox.Role{vox.Owner, vox.Admin}, nil},
		"has it already":             {accounts.SetKeyRoles, roles(admin), []vox.Role{vox.Admin}, nil},
		"taken":                      {accounts.RemoveKeyRoles, roles(admin), []vox.Role{}, nil},
		"does not have it":           {accounts.RemoveKeyRoles, roles(developer), []vox.Role{vox.Admin}, vox.ErrInvalidRoleSet},
		"none given":                 {accounts.SetKeyRoles, roles(nil), []vox.Role{vox.Admin}, vox.ErrMissingParameter},
		"another account's key": {
			accounts.SetKeyRoles, accounts.KeyRolesParams{KeyID: "theirs", RoleSet: accounts.RoleSet{RoleID: admin}},
			[]vox.Role{vox.Admin}, vox.ErrInvalidKeyID,
		},
		"id and name": {
			accounts.RemoveKeyRoles, accounts.KeyRolesParams{KeyID: "key", RoleSet: accounts.RoleSet{RoleID: admin, RoleName: []string{"Admin"}}},
			[]vox.Role{vox.Admin}, vox.ErrRoleIDAndName,
		},
	} {
		s := state(t, func(tx *store.Tx) error {
			return errors.Join(
				store.Put(tx, store.Keys, vox.Key{ID: "key", AccountID: 1, Roles: []vox.Role{vox.Admin}}),
				store.Put(tx, store.Keys, vox.Key{ID: "theirs", AccountID: 2}),
			)
		})
		_, err := call(s, c.method, c.p)
		var key vox.Key
		_ = s.Read(noon, func(tx *store.Tx) error { key, _ = store.Get(tx, store.Keys, "key"); return nil }) // the function never fails
		if diff := cmp.Diff(c.want, key.Roles); diff != "" || !errors.Is(err, c.err) {
			t.Errorf("%s: error %v, want %v; roles (-want +got):\n%s", why, err, c.err, diff)
		}
	}
}

// The two events of 10 January, at 12:00:00 and 12:00:01 UTC, as both histories list
// them.
func TestAPeriodIncludesBothEndsInItsTimeZone(t *testing.T) {
	first := time.Date(2026, 1, 10, 12, 0, 0, 999, time.UTC) // finer than the API's resolution
	s := state(t, func(tx *store.Tx) error {
		return errors.Join(
			store.Put(tx, store.Accounts, vox.Account{ID: 1, Name: "demo", Location: "America/Los_Angeles"}),
			store.Put(tx, store.Transactions, vox.Transaction{ID: 1, AccountID: 1, PerformedAt: first}),
			store.Put(tx, store.Transactions, vox.Transaction{ID: 2, AccountID: 1, PerformedAt: first.Add(time.Second)}),
			store.Put(tx, store.AuditLog, vox.AuditEntry{ID: 1, AccountID: 1, Requested: first}),
			store.Put(tx, store.AuditLog, vox.AuditEntry{ID: 2, AccountID: 1, Requested: first.Add(time.Second)}),
		)
	})
	for why, c := range map[string]struct {
		history accounts.History
		want    []int64
		err     error
	}{
		"to the first second":    {history: accounts.History{To: "2026-01-10 12:00:00"}, want: []int64{1}},
		"from the second one":    {history: accounts.History{From: "2026-01-10 12:00:01"}, want: []int64{2}},
		"one second":             {history: accounts.History{From: "2026-01-10 12:00:00", To: "2026-01-10 12:00:00"}, want: []int64{1}},
		"an hour later, Berlin":  {history: accounts.History{From: "2026-01-10 13:00:01", Timezone: "Europe/Berlin"}, want: []int64{2}},
		"days":                   {history: accounts.History{From: "2026-01-10", To: "2026-01-11"}, want: []int64{1, 2}},
		"to the day's beginning": {history: accounts.History{From: "2026-01-09", To: "2026-01-10"}, want: []int64{}},
		"the latest first":       {history: accounts.History{From: "2026-01-10", Descending: true}, want: []int64{2, 1}},
		"an hour later, GMT+1":   {history: accounts.History{From: "2026-01-10 13:00:01", Timezone: "GMT+1"}, want: []int64{2}},
		"behind UTC by minutes":  {history: accounts.History{From: "2026-01-10 08:30:01", Timezone: "UTC-03:30"}, want: []int64{2}},
		"at the account's place": {history: accounts.History{From: "2026-01-10 04:00:01", Timezone: "auto"}, want: []int64{2}},
		"no such offset":         {history: accounts.History{Timezone: "GMT+14:01"}, err: vox.ErrInvalidParameter},
		"no such time zone":      {history: accounts.History{Timezone: "Europe/Atlantis"}, err: vox.ErrInvalidParameter},
		"no zone of the machine": {history: accounts.History{Timezone: "Local"}, err: vox.ErrInvalidParameter},
		"no such day":            {history: accounts.History{From: "2026-02-30"}, err: vox.ErrInvalidDate},
		"from behind to":         {history: accounts.History{From: "2026-01-11", To: "2026-01-10"}, err: vox.ErrInvalidDateRange},
	} {
		c.history.Page = query.All()
		transactions, err := call(s, accounts.GetTransactionHistory, accounts.GetTransactionHistoryParams{History: c.history})
		if diff := cmp.Diff(c.want, ids(transactions.Result, func(r accounts.TransactionRow) int64 { return r.ID })); diff != "" || !errors.Is(err, c.err) {
			t.Errorf("transactions, %s: error %v, want %v (-want +got):\n%s", why, err, c.err, diff)
		}
		entries, err := call(s, accounts.GetAuditLog, accounts.GetAuditLogParams{History: c.history})
		if diff := cmp.Diff(c.want, ids(entries.Result, func(r accounts.AuditRow) int64 { return r.ID })); diff != "" || !errors.Is(err, c.err) {
			t.Errorf("audit log, %s: error %v, want %v (-want +got):\n%s", why, err, c.err, diff)
		}
	}
}

// A row that shows a time within the dates is listed, in every zone: also where the zone
// skips or repeats an hour.
func TestWhatIsShownWithinTheDatesIsListed(t *testing.T) {
	zones := []string{"Etc/GMT", "Europe/Berlin", "America/St_Johns", "Australia/Lord_Howe", "Africa/Casablanca", "Asia/Kathmandu", "GMT-8"}
	changes := []time.Time{
		time.Date(2026, 3, 29, 1, 0, 0, 0, time.UTC), time.Date(2026, 10, 25, 1, 0, 0, 0, time.UTC), // Berlin
		time.Date(2026, 11, 1, 4, 30, 0, 0, time.UTC), time.Date(2026, 4, 4, 15, 0, 0, 0, time.UTC), // St John's, Lord Howe
	}
	rapid.Check(t, func(t *rapid.T) {
		near := rapid.SampledFrom(changes).Draw(t, "near")
		minutes := rapid.SliceOfN(rapid.IntRange(-150, 150), 1, 12).Draw(t, "minutes")
		s := store.New()
		if err := s.Write(noon, func(tx *store.Tx) error {
			err := store.Put(tx, store.Accounts, vox.Account{ID: 1, Name: "demo"})
			for i, m := range minutes {
				at := near.Add(time.Duration(m) * time.Minute)
				err = errors.Join(err,
					store.Put(tx, store.Transactions, vox.Transaction{ID: int64(i + 1), AccountID: 1, PerformedAt: at}),
					store.Put(tx, store.AuditLog, vox.AuditEntry{ID: int64(i + 1), AccountID: 1, Requested: at}))
			}
			return err
		}); err != nil {
			t.Fatal(err)
		}
		zone := rapid.SampledFrom(zones).Draw(t, "zone")
		type shown struct {
			ID int64
			At string
		}
		lists := map[string]func(h accounts.History) []shown{
			"transactions": func(h accounts.History) []shown {
				list, err := call(s, accounts.GetTransactionHistory, accounts.GetTransactionHistoryParams{History: h})
				if err != nil {
					t.Fatal(err)
				}
				return reply.Rows(list.Result, func(r accounts.TransactionRow) shown { return shown{r.ID, r.PerformedAt} })
			},
			"audit log": func(h accounts.History) []shown {
				list, err := call(s, accounts.GetAuditLog, accounts.GetAuditLogParams{History: h})
				if err != nil {
					t.Fatal(err)
				}
				return reply.Rows(list.Result, func(r accounts.AuditRow) shown { return shown{r.ID, r.Requested} })
			},
		}
		for name, list := range lists {
			h := accounts.History{From: "2026-01-01", To: "2027-01-01", Timezone: zone, Page: query.All()}
			all := list(h)
			ends := []string{rapid.SampledFrom(all).Draw(t, "one end").At, rapid.SampledFrom(all).Draw(t, "other end").At}
			slices.Sort(ends)
			h.From, h.To = ends[0], ends[1]
			want := slices.DeleteFunc(all, func(r shown) bool { return r.At < h.From || r.At > h.To })
			if diff := cmp.Diff(want, list(h)); diff != "" {
				t.Fatalf("%s from %s to %s in %s (-want +got):\n%s", name, h.From, h.To, zone, diff)
			}
		}
	})
}

// ids returns nil for a nil list.
func ids[R any](rows []R, id func(R) int64) []int64 {
	if rows == nil {
		return nil
	}
	list := make([]int64, len(rows))
	for i, row := range rows {
		list[i] = id(row)
	}
	return list
}
