package store

import "github.com/voxemu/voxemu/emulator/vox"

var keys = newKind("keys",
	func(k *vox.Key) string { return k.ID },
	func(k *vox.Key) int64 { return k.AccountID },
)

// Keys returns the keys of service accounts.
func Keys(tx *Tx) Rows[string, vox.Key] { return Rows[string, vox.Key]{tx, keys} }
