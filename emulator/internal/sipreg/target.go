package sipreg

import (
	"strings"

	"github.com/voxemu/voxemu/emulator/internal/query"
	"github.com/voxemu/voxemu/emulator/internal/store"
	"github.com/voxemu/voxemu/emulator/vox"
)

// Target is what a registration is to be bound to, each by id, by name or by
// both. Create, Update and Bind share it.
type Target struct {
	ApplicationID   int64  `param:"application_id"`
	ApplicationName string `param:"application_name"`
	RuleID          int64  `param:"rule_id"`
	RuleName        string `param:"rule_name"`
	UserID          int64  `param:"user_id"`
	UserName        string `param:"user_name"`
}

// resolve finds the rows of the account. A rule or user must belong to the
// application; a rule given by id alone implies its application (A19).
func (t Target) resolve(tx *store.Tx, account int64) (binding, error) {
	var b binding
	var err error
	if b.application, err = t.application().resolve(tx, account, 0); err != nil {
		return binding{}, err
	}
	if b.rule, err = t.rule().resolve(tx, account, b.application); err != nil {
		return binding{}, err
	}
	if b.application == 0 {
		rule, _ := tx.Rules().Get(b.rule)
		b.application = rule.ApplicationID
	}
	if b.user, err = t.user().resolve(tx, account, b.application); err != nil {
		return binding{}, err
	}
	if user, _ := tx.Users().Get(b.user); user.ApplicationID != b.application && b.user != 0 {
		return binding{}, vox.ErrUserNotBound.On(t.user().given())
	}
	return b, nil
}

func (t Target) application() reference {
	return reference{
		id: t.ApplicationID, name: t.ApplicationName,
		idParam: "application_id", nameParam: "application_name",
		unknownID: vox.ErrInvalidApplicationID, unknownName: vox.ErrInvalidApplication,
		find: findApplications,
	}
}

func (t Target) rule() reference {
	return reference{
		id: t.RuleID, name: t.RuleName, idParam: "rule_id", nameParam: "rule_name",
		unknownID: vox.ErrInvalidRuleID, unknownName: vox.ErrInvalidRuleName,
		find: findRules,
	}
}

func (t Target) user() reference {
	return reference{
		id: t.UserID, name: t.UserName, idParam: "user_id", nameParam: "user_name",
		unknownID: vox.ErrInvalidUserID, unknownName: vox.ErrInvalidUserName,
		find: findUsers,
	}
}

// finder lists the ids of an account's rows that fit: by id (when not zero), by
// name (when not empty) and, for rules and users, within applications (when
// there are any).
type finder func(tx *store.Tx, account, id int64, name string, applications []int64) ([]int64, error)

func findApplications(tx *store.Tx, account, id int64, name string, _ []int64) ([]int64, error) {
	where := matches(id, shortName(tx, account, name), nil)
	rows, err := tx.Applications().Select(account, where, query.All())
	return ids(rows, func(a vox.Application) int64 { return a.ID }), err
}

// shortName cuts the account's domain off a full application name (A17).
func shortName(tx *store.Tx, account int64, name string) string {
	owner, _ := tx.Accounts().Get(account)
	return strings.TrimSuffix(name, vox.Application{}.FullName(owner.Name))
}

// findRules refuses rules of another application: they look unknown there.
func findRules(tx *store.Tx, account, id int64, name string, applications []int64) ([]int64, error) {
	rows, err := tx.Rules().Select(account, matches(id, name, applications), query.All())
	return ids(rows, func(r vox.Rule) int64 { return r.ID }), err
}

// findUsers finds a user by id in any application, because a user of another
// one has an error of its own (393).
func findUsers(tx *store.Tx, account, id int64, name string, applications []int64) ([]int64, error) {
	if id != 0 {
		applications = nil
	}
	rows, err := tx.Users().Select(account, matches(id, name, applications), query.All())
	return ids(rows, func(u vox.User) int64 { return u.ID }), err
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
