package applications

import (
	"regexp"

	"github.com/voxemu/voxemu/emulator/internal/query"
	"github.com/voxemu/voxemu/emulator/internal/reference"
	"github.com/voxemu/voxemu/emulator/internal/reply"
	"github.com/voxemu/voxemu/emulator/internal/store"
	"github.com/voxemu/voxemu/emulator/vox"
)

// GetRulesParams are the parameters of GetRules.
type GetRulesParams struct {
	Where           []query.Filter `param:"filters"`
	ApplicationID   int64          `param:"application_id"`
	ApplicationName string         `param:"application_name"`
	Name            string         `param:"rule_name"`
	Template        string         `param:"template"`
	WithScenarios   bool           `param:"with_scenarios"`
	query.Page
}

// GetRules lists an application's rules in the order in which they are tried.
func GetRules(tx *store.Tx, caller vox.Principal, p GetRulesParams) (reply.List[RuleRow], error) {
	application, err := reference.Application(p.ApplicationID, p.ApplicationName).Required(tx, caller.AccountID, 0)
	if err != nil {
		return reply.List[RuleRow]{}, err
	}
	list := reply.Listing[vox.Rule]{
		Where: append(store.Conditions(store.Rules, p.Where), store.RuleApplication.Is(application)...),
		Keep: func(r vox.Rule) bool {
			return reply.Contains(r.Name, p.Name) && (p.Template == "" || routes(r, p.Template))
		},
		Order: byOrder,
	}
	rules, counts := list.Page(tx, store.Rules, caller.AccountID, p.Page)
	return reply.NewList(rules, counts, ruleRow(tx, p.WithScenarios)), nil
}

// routes reports whether a rule applies to a number: the whole number matches Pattern and
// does not match PatternExclude (A55).
func routes(r vox.Rule, number string) bool {
	return matchesWhole(r.Pattern, number) && (r.PatternExclude == "" || !matchesWhole(r.PatternExclude, number))
}

// matchesWhole reports whether a pattern matches the whole text; false for patterns that
// Go cannot parse.
func matchesWhole(pattern, text string) bool {
	re, err := regexp.Compile(`^(?:` + pattern + `)$`)
	return err == nil && re.MatchString(text)
}
