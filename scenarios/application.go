package scenarios

import "github.com/voxemu/voxemu/emulator/vox"

// ownerOf returns the account of an application, which its rules and users inherit.
func (d *draft) ownerOf(application int64) int64 {
	if a, ok := find[vox.Application](d, application); ok {
		return a.AccountID
	}
	return 0
}
