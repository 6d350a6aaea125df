package accounts_test

import (
	"fmt"
	"testing"

	"github.com/voxemu/voxemu/emulator/internal/accounts"
	"github.com/voxemu/voxemu/emulator/internal/query"
	"github.com/voxemu/voxemu/emulator/internal/store"
	"github.com/voxemu/voxemu/emulator/vox"
)

// Methods must not cost for rows that they neither return nor change: with 1,000 times the
// rows, they may allocate half as much again.
func TestMethodsAllocateForTheRowsOfTheirResultOnly(t *testing.T) {
	few, many := crowd(t, 10), crowd(t, 10_000)
	history := func(p accounts.GetTransactionHistoryParams) func(*testing.T, *store.Store) {
		return func(t *testing.T, s *store.Store) {
			p.Page = query.Page{Count: 20}
			got, err := call(s, accounts.GetTransactionHistory, p)
			if err != nil || len(got.Result) != 1 || got.Result[0].ID != 1 {
				t.Errorf("%+v: %v", got, err)
			}
		}
	}
	period := accounts.History{From: "2026-01-30 12:00:00", To: "2026-01-30 12:00:00"}
	for name, method := range map[string]func(*testing.T, *store.Store){
		"the history of a period":      history(accounts.GetTransactionHistoryParams{History: period}),
		"one transaction":              history(accounts.GetTransactionHistoryParams{ID: []int64{1}}),
		"a rare type of transaction":   history(accounts.GetTransactionHistoryParams{Type: []string{string(vox.CardPayment)}}),
		"a session beside others":      logOn,
		"a session after another ends": func(t *testing.T, s *store.Store) { end(t, s); logOn(t, s) },
	} {
		a := testing.AllocsPerRun(5, func() { method(t, few) })
		b := testing.AllocsPerRun(5, func() { method(t, many) })
		if b > a*1.5+20 {
			t.Errorf("%s: %.0f allocations beside 10 rows, %.0f beside 10,000", name, a, b)
		}
	}
}

func logOn(t *testing.T, s *store.Store) {
	if _, err := call(s, accounts.Logon, accounts.None{}); err != nil {
		t.Error(err)
	}
}

// end ends a session long ago.
func end(t *testing.T, s *store.Store) {
	err := s.Write(noon, func(tx *store.Tx) error {
		return store.Put(tx, store.Sessions, vox.Session{ID: "ended", AccountID: 1, Expires: noon.AddDate(0, 0, -1)})
	})
	if err != nil {
		t.Error(err)
	}
}

func TestALogonDeletesSessionsThatEndedLongAgoAndNoOthers(t *testing.T) {
	s := crowd(t, 10)
	end(t, s)
	logOn(t, s)
	_ = s.Read(noon, func(tx *store.Tx) error { // the function never fails
		_, ended := store.Get(tx, store.Sessions, "ended")
		if n := store.Len(tx, store.Sessions); ended || n != 11 {
			t.Errorf("%d sessions, the ended one among them: %v", n, ended)
		}
		return nil
	})
}

// crowd is a state with a number of transactions and sessions of account 1. The first
// transaction differs: it is a day old, the others are ten, and a payment.
func crowd(t *testing.T, rows int) *store.Store {
	return state(t, func(tx *store.Tx) error {
		for id := range int64(rows) {
			row := vox.Transaction{ID: id + 1, AccountID: 1, Type: vox.TaxCharge, PerformedAt: noon.AddDate(0, 0, -10)}
			if id == 0 {
				row.Type, row.PerformedAt = vox.CardPayment, noon.AddDate(0, 0, -1)
			}
			if err := store.Put(tx, store.Transactions, row); err != nil {
				return err
			}
			if err := store.Put(tx, store.Sessions, vox.Session{ID: fmt.Sprintf("s\x00%d", id), AccountID: 1, Expires: noon.Add(vox.SessionLife)}); err != nil {
				return err
			}
		}
		return store.Put(tx, store.Accounts, vox.Account{ID: 1, Name: "demo"})
	})
}
