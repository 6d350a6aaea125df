package scenarios

import "github.com/voxemu/voxemu/emulator/vox"

// ownerOf is the account that rules and users inherit.
func (d *draft) ownerOf(application int64) int64 {
	if a, ok := find[vox.Application](d, application); ok {
		return a.AccountID
	}
	return 0
}
