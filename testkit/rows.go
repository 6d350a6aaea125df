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
	return add(e, accounts, a)
}

// AddKey adds a service-account key and returns it as it is stored. Left out: an
// id, the account of [Emulator.AccountID]. The key pair is made when first asked
// for.
func (e *Emulator) AddKey(k vox.Key) vox.Key {
	e.tb.Helper()
	return add(e, keys, k)
}

// AddApplication adds an application and returns it as it is stored. Left out:
// the next id, a name, the account of [Emulator.AccountID].
func (e *Emulator) AddApplication(a vox.Application) vox.Application {
	e.tb.Helper()
	return add(e, applications, a)
}

// AddRule adds a rule and returns it as it is stored. Left out: the next id, a
// name, the pattern .*, and the application if there is only one.
func (e *Emulator) AddRule(r vox.Rule) vox.Rule {
	e.tb.Helper()
	return add(e, rules, r)
}

// AddUser adds a user and returns it as it is stored. Left out: the next id, a
// name, the account of the application or else that of [Emulator.AccountID].
func (e *Emulator) AddUser(u vox.User) vox.User {
	e.tb.Helper()
	return add(e, users, u)
}

// AddRegistration adds a registration and returns it as it is stored. Left out:
// the next id, a user name, the proxy sip.example.com, the account of
// [Emulator.AccountID], the scenario's monthly fee. Without a State it starts at
// once and has, when AddRegistration returns, its registrar's answer, unless that
// takes time.
func (e *Emulator) AddRegistration(r vox.Registration) vox.Registration {
	e.tb.Helper()
	return add(e, registrations, r)
}

// section is a kind of row: where a scenario has it, and what its id is.
type section[K comparable, R any] struct {
	of func(*scenarios.Scenario) *[]R
	id func(R) K
}

var (
	accounts      = section[int64, vox.Account]{func(s *scenarios.Scenario) *[]vox.Account { return &s.Accounts }, func(a vox.Account) int64 { return a.ID }}
	keys          = section[string, vox.Key]{func(s *scenarios.Scenario) *[]vox.Key { return &s.Keys }, func(k vox.Key) string { return k.ID }}
	applications  = section[int64, vox.Application]{func(s *scenarios.Scenario) *[]vox.Application { return &s.Applications }, func(a vox.Application) int64 { return a.ID }}
	rules         = section[int64, vox.Rule]{func(s *scenarios.Scenario) *[]vox.Rule { return &s.Rules }, func(r vox.Rule) int64 { return r.ID }}
	users         = section[int64, vox.User]{func(s *scenarios.Scenario) *[]vox.User { return &s.Users }, func(u vox.User) int64 { return u.ID }}
	registrations = section[int64, vox.Registration]{func(s *scenarios.Scenario) *[]vox.Registration { return &s.Registrations }, func(r vox.Registration) int64 { return r.ID }}
)

// find gives the row with an id.
func (s section[K, R]) find(in scenarios.Scenario, id K) (row R, ok bool) {
	rows := *s.of(&in)
	if at := slices.IndexFunc(rows, func(r R) bool { return s.id(r) == id }); at >= 0 {
		return rows[at], true
	}
	return row, false
}

// add adds a row and gives it as it is stored.
func add[K comparable, R any](e *Emulator, s section[K, R], row R) R {
	e.tb.Helper()
	var rows scenarios.Scenario
	*s.of(&rows) = []R{row}
	rows = e.add(rows)
	if added := *s.of(&rows); len(added) == 1 {
		row, _ = s.find(e.state(), s.id(added[0]))
	}
	return row
}

// add puts rows into the state; those that name no account belong to the test's.
func (e *Emulator) add(rows scenarios.Scenario) scenarios.Scenario {
	e.tb.Helper()
	if len(e.state().Accounts) > 0 { // else those of rows are the first
		account := e.AccountID()
		rows.Keys = owned(rows.Keys, account, func(k *vox.Key) *int64 { return &k.AccountID })
		rows.Applications = owned(rows.Applications, account, func(a *vox.Application) *int64 { return &a.AccountID })
		rows.Registrations = owned(rows.Registrations, account, func(r *vox.Registration) *int64 { return &r.AccountID })
		rows.Users = owned(rows.Users, account, func(u *vox.User) *int64 {
			if u.ApplicationID != 0 { // it belongs to whom the application does
				return &account
			}
			return &u.AccountID
		})
	}
	added, err := e.server.Add(rows)
	if err != nil {
		e.tb.Fatalf("testkit: these rows are not valid:\n%v", err)
	}
	return added
}

// owned copies rows and gives those without an owner the account.
func owned[R any](rows []R, account int64, owner func(*R) *int64) []R {
	rows = slices.Clone(rows)
	for i := range rows {
		at := owner(&rows[i])
		*at = cmp.Or(*at, account)
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
	account, ok := accounts.find(e.state(), id)
	if !ok {
		e.tb.Fatalf("testkit: there is no account %d", id)
	}
	return account
}

// Registration is a registration as it is now. An unknown id ends the test.
func (e *Emulator) Registration(id int64) vox.Registration {
	e.tb.Helper()
	registration, ok := registrations.find(e.state(), id)
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
