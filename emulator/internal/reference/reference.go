// Package reference finds the rows that a caller names by id, by name or by
// both, in an account and, where it matters, in an application. Every section
// of the API refers to applications, rules, users and scenarios alike.
package reference

import (
	"strings"

	"github.com/voxemu/voxemu/emulator/internal/query"
	"github.com/voxemu/voxemu/emulator/internal/store"
	"github.com/voxemu/voxemu/emulator/vox"
)

// kind is what can be referred to: the parameters that name it, the errors that
// answer an unknown one, and how its rows are found.
type kind struct {
	idParam, nameParam     string
	unknownID, unknownName vox.Error
	find                   finder
}

// finder lists the ids of an account's rows that fit: by id (when not zero), by
// name (when not empty) and within applications (when there are any).
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

// nameCounts decides what an id and a name given together mean (A3): an error, the
// id alone, or both, which must then be the same row.
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

// Applications are named by the short or the full name (A17).
func findApplications(tx *store.Tx, account, id int64, name string, _ []int64) ([]int64, error) {
	where := matches(id, ShortName(tx, account, name), nil)
	return ids(store.Applications(tx), account, where, func(a vox.Application) int64 { return a.ID })
}

// ShortName cuts the account's domain off a full application name (A17).
func ShortName(tx *store.Tx, account int64, name string) string {
	owner, _ := store.Accounts(tx).Get(account)
	return strings.TrimSuffix(name, vox.Application{}.FullName(owner.Name))
}

// Rules of another application look unknown.
func findRules(tx *store.Tx, account, id int64, name string, applications []int64) ([]int64, error) {
	return ids(store.Rules(tx), account, matches(id, name, applications), func(r vox.Rule) int64 { return r.ID })
}

// Users are found by id in any application, because a user of another one has
// an error of its own (393).
func findUsers(tx *store.Tx, account, id int64, name string, applications []int64) ([]int64, error) {
	if id != 0 {
		applications = nil
	}
	return ids(store.Users(tx), account, matches(id, name, applications), func(u vox.User) int64 { return u.ID })
}

// Scenarios within an application are its own and the shared ones.
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
