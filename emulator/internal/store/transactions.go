package store

import "github.com/voxemu/voxemu/emulator/vox"

// transactions: each index is a question of GetTransactionHistory.
var transactions = table[int64, vox.Transaction]{
	tag: 7, name: "transactions",
	id:      func(t *vox.Transaction) int64 { return t.ID },
	account: func(t *vox.Transaction) int64 { return t.AccountID },
	indexes: []index[vox.Transaction]{
		valueIndex("type", func(t *vox.Transaction) (string, bool) { return string(t.Type), true }),
		valueIndex("performed_at", func(t *vox.Transaction) (int64, bool) { return t.PerformedAt.Unix(), true }), // seconds, as the API says it
	},
}

// Transactions are the lines of the accounts' books.
func Transactions(tx *Tx) Rows[int64, vox.Transaction] {
	return Rows[int64, vox.Transaction]{tx, &transactions}
}
