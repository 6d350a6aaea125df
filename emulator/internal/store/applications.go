package store

import "github.com/voxemu/voxemu/emulator/vox"

// Applications are the applications.
var Applications = newTable("applications",
	func(a *vox.Application) int64 { return a.ID },
	func(a *vox.Application) int64 { return a.AccountID },
	ApplicationName,
)

// ApplicationName is the index of applications on their short names.
var ApplicationName = uniqueIndex("name", func(a *vox.Application) (string, bool) { return a.Name, true })
