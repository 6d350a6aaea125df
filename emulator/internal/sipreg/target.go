package sipreg

import (
	"github.com/voxemu/voxemu/emulator/internal/reference"
	"github.com/voxemu/voxemu/emulator/internal/store"
	"github.com/voxemu/voxemu/emulator/vox"
)

// Target is the application, rule and user to bind to, each by id, by name or by both.
// Create, Update and Bind share it.
type Target struct {
	ApplicationID   int64  `param:"application_id"`
	ApplicationName string `param:"application_name"`
	RuleID          int64  `param:"rule_id"`
	RuleName        string `param:"rule_name"`
	UserID          int64  `param:"user_id"`
	UserName        string `param:"user_name"`
}

// resolve finds the named objects of the account. A rule or user must belong to the
// application. A rule given by id implies its application (A19).
func (t Target) resolve(tx *store.Tx, account int64) (binding, error) {
	b, err := t.resolveRule(tx, account)
	if err != nil {
		return binding{}, err
	}
	if b.application == 0 {
		rule, _ := store.Get(tx, store.Rules, b.rule)
		b.application = rule.ApplicationID
	}
	named := reference.User(t.UserID, t.UserName)
	if b.user, err = named.Resolve(tx, account, b.application); err != nil {
		return binding{}, err
	}
	if user, _ := store.Get(tx, store.Users, b.user); user.ApplicationID != b.application && b.user != 0 {
		return binding{}, vox.ErrUserNotBound.On(named.Param())
	}
	return b, nil
}

// resolveUnbinding is resolve without a required or implied application, because a user
// alone can be unbound (docs/evidence.md#binding).
func (t Target) resolveUnbinding(tx *store.Tx, account int64) (binding, error) {
	b, err := t.resolveRule(tx, account)
	if err != nil {
		return binding{}, err
	}
	b.user, err = reference.User(t.UserID, t.UserName).Resolve(tx, account, b.application)
	return b, err
}

func (t Target) resolveRule(tx *store.Tx, account int64) (b binding, err error) {
	if b.application, err = reference.Application(t.ApplicationID, t.ApplicationName).Resolve(tx, account, 0); err != nil {
		return b, err
	}
	b.rule, err = reference.Rule(t.RuleID, t.RuleName).Resolve(tx, account, b.application)
	return b, err
}

// complete returns an error if nothing is given, or if a user or a rule's name is given
// without an application. A rule's id implies its application (API page, A19).
func (t Target) complete() error {
	if t.ApplicationID != 0 || t.ApplicationName != "" {
		return nil
	}
	if t.RuleID == 0 || t.RuleName != "" || t.UserID != 0 || t.UserName != "" {
		return vox.ErrMissingParameter.On("application_id").Because("what to bind to")
	}
	return nil
}

func (t Target) bind(tx *store.Tx, r *vox.Registration) error {
	b, err := t.resolve(tx, r.AccountID)
	if err != nil {
		return err
	}
	user := r.UserID
	b.apply(r)
	followUser(tx, r, user)
	return nil
}
