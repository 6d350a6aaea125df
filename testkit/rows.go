package testkit

import (
	"github.com/voxemu/voxemu/emulator/vox"
	"github.com/voxemu/voxemu/scenarios"
)

// Add adds a row of any kind in scenarios, such as a [vox.Transaction], and returns the
// stored row. The functions below state the defaults. A value that is not a row, or not
// valid, ends the test.
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

// rowsOf returns the list for a type of row.
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

// add adds rows to the state; those without an account belong to the test's.
func (e *Emulator) add(rows scenarios.Scenario) scenarios.Scenario {
	e.tb.Helper()
	if e.server.Health().Counts["accounts"] > 0 { // otherwise the account is the first of rows
		rows = rows.OwnedBy(e.AccountID())
	}
	added, err := e.server.Add(rows)
	if err != nil {
		e.tb.Fatalf("testkit: these rows are not valid:\n%v", err)
	}
	return added
}

// AddAccount adds an account and returns the stored row. Defaults: the next id; name,
// e-mail and api_key with the id; USD.
func (e *Emulator) AddAccount(a vox.Account) vox.Account {
	e.tb.Helper()
	return Add(e, a)
}

// AddKey adds a service-account key and returns the stored row. Defaults: an id; the
// account of [Emulator.AccountID]. The key pair is generated on first use.
func (e *Emulator) AddKey(k vox.Key) vox.Key {
	e.tb.Helper()
	return Add(e, k)
}

// AddApplication adds an application and returns the stored row. Defaults: the next id; a
// name with the id; the account of [Emulator.AccountID].
func (e *Emulator) AddApplication(a vox.Application) vox.Application {
	e.tb.Helper()
	return Add(e, a)
}

// AddRule adds a rule and returns the stored row. Defaults: the next id; a name with the
// id; the pattern .*; the application if there is only one.
func (e *Emulator) AddRule(r vox.Rule) vox.Rule {
	e.tb.Helper()
	return Add(e, r)
}

// AddUser adds a user and returns the stored row. Defaults: the next id; a name with the
// id; the account of the application, else that of [Emulator.AccountID].
func (e *Emulator) AddUser(u vox.User) vox.User {
	e.tb.Helper()
	return Add(e, u)
}

// AddRegistration adds a registration and returns the stored row. Defaults: the next id;
// a user name with the id; the proxy sip.example.com; the account of
// [Emulator.AccountID]; the scenario's monthly fee. Without a State it starts at once,
// and the returned row has the registrar's answer if it has no delay.
func (e *Emulator) AddRegistration(r vox.Registration) vox.Registration {
	e.tb.Helper()
	return Add(e, r)
}

// state returns the whole state, with secrets, after running everything that is due.
func (e *Emulator) state() scenarios.Scenario {
	e.tb.Helper()
	state, err := e.server.State()
	if err != nil {
		e.tb.Fatalf("testkit: %v", err)
	}
	return state
}

// Account returns the current row of an account. An unknown id ends the test.
func (e *Emulator) Account(id int64) vox.Account {
	e.tb.Helper()
	account, err := e.server.Account(id)
	if err != nil {
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

// Registration returns the current row of a registration. An unknown id ends the test.
func (e *Emulator) Registration(id int64) vox.Registration {
	e.tb.Helper()
	registration, err := e.server.Registration(id)
	if err != nil {
		e.tb.Fatalf("testkit: there is no registration %d", id)
	}
	return registration
}

// Registrations returns the current registrations of all accounts, by id.
func (e *Emulator) Registrations() []vox.Registration {
	e.tb.Helper()
	return e.server.Registrations()
}
