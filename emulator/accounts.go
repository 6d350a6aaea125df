package emulator

import (
	"cmp"
	"crypto/rand"
	"errors"
	"fmt"
	"net/http"
	"strconv"

	"github.com/voxemu/voxemu/emulator/internal/control"
	"github.com/voxemu/voxemu/emulator/internal/listen"
	"github.com/voxemu/voxemu/emulator/internal/store"
	"github.com/voxemu/voxemu/emulator/vox"
	"github.com/voxemu/voxemu/scenarios"
)

// NewAccount says how [Server.CreateAccount] makes an account; everything may
// be left out.
type NewAccount = control.NewAccount

// NewApplication is an application of a [NewAccount].
type NewApplication = control.NewApplication

// FreshAccount is what [Server.CreateAccount] made.
type FreshAccount = control.FreshAccount

// defaultBalance pays for many registrations.
const defaultBalance = "100.00"

// CreateAccount makes an account with everything that a client needs, so that
// tests which share a server do not meet. Ids are the next free ones; the api
// key and the RSA key are random, unlike everything else, which is the same
// whenever the same is asked of the same state. Errors: a name that is taken, or
// one that a scenario could not have.
func (s *Server) CreateAccount(n NewAccount) (FreshAccount, error) {
	var pair listen.KeyPair // not kept in the folder: the account is gone after a restart
	if n.Credentials == nil || *n.Credentials {
		var err error
		if pair, err = listen.NewKeyPair(); err != nil {
			return FreshAccount{}, err
		}
	}
	var fresh FreshAccount
	err := s.store.Write(s.clock.Now(), func(tx *store.Tx) error {
		rows, err := newRows(tx, n, pair)
		if err != nil {
			return err
		}
		stampAll(&rows, tx.Now())
		for _, k := range kinds() {
			if err := k.put(tx, &rows); err != nil {
				return err
			}
		}
		fresh = freshAccount(rows)
		return nil
	})
	if err == nil { // an account before the last reset may have had the same id
		s.journal.ClearAccount(fresh.ID)
	}
	return fresh, err
}

// newRows are the account and what is in it, checked and completed as those of
// a scenario are.
func newRows(tx *store.Tx, n NewAccount, pair listen.KeyPair) (scenarios.Scenario, error) {
	id := store.Accounts(tx).NextID()
	name, err := freeName(tx, n.Name, id)
	if err != nil {
		return scenarios.Scenario{}, err
	}
	balance, err := vox.ParseMoney(defaultBalance)
	if n.Balance != nil {
		balance = *n.Balance
	}
	if err != nil { // a constant
		return scenarios.Scenario{}, err
	}
	roles := n.Roles
	if roles == nil {
		roles = []vox.Role{vox.Owner}
	}
	rows := scenarios.Scenario{
		Accounts: []vox.Account{{ID: id, Name: name, Email: freeEmail(tx, id), APIKey: cmp.Or(n.APIKey, rand.Text()), Balance: balance, Currency: n.Currency}},
		Keys:     []vox.Key{{ID: freeKeyID(tx, id), AccountID: id, Roles: roles, PrivateKey: pair.Private, PublicKey: pair.Public}},
	}
	addApplications(tx, &rows, n.Applications)
	return checked(rows)
}

func addApplications(tx *store.Tx, rows *scenarios.Scenario, applications []NewApplication) {
	application, rule, user := store.Applications(tx).NextID(), store.Rules(tx).NextID(), store.Users(tx).NextID()
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

// checked has the scenario reader judge rows and fill what is left out: one
// place knows what a row may be. Its places in a file mean nothing here.
func checked(rows scenarios.Scenario) (scenarios.Scenario, error) {
	text, err := rows.YAML()
	if err != nil {
		return rows, err
	}
	read, err := scenarios.Read(scenarios.Source{Name: "account", Text: text})
	var complaints vox.Mistakes
	if !errors.As(err, &complaints) {
		return read, err
	}
	problem := &control.Problem{Status: http.StatusUnprocessableEntity}
	for _, c := range complaints {
		problem.More = append(problem.More, &control.Problem{Message: c.Message})
	}
	problem.Message, problem.More = problem.More[0].Message, problem.More[1:]
	return read, problem
}

// freeName is the wanted name, or one that nobody has.
func freeName(tx *store.Tx, wanted string, id int64) (string, error) {
	taken := func(name string) bool { _, ok := store.Accounts(tx).First(0, "name", name); return ok }
	if wanted != "" && taken(wanted) {
		return "", &control.Problem{Status: http.StatusConflict, Member: "name", Message: fmt.Sprintf("name: there is an account %q already", wanted)}
	}
	base := "account-" + strconv.FormatInt(id, 10)
	name := cmp.Or(wanted, base)
	for n := 2; taken(name); n++ {
		name = base + "-" + strconv.Itoa(n)
	}
	return name, nil
}

// freeEmail is an address that nobody has, or none.
func freeEmail(tx *store.Tx, id int64) string {
	email := fmt.Sprintf("account-%d@example.com", id)
	if _, taken := store.Accounts(tx).First(0, "email", email); taken {
		return ""
	}
	return email
}

func freeKeyID(tx *store.Tx, account int64) string {
	base := fmt.Sprintf("account-%d-key", account)
	id := base
	for n := 2; ; n++ {
		if _, taken := store.Keys(tx).Get(id); !taken {
			return id
		}
		id = base + "-" + strconv.Itoa(n)
	}
}

func freshAccount(rows scenarios.Scenario) FreshAccount {
	account, key := rows.Accounts[0], rows.Keys[0]
	fresh := FreshAccount{
		Account: accountForDoor(account), APIKey: account.APIKey, KeyID: key.ID,
		Applications: []control.FreshApplication{},
	}
	if key.PrivateKey != "" {
		fresh.Credentials = &Credentials{AccountEmail: account.Email, AccountID: account.ID, KeyID: key.ID, PrivateKey: key.PrivateKey}
	}
	for _, a := range rows.Applications {
		made := control.FreshApplication{ID: a.ID, Name: a.FullName(account.Name), Rules: []control.Named{}, Users: []control.Named{}}
		for _, r := range rows.Rules {
			if r.ApplicationID == a.ID {
				made.Rules = append(made.Rules, control.Named{ID: r.ID, Name: r.Name})
			}
		}
		for _, u := range rows.Users {
			if u.ApplicationID == a.ID {
				made.Users = append(made.Users, control.Named{ID: u.ID, Name: u.Name})
			}
		}
		fresh.Applications = append(fresh.Applications, made)
	}
	return fresh
}

// DeleteAccount removes an account and all that is in it, its entries in the
// journal and the faults that are about this account only. Errors: there is no
// such account, or it has child accounts.
func (s *Server) DeleteAccount(id int64) error {
	about := s.about(id) // as long as its name and its keys are known
	err := s.change(func(tx *store.Tx) error {
		for account := range store.Accounts(tx).All() {
			if account.ParentID == id {
				return fmt.Errorf("%w: account %d has the child account %d; delete that first", control.ErrConflict, id, account.ID)
			}
		}
		if !store.Accounts(tx).Delete(id) {
			return fmt.Errorf("account %d: %w", id, control.ErrNotFound)
		}
		for _, k := range kinds() {
			k.drop(tx, id)
		}
		return nil
	})
	if err == nil {
		s.faults.DeleteIf(about)
		s.journal.ClearAccount(id)
	}
	return err
}
