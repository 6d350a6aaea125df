package store

import "github.com/voxemu/voxemu/emulator/vox"

// Transactions are the transactions of the accounts. There is an index for each filter of
// GetTransactionHistory.
var Transactions = newTable("transactions",
	func(t *vox.Transaction) int64 { return t.ID },
	func(t *vox.Transaction) int64 { return t.AccountID },
	TransactionType,
	TransactionTime,
)

// TransactionType is the index of transactions on their types.
var TransactionType = valueIndex("type", func(t *vox.Transaction) (string, bool) { return string(t.Type), true })

// TransactionTime is the index of transactions on their times, in seconds as in the API.
var TransactionTime = newIndex("performed_at", entries, func(t *vox.Transaction) (int64, bool) { return t.PerformedAt.Unix(), true })
