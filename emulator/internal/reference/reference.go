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

// Kind is what can be referred to: the parameters that name it and the errors
// that answer an unknown one.
type Kind struct {
	IDParam, NameParam     string
	UnknownID, UnknownName vox.Error
	find                   finder
}

// By is the kind with another parameter for the name, where a method needs the
// usual one for something else.
func (k Kind) By(nameParam string) Kind {
	k.NameParam = nameParam
	return k
}

// Applications are named by the short or the full name (A17).
func Applications() Kind {
	return Kind{"application_id", "application_name", vox.ErrInvalidApplicationID, vox.ErrInvalidApplication, findApplications}
}

// Rules of another application look unknown.
func Rules() Kind {
	return Kind{"rule_id", "rule_name", vox.ErrInvalidRuleID, vox.ErrInvalidRuleName, findRules}
}

// Users are found by id in any application, because a user of another one has
// an error of its own (393).
func Users() Kind {
	return Kind{"user_id", "user_name", vox.ErrInvalidUserID, vox.ErrInvalidUserName, findUsers}
}

// Scenarios within an application are its own and the shared ones.
func Scenarios() Kind {
	return Kind{"scenario_id", "scenario_name", vox.ErrInvalidScenarioID, vox.ErrInvalidScenarioName, findScenarios}
}

// finder lists the ids of an account's rows that fit: by id (when not zero), by
// name (when not empty) and within applications (when there are any).
type finder func(tx *store.Tx, account, id int64, name string, applications []int64) ([]int64, error)

func findApplications(tx *store.Tx, account, id int64, name string, _ []int64) ([]int64, error) {
	rows, err := store.Applications(tx).Select(account, matches(id, ShortName(tx, account, name), nil), query.All())
	return ids(rows, func(a vox.Application) int64 { return a.ID }), err
}

// ShortName cuts the account's domain off a full application name (A17).
func ShortName(tx *store.Tx, account int64, name string) string {
	owner, _ := store.Accounts(tx).Get(account)
	return strings.TrimSuffix(name, vox.Application{}.FullName(owner.Name))
}

func findRules(tx *store.Tx, account, id int64, name string, applications []int64) ([]int64, error) {
	rows, err := store.Rules(tx).Select(account, matches(id, name, applications), query.All())
	return ids(rows, func(r vox.Rule) int64 { return r.ID }), err
}

func findUsers(tx *store.Tx, account, id int64, name string, applications []int64) ([]int64, error) {
	if id != 0 {
		applications = nil
	}
	rows, err := store.Users(tx).Select(account, matches(id, name, applications), query.All())
	return ids(rows, func(u vox.User) int64 { return u.ID }), err
}

func findScenarios(tx *store.Tx, account, id int64, name string, applications []int64) ([]int64, error) {
	if len(applications) > 0 {
		applications = append([]int64{vox.Shared}, applications...)
	}
	rows, err := store.Scenarios(tx).Select(account, matches(id, name, applications), query.All())
	return ids(rows, func(s vox.Scenario) int64 { return s.ID }), err
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

func ids[R any](rows []R, id func(R) int64) []int64 {
	list := make([]int64, len(rows))
	for i, row := range rows {
		list[i] = id(row)
	}
	return list
}
