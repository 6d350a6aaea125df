package lab

import (
	"cmp"
	"crypto/rand"
	"errors"
	"fmt"
	"slices"
	"strconv"

	"github.com/voxemu/voxemu/emulator/internal/listen"
	"github.com/voxemu/voxemu/emulator/internal/store"
	"github.com/voxemu/voxemu/emulator/vox"
	"github.com/voxemu/voxemu/scenarios"
)

// defaultBalance is enough for many registrations.
const defaultBalance = "100.00"

// Accounts returns all accounts by id.
func (l *Lab) Accounts() []vox.AccountSummary {
	list := []vox.AccountSummary{}
	_ = l.read(func(tx *store.Tx) error { // the function returns no error
		for a := range store.All(tx, store.Accounts) {
			list = append(list, a.Summary())
		}
		return nil
	})
	return list
}

// Account returns an account. Error: [vox.ErrNotFound].
func (l *Lab) Account(id int64) (vox.AccountSummary, error) {
	var found vox.AccountSummary
	err := l.read(func(tx *store.Tx) error {
		a, ok := store.Get(tx, store.Accounts, id)
		if !ok {
			return fmt.Errorf("account %d was deleted meanwhile: %w", id, vox.ErrNotFound)
		}
		found = a.Summary()
		return nil
	})
	return found, err
}

// AccountRow returns the row of an account, with secrets, after running everything that is
// due. Error: [vox.ErrNotFound].
func (l *Lab) AccountRow(id int64) (row vox.Account, err error) {
	now, release := l.clock.Hold()
	defer release()
	err = l.store.Read(now, func(tx *store.Tx) (err error) {
		row, err = existing(tx, store.Accounts, id, "account")
		return err
	})
	return row, err
}

// CreateAccount creates an account with everything that a client needs, so that tests on
// one server do not affect each other. Ids are the next free ones. Only the api_key and
// the RSA key are random; all else depends only on the request and the state. Errors:
// [vox.ErrConflict] if the name is taken; [vox.Mistakes] if a scenario could not contain
// the account.
func (l *Lab) CreateAccount(n vox.AccountRequest) (vox.CreatedAccount, error) {
	var pair listen.KeyPair // not stored in the folder, because the account ends with the process
	if n.Credentials == nil || *n.Credentials {
		var err error
		if pair, err = listen.NewKeyPair(); err != nil {
			return vox.CreatedAccount{}, err
		}
	}
	var created vox.CreatedAccount
	var rows scenarios.Scenario
	err := l.write(func(tx *store.Tx) error {
		var err error
		if rows, err = newRows(tx, n, pair); err != nil {
			return err
		}
		if err := putAll(tx, rows.Dated(tx.Now())); err != nil {
			return err
		}
		created = createdAccount(rows)
		return nil
	})
	if err == nil { // an account before the last reset can have had the same id
		l.journal.ClearAccount(created.ID)
		l.remember(created.ID, rows)
	}
	return created, err
}

// newRows returns the account and its rows, checked and completed like those of a
// scenario.
func newRows(tx *store.Tx, n vox.AccountRequest, pair listen.KeyPair) (scenarios.Scenario, error) {
	id := store.NextID(tx, store.Accounts)
	name, err := freeName(tx, n.Name, id)
	if err != nil {
		return scenarios.Scenario{}, err
	}
	if n.Email != "" {
		if _, taken := store.First(tx, store.Accounts, 0, store.AccountEmail.Is(n.Email)); taken {
			return scenarios.Scenario{}, &MemberError{vox.ErrConflict, "email", fmt.Sprintf("email: there is an account with %q already", n.Email)}
		}
	}
	balance, err := vox.ParseMoney(defaultBalance)
	if n.Balance != nil {
		balance = *n.Balance
	}
	if err != nil { // cannot happen: a constant
		return scenarios.Scenario{}, err
	}
	roles := n.Roles
	if roles == nil {
		roles = []vox.Role{vox.Owner}
	}
	rows := scenarios.Scenario{
		Accounts: []vox.Account{{
			ID: id, ParentID: n.ParentID, Name: name, Email: cmp.Or(n.Email, freeEmail(tx, id)),
			APIKey: cmp.Or(n.APIKey, rand.Text()), Password: n.Password,
			FirstName: n.FirstName, LastName: n.LastName, Language: n.Language, Location: n.Location,
			MobilePhone: n.MobilePhone, CustomData: n.CustomData, Inactive: n.Inactive, Frozen: n.Frozen,
			Balance: balance, Currency: n.Currency, CreditLimit: n.CreditLimit, MinBalanceToNotify: n.MinBalanceToNotify,
			MaxSIPRegistrations: n.MaxSIPRegistrations, CallbackURL: n.CallbackURL, CallbackSalt: n.CallbackSalt,
			AccountNotifications: n.AccountNotifications, TariffChangingNotifications: n.TariffChangingNotifications,
			NewsNotifications: n.NewsNotifications,
		}},
		Keys: []vox.Key{{ID: freeKeyID(tx, id), AccountID: id, Roles: roles, PrivateKey: pair.Private, PublicKey: pair.Public}},
	}
	if n.Created != nil {
		rows.Accounts[0].Created = *n.Created
	}
	addApplications(tx, &rows, n.Applications)
	return checked(tx, rows)
}

