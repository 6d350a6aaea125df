package lab

import (
	"cmp"

	"github.com/voxemu/voxemu/emulator/internal/store"
	"github.com/voxemu/voxemu/emulator/vox"
	"github.com/voxemu/voxemu/scenarios"
)

// kind connects one table of the store with the section of a scenario that seeds
// it and that it is exported to.
type kind struct {
	name string
	put  func(*store.Tx, *scenarios.Scenario) error
	take func(*store.Tx, *scenarios.Scenario)
	size func(*store.Tx) int
	// drop removes the rows of an account; accounts belong to nobody.
	drop func(*store.Tx, int64) int
}

// kinds lists every kind of row. A new one is a line here; what loads, exports,
// counts and deletes rows follows.
func kinds() []kind {
	return []kind{
		seededBy("accounts", store.Accounts, func(s *scenarios.Scenario) *[]vox.Account { return &s.Accounts }),
		seededBy("keys", store.Keys, func(s *scenarios.Scenario) *[]vox.Key { return &s.Keys }),
		seededBy("applications", store.Applications, func(s *scenarios.Scenario) *[]vox.Application { return &s.Applications }),
		seededBy("voxengine_scenarios", store.Scenarios, func(s *scenarios.Scenario) *[]vox.Scenario { return &s.VoxEngineScenarios }),
		seededBy("rules", store.Rules, func(s *scenarios.Scenario) *[]vox.Rule { return &s.Rules }),
		seededBy("users", store.Users, func(s *scenarios.Scenario) *[]vox.User { return &s.Users }),
		seededBy("registrations", store.Registrations, func(s *scenarios.Scenario) *[]vox.Registration { return &s.Registrations }),
		seededBy("transactions", store.Transactions, func(s *scenarios.Scenario) *[]vox.Transaction { return &s.Transactions }),
		seededBy("callbacks", store.Callbacks, func(s *scenarios.Scenario) *[]vox.Callback { return &s.Callbacks }),
		seededBy("sessions", store.Sessions, func(s *scenarios.Scenario) *[]vox.Session { return &s.Sessions }),
		seededBy("authorized_ips", store.AuthorizedIPs, func(s *scenarios.Scenario) *[]vox.AuthorizedIP { return &s.AuthorizedIPs }),
		seededBy("sip_white_list", store.SIPWhiteList, func(s *scenarios.Scenario) *[]vox.SIPWhiteListItem { return &s.SIPWhiteList }),
		seededBy("audit_log", store.AuditLog, func(s *scenarios.Scenario) *[]vox.AuditEntry { return &s.AuditLog }),
	}
}

func seededBy[K cmp.Ordered, R any](name string, rows func(*store.Tx) store.Rows[K, R], list func(*scenarios.Scenario) *[]R) kind {
	return kind{
		name: name,
		put: func(tx *store.Tx, s *scenarios.Scenario) error {
			for _, row := range *list(s) {
				if err := rows(tx).Put(row); err != nil {
					return err
				}
			}
			return nil
		},
		take: func(tx *store.Tx, s *scenarios.Scenario) {
			for row := range rows(tx).All() {
				*list(s) = append(*list(s), row)
			}
		},
		size: func(tx *store.Tx) int { return rows(tx).Len() },
		drop: func(tx *store.Tx, account int64) int { return rows(tx).DeleteOwned(account) },
	}
}
