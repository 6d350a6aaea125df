package applications

import (
	"github.com/voxemu/voxemu/emulator/internal/query"
	"github.com/voxemu/voxemu/emulator/internal/store"
	"github.com/voxemu/voxemu/emulator/vox"
)

// GetApplicationsParams are the parameters of GetApplications.
type GetApplicationsParams struct {
	Where         []query.Match `param:"filters"`
	Name          string        `param:"application_name"`
	WithRules     bool          `param:"with_rules"`
	WithScenarios bool          `param:"with_scenarios"`
	Page
}

// GetApplicationsReply is the reply of GetApplications.
type GetApplicationsReply struct {
	Result []ApplicationRow `json:"result"`
	Counts
}

// GetApplications lists the account's applications, by ascending id.
func GetApplications(tx *store.Tx, caller vox.Principal, p GetApplicationsParams) (GetApplicationsReply, error) {
	owner, _ := store.Accounts(tx).Get(caller.AccountID)
	list := listing[vox.Application]{where: p.Where}
	if p.Name != "" {
		list.passes = func(a vox.Application) bool { return contains(a.FullName(owner.Name), p.Name) }
	}
	found, counts, err := list.read(store.Applications(tx), caller.AccountID, p.Page)
	if err != nil {
		return GetApplicationsReply{}, err
	}
	rows := make([]ApplicationRow, len(found))
	for i, a := range found {
		rows[i] = applicationRow(tx, a)
		if p.WithRules || p.WithScenarios {
			if rows[i].Rules, err = rulesOf(tx, a, p.WithScenarios); err != nil {
				return GetApplicationsReply{}, err
			}
		}
	}
	return GetApplicationsReply{rows, counts}, nil
}

func rulesOf(tx *store.Tx, a vox.Application, withScenarios bool) ([]RuleRow, error) {
	rules, err := inOrder(tx, a.AccountID, a.ID)
	rows := make([]RuleRow, len(rules))
	for i, r := range rules {
		rows[i] = ruleRow(tx, r, withScenarios)
	}
	return rows, err
}
