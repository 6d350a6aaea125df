package lab

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/voxemu/voxemu/emulator/internal/store"
	"github.com/voxemu/voxemu/emulator/vox"
	"github.com/voxemu/voxemu/scenarios"
)

// defaultProxy is the registrar of a row that names none: it accepts.
const defaultProxy = "sip.example.com"

// Add puts rows into the running state, all or nothing: a row with the id of an
// existing one replaces it. What is left out is chosen: the next free id; names
// such as user-7 made of the id; for an account the api key account-7-key; for a
// rule the only application. The rest is filled and checked as in a scenario.
// Registrations without a state start at once. It gives the rows as they were
// put. The error is [vox.Mistakes]; each names the row.
func (l *Lab) Add(rows scenarios.Scenario) (scenarios.Scenario, error) {
	var added scenarios.Scenario
	err := l.write(func(tx *store.Tx) error {
		before := taken(tx)
		chosen := choose(tx, rows, before)
		after, err := before.With(chosen)
		if err != nil {
			return err
		}
		added = only(after, chosen)
		changed := added
		changed.Settings, changed.Accounts = after.Settings, after.Accounts // what they hold has changed
		return fill(tx, changed, l.keys)
	})
	return added, err
}

// choose gives rows their ids and names.
func choose(tx *store.Tx, rows, before scenarios.Scenario) scenarios.Scenario {
	rows.Accounts = numbered(rows.Accounts, store.Accounts(tx).NextID(), func(a *vox.Account) *int64 { return &a.ID })
	rows.Applications = numbered(rows.Applications, store.Applications(tx).NextID(), func(a *vox.Application) *int64 { return &a.ID })
	rows.VoxEngineScenarios = numbered(rows.VoxEngineScenarios, store.Scenarios(tx).NextID(), func(v *vox.Scenario) *int64 { return &v.ID })
	rows.Rules = numbered(rows.Rules, store.Rules(tx).NextID(), func(r *vox.Rule) *int64 { return &r.ID })
	rows.Users = numbered(rows.Users, store.Users(tx).NextID(), func(u *vox.User) *int64 { return &u.ID })
	rows.Registrations = numbered(rows.Registrations, store.Registrations(tx).NextID(), func(r *vox.Registration) *int64 { return &r.ID })
	rows.Transactions = numbered(rows.Transactions, store.Transactions(tx).NextID(), func(t *vox.Transaction) *int64 { return &t.ID })
	rows.Keys = slices.Clone(rows.Keys)
	for i := range rows.Keys {
		rows.Keys[i].ID = cmp.Or(rows.Keys[i].ID, freeKey(before.Keys, rows.Keys))
	}
	name(rows, onlyApplication(rows.Applications, before.Applications))
	return rows
}

// numbered copies rows and gives those without an id the next ones, above every
// id that is given.
func numbered[R any](rows []R, next int64, id func(*R) *int64) []R {
	rows = slices.Clone(rows)
	for i := range rows {
		next = max(next, *id(&rows[i])+1)
	}
	for i := range rows {
		if at := id(&rows[i]); *at == 0 {
			*at, next = next, next+1
		}
	}
	return rows
}

// name fills the names of rows that have ids.
func name(rows scenarios.Scenario, application int64) {
	for i := range rows.Accounts {
		a := &rows.Accounts[i]
		a.Name = cmp.Or(a.Name, fmt.Sprintf("account-%d", a.ID))
		a.Email = cmp.Or(a.Email, a.Name+"@example.com")
		a.APIKey = cmp.Or(a.APIKey, a.Name+"-key")
	}
	for i := range rows.Applications {
		rows.Applications[i].Name = cmp.Or(rows.Applications[i].Name, fmt.Sprintf("application-%d", rows.Applications[i].ID))
	}
	for i := range rows.VoxEngineScenarios {
		rows.VoxEngineScenarios[i].Name = cmp.Or(rows.VoxEngineScenarios[i].Name, fmt.Sprintf("scenario-%d", rows.VoxEngineScenarios[i].ID))
	}
	for i := range rows.Rules {
		r := &rows.Rules[i]
		r.Name = cmp.Or(r.Name, fmt.Sprintf("rule-%d", r.ID))
		r.ApplicationID = cmp.Or(r.ApplicationID, application)
	}
	for i := range rows.Users {
		rows.Users[i].Name = cmp.Or(rows.Users[i].Name, fmt.Sprintf("user-%d", rows.Users[i].ID))
	}
	for i := range rows.Registrations {
		r := &rows.Registrations[i]
		r.SIPUsername = cmp.Or(r.SIPUsername, fmt.Sprintf("user-%d", r.ID))
		r.Proxy = cmp.Or(r.Proxy, defaultProxy)
	}
}

// onlyApplication is the one that a rule belongs to which names none; 0: it has
// to name one.
func onlyApplication(lists ...[]vox.Application) int64 {
	for _, list := range lists {
		if len(list) == 1 {
			return list[0].ID
		}
	}
	return 0
}

// freeKey is the id of a key that none of the lists has.
func freeKey(lists ...[]vox.Key) string {
	all := slices.Concat(lists...)
	for n := 1; ; n++ {
		id := fmt.Sprintf("key-%d", n)
		if !slices.ContainsFunc(all, func(k vox.Key) bool { return k.ID == id }) {
			return id
		}
	}
}

// only leaves the rows of all that have the id of one of those.
func only(all, those scenarios.Scenario) scenarios.Scenario {
	return scenarios.Scenario{
		Accounts:           among(all.Accounts, those.Accounts, func(a vox.Account) int64 { return a.ID }),
		Keys:               among(all.Keys, those.Keys, func(k vox.Key) string { return k.ID }),
		Applications:       among(all.Applications, those.Applications, func(a vox.Application) int64 { return a.ID }),
		VoxEngineScenarios: among(all.VoxEngineScenarios, those.VoxEngineScenarios, func(v vox.Scenario) int64 { return v.ID }),
		Rules:              among(all.Rules, those.Rules, func(r vox.Rule) int64 { return r.ID }),
		Users:              among(all.Users, those.Users, func(u vox.User) int64 { return u.ID }),
		Registrations:      among(all.Registrations, those.Registrations, func(r vox.Registration) int64 { return r.ID }),
		Transactions:       among(all.Transactions, those.Transactions, func(t vox.Transaction) int64 { return t.ID }),
	}
}

func among[K comparable, R any](all, those []R, id func(R) K) []R {
	var kept []R
	for _, row := range all {
		if slices.ContainsFunc(those, func(r R) bool { return id(r) == id(row) }) {
			kept = append(kept, row)
		}
	}
	return kept
}
