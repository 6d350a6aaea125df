package store

import "github.com/voxemu/voxemu/emulator/vox"

// Accounts are the accounts. The scope of their indexes is 0.
var Accounts = newTable("accounts",
	func(a *vox.Account) int64 { return a.ID },
	func(*vox.Account) int64 { return 0 },
	AccountName,
	AccountParent,
	AccountEmail,
)

// AccountName is the index of accounts on their names.
var AccountName = uniqueIndex("name", func(a *vox.Account) (string, bool) { return a.Name, true })

// AccountParent is the index of child accounts on their parents.
var AccountParent = valueIndex("parent_account_id", func(a *vox.Account) (int64, bool) { return a.ParentID, a.ParentID != 0 })

// AccountEmail is the index of accounts on their e-mail addresses.
var AccountEmail = uniqueIndex("email", func(a *vox.Account) (string, bool) { return a.Email, a.Email != "" })
