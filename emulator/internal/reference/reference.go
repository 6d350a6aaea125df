// Package reference looks up applications, rules, users and VoxEngine scripts that a
// request names by id, by name or by both. All sections of the API share it.
package reference

import (
	"strings"

	"github.com/voxemu/voxemu/emulator/internal/query"
	"github.com/voxemu/voxemu/emulator/internal/store"
	"github.com/voxemu/voxemu/emulator/vox"
)

// kind describes a type of row that requests refer to: its parameters, the errors for
// unknown ones, and how to find it.
type kind struct {
	idParam, nameParam     string
	unknownID, unknownName vox.Error
	find                   finder
}

// finder returns the ids of an account's rows that match: by id (unless zero), by name
// (unless empty) and in applications (unless there are none).
type finder func(tx *store.Tx, account, id int64, name string, applications []int64) ([]int64, error)

func application() kind {
	return kind{"application_id", "application_name", vox.ErrInvalidApplicationID, vox.ErrInvalidApplication, findApplications}
}

func rule() kind {
	return kind{"rule_id", "rule_name", vox.ErrInvalidRuleID, vox.ErrInvalidRuleName, findRules}
}

func user() kind {
	return kind{"user_id", "user_name", vox.ErrInvalidUserID, vox.ErrInvalidUserName, findUsers}
}

func scenario() kind {
	return kind{"scenario_id", "scenario_name", vox.ErrInvalidScenarioID, vox.ErrInvalidScenarioID, findScenarios}
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
func findApplications(tx *store.Tx, account, id int64, name string, _ []int64) ([]int64, error) {
	where := matches(id, ShortName(tx, account, name), nil)
	return ids(store.Applications(tx), account, where, func(a vox.Application) int64 { return a.ID })
}

// ShortName removes the account's domain from a full application name (A17).
func ShortName(tx *store.Tx, account int64, name string) string {
	owner, _ := store.Accounts(tx).Get(account)
	return strings.TrimSuffix(name, vox.Application{}.FullName(owner.Name))
}

// Rules of other applications give the error for unknown ones.
func findRules(tx *store.Tx, account, id int64, name string, applications []int64) ([]int64, error) {
	return ids(store.Rules(tx), account, matches(id, name, applications), func(r vox.Rule) int64 { return r.ID })
}

// Users are looked up by id in all applications, because a user of another application
// has its own error (393).
func findUsers(tx *store.Tx, account, id int64, name string, applications []int64) ([]int64, error) {
	if id != 0 {
		applications = nil
	}
	return ids(store.Users(tx), account, matches(id, name, applications), func(u vox.User) int64 { return u.ID })
}

// The scripts of an application are its own and the shared ones.
func findScenarios(tx *store.Tx, account, id int64, name string, applications []int64) ([]int64, error) {
	if len(applications) > 0 {
		applications = append([]int64{vox.Shared}, applications...)
	}
	return ids(store.Scenarios(tx), account, matches(id, name, applications), func(s vox.Scenario) int64 { return s.ID })
}

func matches(id int64, name string, applications []int64) []query.Match {
	var where []query.Match
	if id != 0 {
		where = append(where, query.Is("id", id))
	}
	if name != "" {
		where = append(where, query.Is("name", name))
	}
	if len(applications) > 0 {
		where = append(where, query.In("application_id", applications...))
	}
	return where
}

func ids[R any](rows store.Rows[int64, R], account int64, where []query.Match, id func(R) int64) ([]int64, error) {
	found, err := rows.Select(account, where, query.All())
	list := make([]int64, len(found))
	for i, row := range found {
		list[i] = id(row)
	}
	return list, err
}
