package applications

import (
	"regexp"

	"github.com/voxemu/voxemu/emulator/internal/query"
	"github.com/voxemu/voxemu/emulator/internal/reference"
	"github.com/voxemu/voxemu/emulator/internal/store"
	"github.com/voxemu/voxemu/emulator/vox"
)

// GetRulesParams are the parameters of GetRules.
type GetRulesParams struct {
	Where           []query.Match `param:"filters"`
	ApplicationID   int64         `param:"application_id"`
	ApplicationName string        `param:"application_name"`
	Name            string        `param:"rule_name"`
	Template        string        `param:"template"`
	WithScenarios   bool          `param:"with_scenarios"`
	Page
}

// GetRulesReply is the reply of GetRules.
type GetRulesReply struct {
	Result []RuleRow `json:"result"`
	Counts
}

// GetRules lists an application's rules in the order in which they are tried.
func GetRules(tx *store.Tx, caller vox.Principal, p GetRulesParams) (GetRulesReply, error) {
	within := reference.One{Kind: reference.Applications(), ID: p.ApplicationID, Name: p.ApplicationName}
	application, err := within.Required(tx, caller.AccountID, 0)
	if err != nil {
		return GetRulesReply{}, err
	}
	list := listing[vox.Rule]{
		where:  append(p.Where, query.Is("application_id", application)),
		passes: func(r vox.Rule) bool { return contains(r.Name, p.Name) && (p.Template == "" || routes(r, p.Template)) },
		order:  byPlace,
	}
	found, counts, err := list.read(store.Rules(tx), caller.AccountID, p.Page)
	rows := make([]RuleRow, len(found))
	for i, r := range found {
		rows[i] = ruleRow(tx, r, p.WithScenarios)
	}
	return GetRulesReply{rows, counts}, err
}

// routes reports whether a rule takes calls to a number: the whole number
// matches its pattern and not the excluding one (A55).
func routes(r vox.Rule, number string) bool {
	return matchesWhole(r.Pattern, number) && (r.PatternExclude == "" || !matchesWhole(r.PatternExclude, number))
}

// matchesWhole is false for patterns that Go cannot read.
func matchesWhole(pattern, text string) bool {
	re, err := regexp.Compile(`^(?:` + pattern + `)$`)
	return err == nil && re.MatchString(text)
}
