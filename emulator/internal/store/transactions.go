package store

import "github.com/voxemu/voxemu/emulator/vox"

// transactions has an index for each filter of GetTransactionHistory.
var transactions = newKind("transactions",
	func(t *vox.Transaction) int64 { return t.ID },
	func(t *vox.Transaction) int64 { return t.AccountID },
	TransactionType,
	TransactionTime,
)

// TransactionType is the index of transactions on their types.
var TransactionType = valueIndex("type", func(t *vox.Transaction) (string, bool) { return string(t.Type), true })

// TransactionTime is the index of transactions on their times, in seconds as in the API.
var TransactionTime = valueIndex("performed_at", func(t *vox.Transaction) (int64, bool) { return t.PerformedAt.Unix(), true }).as(entries)

// Transactions returns the transactions of the accounts.
func Transactions(tx *Tx) Rows[int64, vox.Transaction] {
	return Rows[int64, vox.Transaction]{tx, transactions}
}
