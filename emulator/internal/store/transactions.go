package store

import "github.com/voxemu/voxemu/emulator/vox"

// transactions has an index for each filter of GetTransactionHistory.
var transactions = table[int64, vox.Transaction]{
	tag: 7, name: "transactions",
	id:      func(t *vox.Transaction) int64 { return t.ID },
	account: func(t *vox.Transaction) int64 { return t.AccountID },
	indexes: []index[vox.Transaction]{
		valueIndex("type", func(t *vox.Transaction) (string, bool) { return string(t.Type), true }),
		valueIndex("performed_at", func(t *vox.Transaction) (int64, bool) { return t.PerformedAt.Unix(), true }), // seconds, as in the API
	},
}

// Transactions returns the transactions of the accounts.
func Transactions(tx *Tx) Rows[int64, vox.Transaction] {
	return Rows[int64, vox.Transaction]{tx, &transactions}
}
