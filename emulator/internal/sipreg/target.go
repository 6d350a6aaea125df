package sipreg

import (
	"github.com/voxemu/voxemu/emulator/internal/reference"
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
	if b.application, err = t.application().Resolve(tx, account, 0); err != nil {
		return binding{}, err
	}
	if b.rule, err = t.rule().Resolve(tx, account, b.application); err != nil {
		return binding{}, err
	}
	if b.application == 0 {
		rule, _ := store.Rules(tx).Get(b.rule)
		b.application = rule.ApplicationID
	}
	if b.user, err = t.user().Resolve(tx, account, b.application); err != nil {
		return binding{}, err
	}
	if user, _ := store.Users(tx).Get(b.user); user.ApplicationID != b.application && b.user != 0 {
		return binding{}, vox.ErrUserNotBound.On(t.user().Param())
	}
	return b, nil
}

func (t Target) application() reference.One {
	return reference.One{Kind: reference.Applications(), ID: t.ApplicationID, Name: t.ApplicationName}
}

func (t Target) rule() reference.One {
	return reference.One{Kind: reference.Rules(), ID: t.RuleID, Name: t.RuleName}
}

func (t Target) user() reference.One {
	return reference.One{Kind: reference.Users(), ID: t.UserID, Name: t.UserName}
}
