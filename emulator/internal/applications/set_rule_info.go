package applications

import (
	"cmp"

	"github.com/voxemu/voxemu/emulator/internal/reference"
	"github.com/voxemu/voxemu/emulator/internal/reply"
	"github.com/voxemu/voxemu/emulator/internal/store"
	"github.com/voxemu/voxemu/emulator/vox"
)

// SetRuleInfoParams are the parameters of SetRuleInfo.
type SetRuleInfoParams struct {
	ID              int64   `param:"rule_id"`
	Name            string  `param:"rule_name"`
	Pattern         string  `param:"rule_pattern"`
	PatternExclude  *string `param:"rule_pattern_exclude"`
	VideoConference *bool   `param:"video_conference"`
}

// SetRuleInfo sets the given values. Only BindScenario changes the scripts
// (docs/evidence.md#voxengine-scripts).
func SetRuleInfo(tx *store.Tx, caller vox.Principal, p SetRuleInfoParams) (reply.Done, error) {
	id, err := reference.Rule(p.ID, "").Required(tx, caller.AccountID, 0)
	if err != nil {
		return reply.Done{}, err
	}
	r, _ := store.Get(tx, store.Rules, id)
	r.Name = cmp.Or(p.Name, r.Name)
	r.Pattern = cmp.Or(p.Pattern, r.Pattern)
	if p.PatternExclude != nil {
		r.PatternExclude = *p.PatternExclude
	}
	if p.VideoConference != nil {
		r.VideoConference = *p.VideoConference
	}
	r.Modified = tx.Now()
	return reply.OK(putRule(tx, r))
}
