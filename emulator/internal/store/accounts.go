package store

import "github.com/voxemu/voxemu/emulator/vox"

var accounts = table[int64, vox.Account]{
	tag: 1, name: "accounts",
	id:      func(a *vox.Account) int64 { return a.ID },
	account: func(*vox.Account) int64 { return 0 },
	indexes: []index[vox.Account]{
		uniqueIndex("name", func(a *vox.Account) (string, bool) { return a.Name, true }),
		valueIndex("parent_account_id", func(a *vox.Account) (int64, bool) { return a.ParentID, a.ParentID != 0 }),
		uniqueIndex("email", func(a *vox.Account) (string, bool) { return a.Email, a.Email != "" }),
	},
}

// Accounts returns the accounts. The scope of their indexes is 0.
func Accounts(tx *Tx) Rows[int64, vox.Account] { return Rows[int64, vox.Account]{tx, &accounts} }
