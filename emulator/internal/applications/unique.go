package applications

import (
	"slices"

	"github.com/voxemu/voxemu/emulator/internal/query"
	"github.com/voxemu/voxemu/emulator/internal/store"
	"github.com/voxemu/voxemu/emulator/vox"
)

func putApplication(tx *store.Tx, a vox.Application) error {
	other := func(o vox.Application) bool { return o.ID != a.ID }
	return putUnique(tx, store.Applications, a, a.AccountID, store.ApplicationName.Is(a.Name), other, vox.ErrApplicationNotUnique.On("application_name"))
}

// putScenario stores a script; its name must be unique in the whole account
// (docs/evidence.md#voxengine-scripts).
func putScenario(tx *store.Tx, s vox.Scenario) error {
	other := func(o vox.Scenario) bool { return o.ID != s.ID }
	return putUnique(tx, store.Scenarios, s, s.AccountID, store.ScenarioName.Is(s.Name), other, vox.ErrScenarioNotUnique.On("scenario_name"))
}

func putUser(tx *store.Tx, u vox.User, nameParam string) error {
	other := func(o vox.User) bool { return o.ID != u.ID && o.ApplicationID == u.ApplicationID }
	return putUnique(tx, store.Users, u, u.AccountID, store.UserName.Is(u.Name), other, vox.ErrUserNotUnique.On(nameParam))
}

// putRule stores a rule; its name must be unique and its patterns valid.
func putRule(tx *store.Tx, r vox.Rule) error {
	if !isPattern(r.Pattern) {
		return vox.ErrInvalidPattern.On("rule_pattern").Because("a regular expression")
	}
	if !isPattern(r.PatternExclude) {
		return vox.ErrInvalidPatternExclude.On("rule_pattern_exclude").Because("a regular expression")
	}
	other := func(o vox.Rule) bool { return o.ID != r.ID && o.ApplicationID == r.ApplicationID }
	return putUnique(tx, store.Rules, r, r.AccountID, store.RuleName.Is(r.Name), other, vox.ErrRuleNotUnique.On("rule_name"))
}

// putUnique stores a row unless another one has its name.
func putUnique[R any](tx *store.Tx, rows store.Table[int64, R], row R, account int64, named store.Where[R], other func(R) bool, taken error) error {
	if slices.ContainsFunc(store.Select(tx, rows, account, named, query.All()), other) {
		return taken
	}
	return store.Put(tx, rows, row)
}
