package store

import "github.com/voxemu/voxemu/emulator/vox"

var applications = table[int64, vox.Application]{
	tag: 3, name: "applications",
	id:      func(a *vox.Application) int64 { return a.ID },
	account: func(a *vox.Application) int64 { return a.AccountID },
	indexes: []index[vox.Application]{
		uniqueIndex("name", func(a *vox.Application) (string, bool) { return a.Name, true }),
	},
}

// Applications returns the applications.
func Applications(tx *Tx) Rows[int64, vox.Application] {
	return Rows[int64, vox.Application]{tx, &applications}
}
