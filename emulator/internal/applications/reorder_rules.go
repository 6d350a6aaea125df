package applications

import (
	"github.com/voxemu/voxemu/emulator/internal/query"
	"github.com/voxemu/voxemu/emulator/internal/reference"
	"github.com/voxemu/voxemu/emulator/internal/reply"
	"github.com/voxemu/voxemu/emulator/internal/store"
	"github.com/voxemu/voxemu/emulator/vox"
)

// ReorderRulesParams are the parameters of ReorderRules.
type ReorderRulesParams struct {
	ID []int64 `param:"rule_id"`
}

// ReorderRules moves the given rules of one application to the start, in their order; the
// others keep theirs (A58).
func ReorderRules(tx *store.Tx, caller vox.Principal, p ReorderRulesParams) (reply.Done, error) {
	front, err := reference.Rules(query.IDs(p.ID), nil).Required(tx, caller.AccountID, nil)
	if err != nil {
		return reply.Done{}, err
	}
	first, _ := store.Get(tx, store.Rules, front[0])
	rules := rulesInOrder(tx, caller.AccountID, first.ApplicationID)
	ids := make([]int64, len(rules))
	for i, r := range rules {
		ids[i] = r.ID
	}
	order := toFront(ids, front)
	if len(order) != len(rules) {
		return reply.Done{}, vox.ErrInvalidRuleID.On("rule_id").Because("rules of one application")
	}
	for i, id := range order {
		r, _ := store.Get(tx, store.Rules, id)
		r.Order = int64(i) + 1
		if err := store.Put(tx, store.Rules, r); err != nil {
			return reply.Done{}, err
		}
	}
	return reply.OK(nil)
}
