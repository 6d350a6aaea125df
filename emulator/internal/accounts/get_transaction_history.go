package accounts

import (
	"math"
	"slices"
	"sort"
	"strconv"

	"github.com/voxemu/voxemu/emulator/internal/query"
	"github.com/voxemu/voxemu/emulator/internal/reference"
	"github.com/voxemu/voxemu/emulator/internal/reply"
	"github.com/voxemu/voxemu/emulator/internal/store"
	"github.com/voxemu/voxemu/emulator/vox"
)

// GetTransactionHistoryParams are the parameters of GetTransactionHistory.
type GetTransactionHistoryParams struct {
	History
	ID               []int64         `param:"transaction_id"`
	Type             []string        `param:"transaction_type"`
	UserID           query.Selection `param:"user_id"`
	ChildAccountID   query.Selection `param:"child_account_id"`
	ChildrenOnly     bool            `param:"children_transactions_only"`
	UsersOnly        bool            `param:"users_transactions_only"`
	Uncommitted      bool            `param:"is_uncommitted"`
	ApplicationID    int64           `param:"application_id"`
	ApplicationName  string          `param:"application_name"`
	SubscriptionID   []int64         `param:"subscription_id"`
	SubscriptionName []string        `param:"subscription_name"`
}

// TransactionRow is a transaction in the reply (docs/evidence.md#transactions).
type TransactionRow struct {
	ID          int64  `json:"transaction_id"`
	AccountID   string `json:"account_id"` // a text, unlike everywhere else
	PerformedAt string `json:"performed_at"`
	Amount      amount `json:"amount"`
	Currency    string `json:"currency"`
	Type        string `json:"transaction_type"`
	Description string `json:"transaction_description,omitempty"`
}

// GetTransactionHistory lists the transactions, or the money on hold, by ascending id.
func GetTransactionHistory(tx *store.Tx, caller vox.Principal, p GetTransactionHistoryParams) (HistoryReply[TransactionRow], error) {
	p.History = p.in(tx, caller)
	period, err := p.period(tx)
	if err != nil {
		return HistoryReply[TransactionRow]{}, err
	}
	accounts, err := p.accounts(tx, caller.AccountID)
	if err != nil {
		return HistoryReply[TransactionRow]{}, err
	}
	all, err := p.all(tx, accounts, period)
	if err != nil {
		return HistoryReply[TransactionRow]{}, err
	}
	inApplication, err := p.application(tx, caller.AccountID)
	if err != nil {
		return HistoryReply[TransactionRow]{}, err
	}
	all = slices.DeleteFunc(all, func(t vox.Transaction) bool {
		return !period.has(t.PerformedAt) || !p.passes(t) || !inApplication(t)
	})
	sort.Slice(all, func(i, j int) bool { return all[i].ID < all[j].ID })
	return historyReply(p.History, all, func(t vox.Transaction) TransactionRow { return transactionRow(t, period) }), nil
}

// period returns the last month by default; money on hold has no such limit (A73).
func (p GetTransactionHistoryParams) period(tx *store.Tx) (period, error) {
	period, err := p.History.period()
	if err == nil && p.From == "" && p.To == "" && !p.Uncommitted {
		period.from = period.shown(tx.Now().AddDate(0, -1, 0))
	}
	return period, err
}

// accounts returns the accounts whose transactions are listed: the caller's and the named
// children, or only the latter.
func (p GetTransactionHistoryParams) accounts(tx *store.Tx, parent int64) ([]int64, error) {
	named := p.ChildAccountID.All || len(p.ChildAccountID.IDs) > 0
	var ids []int64
	if !p.ChildrenOnly {
		ids = append(ids, parent)
	}
	if !named && !p.ChildrenOnly {
		return ids, nil
	}
	children, err := selectChildren(childrenOf(tx, parent), p.ChildAccountID, false)
	return append(ids, reply.Rows(children, func(a vox.Account) int64 { return a.ID })...), err
}

// all returns the accounts' transactions; users have no money in the emulator (A65).
func (p GetTransactionHistoryParams) all(tx *store.Tx, accounts []int64, period period) ([]vox.Transaction, error) {
	if p.UsersOnly || p.UserID.All || len(p.UserID.IDs) > 0 {
		return nil, nil
	}
	if err := knownTypes(p.Type); err != nil {
		return nil, err
	}
	var all []vox.Transaction
	for _, account := range accounts {
		if p.Uncommitted {
			all = append(all, onHold(tx, account)...)
		} else {
			all = append(all, store.Select(tx, store.Transactions, account, p.where(period), query.All())...)
		}
	}
	return all, nil
}

func (p GetTransactionHistoryParams) passes(t vox.Transaction) bool {
	subscription := ""
	if t.RegistrationID != 0 {
		subscription = vox.SubscriptionName
	}
	return fits(p.ID, t.ID) && fits(p.Type, string(t.Type)) &&
		fits(p.SubscriptionID, t.RegistrationID) && fits(p.SubscriptionName, subscription)
}

// application returns the filter by application; an unknown one selects nothing (A4).
func (p GetTransactionHistoryParams) application(tx *store.Tx, account int64) (func(vox.Transaction) bool, error) {
	if p.ApplicationID == 0 && p.ApplicationName == "" {
		return func(vox.Transaction) bool { return true }, nil
	}
	named := reference.Applications(query.IDs(given(p.ApplicationID)), given(p.ApplicationName))
	ids, _, err := named.Filter(tx, account, nil)
	return func(t vox.Transaction) bool { return slices.Contains(ids, t.ApplicationID) }, err
}

// where returns the conditions that indexes answer. A period is in the time of its zone,
// which is less than a day from UTC.
func (p GetTransactionHistoryParams) where(period period) store.Where[vox.Transaction] {
	const day = 24 * 60 * 60
	low, high := int64(math.MinInt64), int64(math.MaxInt64)
	if !period.from.IsZero() {
		low = period.from.Unix() - day
	}
	if !period.to.IsZero() {
		high = period.to.Unix() + day
	}
	where := store.TransactionTime.Between(low, high)
	if len(p.ID) > 0 {
		where = append(where, store.ByID[vox.Transaction](p.ID...)...)
	}
	if len(p.Type) > 0 {
		where = append(where, store.TransactionType.In(p.Type...)...)
	}
	return where
}

func transactionRow(t vox.Transaction, period period) TransactionRow {
	return TransactionRow{
		ID: t.ID, AccountID: strconv.FormatInt(t.AccountID, 10), PerformedAt: period.format(t.PerformedAt),
		Amount: amount(t.Amount), Currency: t.Currency, Type: string(t.Type), Description: t.Description,
	}
}

// given returns a list with the value; nil for the zero value.
func given[V comparable](value V) []V {
	var zero V
	if value == zero {
		return nil
	}
	return []V{value}
}