func addApplications(tx *store.Tx, rows *scenarios.Scenario, applications []vox.ApplicationRequest) {
	application, rule, user := store.NextID(tx, store.Applications), store.NextID(tx, store.Rules), store.NextID(tx, store.Users)
	account := rows.Accounts[0].ID
	for _, a := range applications {
		rows.Applications = append(rows.Applications, vox.Application{ID: application, AccountID: account, Name: a.Name})
		for _, name := range a.Rules {
			rows.Rules = append(rows.Rules, vox.Rule{ID: rule, AccountID: account, ApplicationID: application, Name: name})
			rule++
		}
		for _, name := range a.Users {
			rows.Users = append(rows.Users, vox.User{ID: user, AccountID: account, ApplicationID: application, Name: name})
			user++
		}
		application++
	}
}

// checked validates and completes rows in package scenarios, so that the rules for rows are
// in one place. It removes the row's name from the mistakes, which the caller does not know.
func checked(tx *store.Tx, rows scenarios.Scenario) (scenarios.Scenario, error) {
	account := rows.Accounts[0]
	if parent, ok := store.Get(tx, store.Accounts, account.ParentID); ok {
		rows.Accounts = append(rows.Accounts, vox.Account{ID: parent.ID, Name: parent.Name, ParentID: 0})
	}
	complete, err := scenarios.Scenario{}.With(rows)
	complete.Accounts = slices.DeleteFunc(complete.Accounts, func(a vox.Account) bool { return a.ID != account.ID })
	var mistakes vox.Mistakes
	if !errors.As(err, &mistakes) {
		return complete, err
	}
	for i := range mistakes {
		mistakes[i] = vox.Mistake{Message: mistakes[i].Text()}
	}
	return complete, mistakes
}

// freeName returns the given name or, if it is empty, one that no account has.
func freeName(tx *store.Tx, wanted string, id int64) (string, error) {
	taken := func(name string) bool {
		_, ok := store.First(tx, store.Accounts, 0, store.AccountName.Is(name))
		return ok
	}
	if wanted != "" && taken(wanted) {
		return "", &MemberError{vox.ErrConflict, "name", fmt.Sprintf("name: there is an account %q already", wanted)}
	}
	base := "account-" + strconv.FormatInt(id, 10)
	name := cmp.Or(wanted, base)
	for n := 2; taken(name); n++ {
		name = base + "-" + strconv.Itoa(n)
	}
	return name, nil
}

// freeEmail returns an address that no account has, or "".
func freeEmail(tx *store.Tx, id int64) string {
	email := fmt.Sprintf("account-%d@example.com", id)
	if _, taken := store.First(tx, store.Accounts, 0, store.AccountEmail.Is(email)); taken {
		return ""
	}
	return email
}

func freeKeyID(tx *store.Tx, account int64) string {
	base := fmt.Sprintf("account-%d-key", account)
	id := base
	for n := 2; ; n++ {
		if _, taken := store.Get(tx, store.Keys, id); !taken {
			return id
		}
		id = base + "-" + strconv.Itoa(n)
	}
}

func createdAccount(rows scenarios.Scenario) vox.CreatedAccount {
	account, key := rows.Accounts[0], rows.Keys[0]
	created := vox.CreatedAccount{
		AccountSummary: account.Summary(), APIKey: account.APIKey, KeyID: key.ID,
		Applications: []vox.CreatedApplication{},
	}
	if key.PrivateKey != "" {
		created.Credentials = &vox.Credentials{AccountEmail: account.Email, AccountID: account.ID, KeyID: key.ID, PrivateKey: key.PrivateKey}
	}
	for _, a := range rows.Applications {
		made := vox.CreatedApplication{ID: a.ID, Name: a.FullName(account.Name), Rules: []vox.Named{}, Users: []vox.Named{}}
		for _, r := range rows.Rules {
			if r.ApplicationID == a.ID {
				made.Rules = append(made.Rules, vox.Named{ID: r.ID, Name: r.Name})
			}
		}
		for _, u := range rows.Users {
			if u.ApplicationID == a.ID {
				made.Users = append(made.Users, vox.Named{ID: u.ID, Name: u.Name})
			}
		}
		created.Applications = append(created.Applications, made)
	}
	return created
}

// DeleteAccount deletes an account with its rows, its requests in the journal, and the
// fault rules that apply to it only. Errors: [vox.ErrNotFound]; [vox.ErrConflict] if it
// has child accounts.
func (l *Lab) DeleteAccount(id int64) error {
	about := l.RulesAbout(id) // needs the name and the keys of the account
	err := l.write(func(tx *store.Tx) error {
		if child, ok := store.First(tx, store.Accounts, 0, store.AccountParent.Is(id)); ok {
			return fmt.Errorf("%w: account %d has the child account %d; delete that first", vox.ErrConflict, id, child.ID)
		}
		if !store.Delete(tx, store.Accounts, id) {
			return fmt.Errorf("account %d: %w", id, vox.ErrNotFound)
		}
		for _, kind := range store.Kinds() {
			kind.DeleteOwned(tx, id)
		}
		return nil
	})
	if err == nil {
		l.forget(id)
		l.faults.DeleteIf(about)
		l.journal.ClearAccount(id)
	}
	return err
}
