package testkit

import (
	"cmp"
	"slices"

	"github.com/voxemu/voxemu/emulator/vox"
	"github.com/voxemu/voxemu/scenarios"
)

// AddAccount adds an account and returns it as it is stored. Left out: the next
// id, a name, e-mail and api key made of it, USD.
func (e *Emulator) AddAccount(a vox.Account) vox.Account {
	e.tb.Helper()
	return one(e, scenarios.Scenario{Accounts: []vox.Account{a}}, accounts, accountID)
}

// AddKey adds a service-account key and returns it as it is stored. Left out: an
// id, the account of [Emulator.AccountID]. The key pair is made when first asked
// for.
func (e *Emulator) AddKey(k vox.Key) vox.Key {
	e.tb.Helper()
	return one(e, scenarios.Scenario{Keys: []vox.Key{k}},
		func(s scenarios.Scenario) []vox.Key { return s.Keys }, func(k vox.Key) string { return k.ID })
}

// AddApplication adds an application and returns it as it is stored. Left out:
// the next id, a name, the account of [Emulator.AccountID].
func (e *Emulator) AddApplication(a vox.Application) vox.Application {
	e.tb.Helper()
	return one(e, scenarios.Scenario{Applications: []vox.Application{a}},
		func(s scenarios.Scenario) []vox.Application { return s.Applications }, func(a vox.Application) int64 { return a.ID })
}

// AddRule adds a rule and returns it as it is stored. Left out: the next id, a
// name, the pattern .*, and the application if there is only one.
func (e *Emulator) AddRule(r vox.Rule) vox.Rule {
	e.tb.Helper()
	return one(e, scenarios.Scenario{Rules: []vox.Rule{r}},
		func(s scenarios.Scenario) []vox.Rule { return s.Rules }, func(r vox.Rule) int64 { return r.ID })
}

// AddUser adds a user and returns it as it is stored. Left out: the next id, a
// name, the account of the application or else that of [Emulator.AccountID].
func (e *Emulator) AddUser(u vox.User) vox.User {
	e.tb.Helper()
	return one(e, scenarios.Scenario{Users: []vox.User{u}},
		func(s scenarios.Scenario) []vox.User { return s.Users }, func(u vox.User) int64 { return u.ID })
}

// AddRegistration adds a registration and returns it as it is stored. Left out:
// the next id, a user name, the proxy sip.example.com, the account of
// [Emulator.AccountID], the scenario's monthly fee. Without a State it starts at
// once and has, when AddRegistration returns, its registrar's answer, unless that
// takes time.
func (e *Emulator) AddRegistration(r vox.Registration) vox.Registration {
	e.tb.Helper()
	return one(e, scenarios.Scenario{Registrations: []vox.Registration{r}}, registrations, registrationID)
}

func accounts(s scenarios.Scenario) []vox.Account           { return s.Accounts }
func accountID(a vox.Account) int64                         { return a.ID }
func registrations(s scenarios.Scenario) []vox.Registration { return s.Registrations }
func registrationID(r vox.Registration) int64               { return r.ID }

// one adds a row and gives it as it is stored.
func one[K comparable, R any](e *Emulator, rows scenarios.Scenario, list func(scenarios.Scenario) []R, id func(R) K) R {
	e.tb.Helper()
	var row R
	if added := list(e.add(rows)); len(added) == 1 {
		row, _ = byID(list(e.state()), id, id(added[0]))
	}
	return row
}

func byID[K comparable, R any](rows []R, id func(R) K, wanted K) (R, bool) {
	at := slices.IndexFunc(rows, func(r R) bool { return id(r) == wanted })
	if at < 0 {
		var none R
		return none, false
	}
	return rows[at], true
}

// add puts rows into the state; those that name no account belong to the test's.
func (e *Emulator) add(rows scenarios.Scenario) scenarios.Scenario {
	e.tb.Helper()
	added, err := e.server.Add(e.owned(rows))
	if err != nil {
		e.tb.Fatalf("testkit: these rows are not valid:\n%v", err)
	}
	return added
}

func (e *Emulator) owned(rows scenarios.Scenario) scenarios.Scenario {
	e.tb.Helper()
	if len(e.state().Accounts) == 0 { // those of rows are the first
		return rows
	}
	account := e.AccountID()
	rows.Keys, rows.Applications = slices.Clone(rows.Keys), slices.Clone(rows.Applications)
	rows.Users, rows.Registrations = slices.Clone(rows.Users), slices.Clone(rows.Registrations)
	for i := range rows.Keys {
		rows.Keys[i].AccountID = cmp.Or(rows.Keys[i].AccountID, account)
	}
	for i := range rows.Applications {
		rows.Applications[i].AccountID = cmp.Or(rows.Applications[i].AccountID, account)
	}
	for i := range rows.Users {
		if rows.Users[i].ApplicationID == 0 {
			rows.Users[i].AccountID = cmp.Or(rows.Users[i].AccountID, account)
		}
	}
	for i := range rows.Registrations {
		rows.Registrations[i].AccountID = cmp.Or(rows.Registrations[i].AccountID, account)
	}
	return rows
}

// state is everything that the emulator remembers, secrets included, once what
// is due has happened.
func (e *Emulator) state() scenarios.Scenario {
	e.tb.Helper()
	state, err := e.server.State()
	if err != nil {
		e.tb.Fatalf("testkit: %v", err)
	}
	return state
}

// Account is an account as it is now. An unknown id ends the test.
func (e *Emulator) Account(id int64) vox.Account {
	e.tb.Helper()
	account, ok := byID(e.state().Accounts, accountID, id)
	if !ok {
		e.tb.Fatalf("testkit: there is no account %d", id)
	}
	return account
}

// Registration is a registration as it is now. An unknown id ends the test.
func (e *Emulator) Registration(id int64) vox.Registration {
	e.tb.Helper()
	registration, ok := byID(e.state().Registrations, registrationID, id)
	if !ok {
		e.tb.Fatalf("testkit: there is no registration %d", id)
	}
	return registration
}

// Registrations are all registrations as they are now, of all accounts, by id.
func (e *Emulator) Registrations() []vox.Registration {
	e.tb.Helper()
	return e.state().Registrations
}
