package testkit

import (
	"github.com/voxemu/voxemu/emulator/vox"
	"github.com/voxemu/voxemu/scenarios"
)

// Add adds a row of any kind that a scenario has, such as a [vox.Transaction], and
// returns it as it is stored; see the functions below for what may be left out. A
// value that is no row, or not a valid one, ends the test.
func Add[R any](e *Emulator, row R) R {
	e.tb.Helper()
	var rows scenarios.Scenario
	list := rowsOf[R](e.tb, &rows)
	if list == nil {
		return row
	}
	*list = []R{row}
	added := e.add(rows)
	if list := *rowsOf[R](e.tb, &added); len(list) == 1 {
		row = list[0]
	}
	return row
}

// rowsOf is the list of a type of row.
func rowsOf[R any](tb TB, s *scenarios.Scenario) *[]R {
	tb.Helper()
	for _, section := range s.Sections() {
		if list, ok := section.Rows.(*[]R); ok {
			return list
		}
	}
	tb.Fatalf("testkit: a scenario has no rows of the type %T", *new(R))
	return nil
}

// add puts rows into the state; those that name no account belong to the test's.
func (e *Emulator) add(rows scenarios.Scenario) scenarios.Scenario {
	e.tb.Helper()
	if len(e.server.Accounts()) > 0 { // else those of rows are the first
		rows = rows.OwnedBy(e.AccountID())
	}
	added, err := e.server.Add(rows)
	if err != nil {
		e.tb.Fatalf("testkit: these rows are not valid:\n%v", err)
	}
	return added
}

// AddAccount adds an account and returns it as it is stored. Left out: the next
// id, a name, e-mail and api key made of it, USD.
func (e *Emulator) AddAccount(a vox.Account) vox.Account {
	e.tb.Helper()
	return Add(e, a)
}

// AddKey adds a service-account key and returns it as it is stored. Left out: an
// id, the account of [Emulator.AccountID]. The key pair is made when first asked
// for.
func (e *Emulator) AddKey(k vox.Key) vox.Key {
	e.tb.Helper()
	return Add(e, k)
}

// AddApplication adds an application and returns it as it is stored. Left out:
// the next id, a name, the account of [Emulator.AccountID].
func (e *Emulator) AddApplication(a vox.Application) vox.Application {
	e.tb.Helper()
	return Add(e, a)
}

// AddRule adds a rule and returns it as it is stored. Left out: the next id, a
// name, the pattern .*, and the application if there is only one.
func (e *Emulator) AddRule(r vox.Rule) vox.Rule {
	e.tb.Helper()
	return Add(e, r)
}

// AddUser adds a user and returns it as it is stored. Left out: the next id, a
// name, the account of the application or else that of [Emulator.AccountID].
func (e *Emulator) AddUser(u vox.User) vox.User {
	e.tb.Helper()
	return Add(e, u)
}

// AddRegistration adds a registration and returns it as it is stored. Left out:
// the next id, a user name, the proxy sip.example.com, the account of
// [Emulator.AccountID], the scenario's monthly fee. Without a State it starts at
// once and has, when AddRegistration returns, its registrar's answer, unless that
// takes time.
func (e *Emulator) AddRegistration(r vox.Registration) vox.Registration {
	e.tb.Helper()
	return Add(e, r)
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
	account, ok := accountIn(e.state().Accounts, id)
	if !ok {
		e.tb.Fatalf("testkit: there is no account %d", id)
	}
	return account
}

func accountIn(list []vox.Account, id int64) (vox.Account, bool) {
	for _, a := range list {
		if a.ID == id {
			return a, true
		}
	}
	return vox.Account{}, false
}

// Registration is a registration as it is now. An unknown id ends the test.
func (e *Emulator) Registration(id int64) vox.Registration {
	e.tb.Helper()
	for _, r := range e.state().Registrations {
		if r.ID == id {
			return r
		}
	}
	e.tb.Fatalf("testkit: there is no registration %d", id)
	return vox.Registration{}
}

// Registrations are all registrations as they are now, of all accounts, by id.
func (e *Emulator) Registrations() []vox.Registration {
	e.tb.Helper()
	return e.state().Registrations
}
