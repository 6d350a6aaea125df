package lab

import (
	"sync"
	"time"

	"github.com/voxemu/voxemu/emulator/internal/query"
	"github.com/voxemu/voxemu/emulator/internal/store"
	"github.com/voxemu/voxemu/emulator/vox"
)

// BalancePoint is an account's money from a time on.
type BalancePoint struct {
	At          time.Time `json:"at"`
	Balance     vox.Money `json:"balance"`
	MoneyOnHold vox.Money `json:"money_on_hold"`
}

// Books are an account's transactions and balances, oldest first.
type Books struct {
	Transactions []Transaction `json:"transactions"`
	// MoreTransactions is the number of older transactions that are not listed.
	MoreTransactions int `json:"more_transactions"`
	// Balances are the changes of the balance since the state was loaded.
	Balances []BalancePoint `json:"balances"`
	// EvictedBalances is the number of older changes, of all accounts, that were dropped
	// because there is a maximum.
	EvictedBalances int64 `json:"evicted_balances"`
}

// Transaction is a line of an account's books in the control API.
type Transaction struct {
	ID             int64               `json:"id"`
	Type           vox.TransactionType `json:"type"`
	Amount         vox.Money           `json:"amount"`
	Currency       string              `json:"currency"`
	PerformedAt    time.Time           `json:"performed_at"`
	Description    string              `json:"description,omitempty"`
	RegistrationID int64               `json:"sip_registration_id,omitempty"`
}

// maxBalances is the maximum number of changes of all accounts together, about 1 MB.
const maxBalances = 10_000

// maxTransactions is the maximum number of transactions in [Books].
const maxTransactions = 500

// balances are the latest changes of balances of all accounts, in the order of time.
type balances struct {
	mu      sync.Mutex // guards the fields below
	changes []ownedBalance
	oldest  int
	evicted int64
}

type ownedBalance struct {
	account int64
	BalancePoint
}

func (b *balances) add(c ownedBalance) {
	if len(b.changes) < maxBalances {
		b.changes = append(b.changes, c)
		return
	}
	b.evicted++
	b.changes[b.oldest] = c
	b.oldest = (b.oldest + 1) % maxBalances
}

// of returns the changes of an account; of several at the same time, the last.
func (b *balances) of(account int64) []BalancePoint {
	found := []BalancePoint{}
	for i := range b.changes {
		c := b.changes[(b.oldest+i)%len(b.changes)]
		switch last := len(found) - 1; {
		case c.account != account:
		case last >= 0 && found[last].At.Equal(c.At):
			found[last] = c.BalancePoint
		default:
			found = append(found, c.BalancePoint)
		}
	}
	return found
}

func (b *balances) clear() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.changes, b.oldest, b.evicted = nil, 0, 0
}

// keepBalances records how the transaction changes balances, once it is committed.
func (l *Lab) keepBalances(tx *store.Tx) {
	var made []ownedBalance
	for before, after := range store.Changes(tx, store.Accounts) {
		if after == nil || before != nil && before.Balance.Equal(after.Balance) && before.MoneyOnHold.Equal(after.MoneyOnHold) {
			continue
		}
		made = append(made, ownedBalance{after.ID, BalancePoint{tx.Now(), after.Balance, after.MoneyOnHold}})
	}
	if len(made) == 0 {
		return
	}
	tx.AfterCommit(func() {
		l.balances.mu.Lock()
		defer l.balances.mu.Unlock()
		for _, c := range made {
			l.balances.add(c)
		}
	})
}

// Books returns the latest transactions of an account and the changes of its balance,
// after running everything that is due. Error: [vox.ErrNotFound].
func (l *Lab) Books(accountID int64) (Books, error) {
	if err := l.clock.CatchUp(); err != nil {
		return Books{}, err
	}
	if _, err := l.Account(accountID); err != nil {
		return Books{}, err
	}
	books := Books{Transactions: []Transaction{}}
	_ = l.read(func(tx *store.Tx) error { // the function never fails
		books.MoreTransactions = max(0, store.Count(tx, store.Transactions, accountID, nil)-maxTransactions)
		for _, t := range store.Select(tx, store.Transactions, accountID, nil, query.Page{Offset: books.MoreTransactions, Count: maxTransactions}) {
			books.Transactions = append(books.Transactions, Transaction{t.ID, t.Type, t.Amount, t.Currency, t.PerformedAt, t.Description, t.RegistrationID})
		}
		return nil
	})
	l.balances.mu.Lock()
	defer l.balances.mu.Unlock()
	books.Balances, books.EvictedBalances = l.balances.of(accountID), l.balances.evicted
	return books, nil
}
