package accounts

import (
	"slices"
	"sort"

	"github.com/voxemu/voxemu/emulator/internal/query"
	"github.com/voxemu/voxemu/emulator/internal/store"
	"github.com/voxemu/voxemu/emulator/vox"
)

func childrenOf(tx *store.Tx, parent int64) []vox.Account {
	return store.Select(tx, store.Accounts, 0, store.AccountParent.Is(parent), query.All())
}

// selectChildren returns the selected children. An id that is not a child's is an error,
// or is ignored.
func selectChildren(children []vox.Account, which query.Selection, ignoreUnknown bool) ([]vox.Account, error) {
	if which.All || len(which.IDs) == 0 {
		return children, nil
	}
	var found []vox.Account
	for _, id := range which.IDs {
		i := slices.IndexFunc(children, func(a vox.Account) bool { return a.ID == id })
		switch {
		case i >= 0:
			found = append(found, children[i])
		case !ignoreUnknown:
			return nil, vox.ErrInvalidChildID.On("child_account_id")
		}
	}
	sort.Slice(found, func(i, j int) bool { return found[i].ID < found[j].ID })
	return slices.CompactFunc(found, func(a, b vox.Account) bool { return a.ID == b.ID }), nil
}
