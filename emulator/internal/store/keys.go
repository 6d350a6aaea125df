package store

import "github.com/voxemu/voxemu/emulator/vox"

// Keys are the keys of service accounts.
var Keys = newTable("keys",
	func(k *vox.Key) string { return k.ID },
	func(k *vox.Key) int64 { return k.AccountID },
)
