package applications

import (
	"github.com/voxemu/voxemu/emulator/internal/reference"
	"github.com/voxemu/voxemu/emulator/internal/reply"
	"github.com/voxemu/voxemu/emulator/internal/store"
)

// deleteEach deletes the named rows, only within the applications if there are any.
func deleteEach(tx *store.Tx, account int64, named reference.Many, applications []int64, one func(tx *store.Tx, account, id int64) error) (reply.Done, error) {
	ids, err := named.Required(tx, account, applications)
	if err != nil {
		return reply.Done{}, err
	}
	for _, id := range ids {
		if err := one(tx, account, id); err != nil {
			return reply.Done{}, err
		}
	}
	return reply.OK(nil)
}
