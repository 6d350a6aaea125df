package store

import (
	"fmt"
	"reflect"
	"slices"
)

// kinds are all kinds of rows. For a new one add a line here; its table, its filters, and
// loading, exporting, counting and deleting its rows follow from the list.
var kinds = numbered(
	Accounts.kind,
	Keys.kind,
	Applications.kind,
	Scenarios.kind,
	Rules.kind,
	Users.kind,
	Registrations.kind,
	Transactions.kind,
	Callbacks.kind,
	Sessions.kind,
	AuthorizedIPs.kind,
	SIPWhiteList.kind,
	AuditLog.kind,
)

// kindOf are the kinds by the type of a pointer to a row.
var kindOf = func() map[reflect.Type]*Kind {
	of := map[reflect.Type]*Kind{}
	for _, k := range kinds {
		of[reflect.PointerTo(k.row)] = k
	}
	return of
}()

// maxKinds is the size of arrays with a place for each kind.
const maxKinds = 16

func numbered(kinds ...*Kind) []*Kind {
	if len(kinds) > maxKinds {
		panic("store: raise maxKinds")
	}
	for i, k := range kinds {
		k.number = byte(i)
	}
	return kinds
}

// Kinds returns all kinds of rows.
func Kinds() []*Kind { return slices.Clone(kinds) }

// CheckKinds returns errors for tables with the same name.
func CheckKinds(kinds []*Kind) (mistakes []error) {
	names := map[string]bool{}
	for _, k := range kinds {
		if names[k.name] {
			mistakes = append(mistakes, fmt.Errorf("store: two tables are called %s", k.name))
		}
		names[k.name] = true
	}
	return mistakes
}
