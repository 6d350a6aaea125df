package store

import "github.com/voxemu/voxemu/emulator/vox"

var applications = newKind("applications",
	func(a *vox.Application) int64 { return a.ID },
	func(a *vox.Application) int64 { return a.AccountID },
	ApplicationName,
)

// ApplicationName is the index of applications on their short names.
var ApplicationName = uniqueIndex("name", func(a *vox.Application) (string, bool) { return a.Name, true })

// Applications returns the applications.
func Applications(tx *Tx) Rows[int64, vox.Application] {
	return Rows[int64, vox.Application]{tx, applications}
}
