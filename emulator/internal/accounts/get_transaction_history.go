package accounts

import (
	"cmp"
	"slices"
	"strconv"

	"github.com/voxemu/voxemu/emulator/internal/query"
	"github.com/voxemu/voxemu/emulator/internal/store"
	"github.com/voxemu/voxemu/emulator/vox"
)

// GetTransactionHistoryParams are the parameters of GetTransactionHistory.
type GetTransactionHistoryParams struct {
	Period
	ID             []int64         `param:"transaction_id"`
	Type           []string        `param:"transaction_type"`
	UserID         query.Selection `param:"user_id"`
	ChildAccountID query.Selection `param:"child_account_id"`
	ChildrenOnly   bool            `param:"children_transactions_only"`
	UsersOnly      bool            `param:"users_transactions_only"`
	Descending     bool            `param:"desc_order"`
	WithTotalCount bool            `param:"with_total_count"`
	Uncommitted    bool            `param:"is_uncommitted"`
	Page
}

// GetTransactionHistoryReply is the reply of GetTransactionHistory.
type GetTransactionHistoryReply struct {
	Result     []TransactionRow `json:"result"`
	TotalCount *int             `json:"total_count,omitempty"`
	Count      int              `json:"count"`
	Timezone   string           `json:"timezone"`
}

// TransactionRow is one transaction of the list (facts.md §7).
type TransactionRow struct {
	ID          int64  `json:"transaction_id"`
	AccountID   string `json:"account_id"` // a text, unlike everywhere else
	PerformedAt string `json:"performed_at"`
	Amount      amount `json:"amount"`
	Currency    string `json:"currency"`
	Type        string `json:"transaction_type"`
	Description string `json:"transaction_description,omitempty"`
}

// GetTransactionHistory lists what was charged and paid in, or what is on hold,
// by ascending id.
func GetTransactionHistory(tx *store.Tx, caller vox.Principal, p GetTransactionHistoryParams) (GetTransactionHistoryReply, error) {
	period, err := p.period(tx)
	if err != nil {
		return GetTransactionHistoryReply{}, err
	}
	accounts, err := p.accounts(tx, caller.AccountID)
	if err != nil {
		return GetTransactionHistoryReply{}, err
	}
	all, err := p.all(tx, accounts)
	if err != nil {
		return GetTransactionHistoryReply{}, err
	}
	all = slices.DeleteFunc(all, func(t vox.Transaction) bool { return !period.has(t.PerformedAt) || !p.passes(t) })
	slices.SortFunc(all, func(a, b vox.Transaction) int { return cmp.Compare(a.ID, b.ID) })
	if p.Descending {
		slices.Reverse(all)
	}
	found, counts := window(all, p.Page)
	reply := GetTransactionHistoryReply{Count: counts.Count, Timezone: cmp.Or(p.Timezone, utc)}
	reply.Result = each(found, func(t vox.Transaction) TransactionRow { return transactionRow(t, period) })
	if p.WithTotalCount {
		reply.TotalCount = &counts.TotalCount
	}
	return reply, nil
}

// period is the last month when neither end is given; what is on hold has no such
// limit (A73).
func (p GetTransactionHistoryParams) period(tx *store.Tx) (span, error) {
	period, err := p.Period.read()
	if err == nil && p.From == "" && p.To == "" && !p.Uncommitted {
		period.from = tx.Now().AddDate(0, -1, 0)
	}
	return period, err
}

// accounts are those whose transactions are wanted: the caller's and the children
// that are named, or only those.
func (p GetTransactionHistoryParams) accounts(tx *store.Tx, parent int64) ([]int64, error) {
	named := p.ChildAccountID.All || len(p.ChildAccountID.IDs) > 0
	var ids []int64
	if !p.ChildrenOnly {
		ids = append(ids, parent)
	}
	if !named && !p.ChildrenOnly {
		return ids, nil
	}
	children, err := childrenOf(tx, parent)
	if err != nil {
		return nil, err
	}
	children, err = chosen(children, p.ChildAccountID, false)
	return append(ids, each(children, func(a vox.Account) int64 { return a.ID })...), err
}

// all are the accounts' transactions; users have no money here (A65).
func (p GetTransactionHistoryParams) all(tx *store.Tx, accounts []int64) ([]vox.Transaction, error) {
	if p.UsersOnly || p.UserID.All || len(p.UserID.IDs) > 0 {
		return nil, nil
	}
	if err := knownTypes(p.Type); err != nil {
		return nil, err
	}
	var all []vox.Transaction
	for _, account := range accounts {
		read := committed
		if p.Uncommitted {
			read = onHold
		}
		found, err := read(tx, account)
		if err != nil {
			return nil, err
		}
		all = append(all, found...)
	}
	return all, nil
}

func (p GetTransactionHistoryParams) passes(t vox.Transaction) bool {
	return (len(p.ID) == 0 || slices.Contains(p.ID, t.ID)) && (len(p.Type) == 0 || slices.Contains(p.Type, string(t.Type)))
}

func committed(tx *store.Tx, account int64) ([]vox.Transaction, error) {
	return store.Transactions(tx).Select(account, nil, query.All())
}

func transactionRow(t vox.Transaction, period span) TransactionRow {
	return TransactionRow{
		ID: t.ID, AccountID: strconv.FormatInt(t.AccountID, 10), PerformedAt: period.tell(t.PerformedAt),
		Amount: amount(t.Amount), Currency: t.Currency, Type: string(t.Type), Description: t.Description,
	}
}
