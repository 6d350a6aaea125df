// Package reference looks up applications, rules, users and VoxEngine scripts that a
// request names by id, by name or by both. All sections of the API share it.
package reference

import (
	"strings"

	"github.com/voxemu/voxemu/emulator/internal/store"
	"github.com/voxemu/voxemu/emulator/vox"
)

// kind describes a type of row that requests refer to: its parameters, the errors for
// unknown ones, and how to find it.
type kind struct {
	idParam, nameParam     string
	unknownID, unknownName vox.Error
	find                   finder
	bound                  store.Index[vox.Registration, int64] // the registrations bound to a row
}

// finder returns the ids of an account's rows that match: by id (unless zero), by name
// (unless empty) and in applications (unless there are none).
type finder func(tx *store.Tx, account, id int64, name string, applications []int64) []int64

func application() kind {
	return kind{"application_id", "application_name", vox.ErrInvalidApplicationID, vox.ErrInvalidApplication, findApplications, store.RegistrationApplication}
}

func rule() kind {
	return kind{"rule_id", "rule_name", vox.ErrInvalidRuleID, vox.ErrInvalidRuleName, findRules, store.RegistrationRule}
}

func user() kind {
	return kind{"user_id", "user_name", vox.ErrInvalidUserID, vox.ErrInvalidUserName, findUsers, store.RegistrationUser}
}

func scenario() kind {
	return kind{
		idParam: "scenario_id", nameParam: "scenario_name",
		unknownID: vox.ErrInvalidScenarioID, unknownName: vox.ErrInvalidScenarioID, find: findScenarios,
	}
}

// nameCounts reports whether a name that is given with an id must match (A3); it returns
// an error if the scenario does not allow both.
func (k kind) nameCounts(tx *store.Tx) (bool, error) {
	switch tx.Settings().Behaviour.IDAndName {
	case vox.IDAndNameRefused:
		return false, k.onlyOne()
	case vox.IDAndNameIDWins:
		return false, nil
	}
	return true, nil
}

func (k kind) onlyOne() error {
	return vox.ErrOnlyOneOf.On(k.nameParam).Because(k.idParam + ", " + k.nameParam)
}

// Applications have a short and a full name (A17).

func findApplications(tx *store.Tx, account, id int64, name string, _ []int64) []int64 {
	where := matches(id, store.ApplicationName, ShortName(tx, account, name))
	return store.IDs(tx, store.Applications, account, where)
}

// ShortName removes the account's domain from a full application name (A17).
func ShortName(tx *store.Tx, account int64, name string) string {
	owner, _ := store.Get(tx, store.Accounts, account)
	return strings.TrimSuffix(name, vox.Application{}.FullName(owner.Name))
}

// Rules of other applications give the error for unknown ones.
func findRules(tx *store.Tx, account, id int64, name string, applications []int64) []int64 {
	where := matches(id, store.RuleName, name)
	return store.IDs(tx, store.Rules, account, append(where, in(store.RuleApplication, applications)...))
}

// Users are looked up by id in all applications, because a user of another application
// has its own error (393).
func findUsers(tx *store.Tx, account, id int64, name string, applications []int64) []int64 {
	if id != 0 {
		applications = nil
	}
	where := matches(id, store.UserName, name)
	return store.IDs(tx, store.Users, account, append(where, in(store.UserApplication, applications)...))
}

// The scripts of an application are its own and the shared ones.
func findScenarios(tx *store.Tx, account, id int64, name string, applications []int64) []int64 {
	if len(applications) > 0 {
		applications = append([]int64{vox.Shared}, applications...)
	}
	where := matches(id, store.ScenarioName, name)
	return store.IDs(tx, store.Scenarios, account, append(where, in(store.ScenarioApplication, applications)...))
}

func matches[R any](id int64, names store.Index[R, string], name string) (where store.Where[R]) {
	if id != 0 {
		where = store.ByID[R](id)
	}
	if name != "" {
		where = append(where, names.Is(name)...)
	}
	return where
}

// in returns a condition for the ids; none without any.
func in[R any](index store.Index[R, int64], ids []int64) store.Where[R] {
	if len(ids) == 0 {
		return nil
	}
	return index.In(ids...)
}
