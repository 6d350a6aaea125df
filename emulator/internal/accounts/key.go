package accounts

import (
	"github.com/voxemu/voxemu/emulator/internal/store"
	"github.com/voxemu/voxemu/emulator/vox"
)

// maxKeys is the maximum number of keys of an account (A72).
const maxKeys = 50

// keyOf returns a key of the account. Keys of other accounts give the error for unknown
// ones (A21).
func keyOf(tx *store.Tx, account int64, id string) (vox.Key, error) {
	key, ok := store.Get(tx, store.Keys, id)
	if !ok || key.AccountID != account {
		return vox.Key{}, vox.ErrInvalidKeyID.On("key_id")
	}
	return key, nil
}

func keysOf(tx *store.Tx, account int64) []vox.Key {
	return all(tx, store.Keys, func(k vox.Key) bool { return k.AccountID == account })
}
