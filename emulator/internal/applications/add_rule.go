package applications

import (
	"errors"
	"regexp/syntax"

	"github.com/voxemu/voxemu/emulator/internal/query"
	"github.com/voxemu/voxemu/emulator/internal/reference"
	"github.com/voxemu/voxemu/emulator/internal/store"
	"github.com/voxemu/voxemu/emulator/vox"
)

// AddRuleParams are the parameters of AddRule.
type AddRuleParams struct {
	ApplicationID   int64    `param:"application_id"`
	ApplicationName string   `param:"application_name"`
	Name            string   `param:"rule_name"`
	Pattern         string   `param:"rule_pattern"`
	PatternExclude  string   `param:"rule_pattern_exclude"`
	VideoConference bool     `param:"video_conference"`
	ScenarioID      []int64  `param:"scenario_id"`
	ScenarioName    []string `param:"scenario_name"`
}

// AddRuleReply is the reply of AddRule.
type AddRuleReply struct {
	Result int   `json:"result"`
	ID     int64 `json:"rule_id"`
}

// AddRule adds a rule after the others of its application. It need not name a VoxEngine
// script (docs/evidence.md#rules).
func AddRule(tx *store.Tx, caller vox.Principal, p AddRuleParams) (AddRuleReply, error) {
	application, err := reference.Application(p.ApplicationID, p.ApplicationName).Required(tx, caller.AccountID, 0)
	if err != nil {
		return AddRuleReply{}, err
	}
	r := vox.Rule{
		ID: store.NextID(tx, store.Rules), AccountID: caller.AccountID, ApplicationID: application, Name: p.Name,
		Pattern: p.Pattern, PatternExclude: p.PatternExclude, VideoConference: p.VideoConference, Modified: tx.Now(),
	}
	scenarios := reference.Scenarios(query.IDs(p.ScenarioID), p.ScenarioName)
	if r.ScenarioIDs, err = scenarios.Resolve(tx, caller.AccountID, []int64{application}); err != nil {
		return AddRuleReply{}, err
	}
	r.Order = nextOrder(tx, caller.AccountID, application)
	return AddRuleReply{Result: 1, ID: r.ID}, putRule(tx, r)
}

// nextOrder returns the position after all rules of the application.
func nextOrder(tx *store.Tx, account, application int64) int64 {
	rules := rulesInOrder(tx, account, application)
	if len(rules) == 0 {
		return 1
	}
	return rules[len(rules)-1].Order + 1
}

// isPattern reports whether a text can be a regular expression. Syntax that Go does not
// support, such as lookahead, is accepted (A53).
func isPattern(text string) bool {
	_, err := syntax.Parse(text, syntax.Perl)
	var broken *syntax.Error
	return err == nil || errors.As(err, &broken) &&
		(broken.Code == syntax.ErrInvalidPerlOp || broken.Code == syntax.ErrInvalidEscape)
}
