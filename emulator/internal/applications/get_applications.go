package applications

import (
	"github.com/voxemu/voxemu/emulator/internal/query"
	"github.com/voxemu/voxemu/emulator/internal/reply"
	"github.com/voxemu/voxemu/emulator/internal/store"
	"github.com/voxemu/voxemu/emulator/vox"
)

// GetApplicationsParams are the parameters of GetApplications.
type GetApplicationsParams struct {
	Where         []query.Filter `param:"filters"`
	Name          string         `param:"application_name"`
	WithRules     bool           `param:"with_rules"`
	WithScenarios bool           `param:"with_scenarios"`
	query.Page
}

// GetApplications lists the account's applications, by ascending id.
func GetApplications(tx *store.Tx, caller vox.Principal, p GetApplicationsParams) (reply.List[ApplicationRow], error) {
	owner, _ := store.Get(tx, store.Accounts, caller.AccountID)
	list := reply.Listing[vox.Application]{Where: store.Conditions(store.Applications, p.Where)}
	if p.Name != "" {
		list.Keep = func(a vox.Application) bool { return reply.Contains(a.FullName(owner.Name), p.Name) }
	}
	found, counts := list.Page(tx, store.Applications, caller.AccountID, p.Page)
	applications := reply.NewList(found, counts, func(a vox.Application) ApplicationRow { return applicationRow(tx, a) })
	if !p.WithRules && !p.WithScenarios {
		return applications, nil
	}
	for i, a := range found {
		rules := rulesInOrder(tx, a.AccountID, a.ID)
		applications.Result[i].Rules = reply.Rows(rules, ruleRow(tx, p.WithScenarios))
	}
	return applications, nil
}
