package applications

import (
	"cmp"
	"slices"
	"sort"

	"github.com/voxemu/voxemu/emulator/internal/query"
	"github.com/voxemu/voxemu/emulator/internal/store"
	"github.com/voxemu/voxemu/emulator/vox"
)

// rulesInOrder returns an application's rules in the order in which they are tried.
func rulesInOrder(tx *store.Tx, account, application int64) []vox.Rule {
	rules := store.Select(tx, store.Rules, account, store.RuleApplication.Is(application), query.All())
	sort.Slice(rules, func(i, j int) bool { return byOrder(rules[i], rules[j]) < 0 })
	return rules
}

func byOrder(a, b vox.Rule) int {
	return cmp.Or(cmp.Compare(a.Order, b.Order), cmp.Compare(a.ID, b.ID))
}

// toFront moves the given ids to the start, in their order.
func toFront(list, front []int64) []int64 {
	rest := slices.DeleteFunc(slices.Clone(list), func(id int64) bool { return slices.Contains(front, id) })
	return slices.Concat(front, rest)
}
