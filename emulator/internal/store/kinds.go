package store

import (
	"fmt"
	"path"

	"github.com/hashicorp/go-memdb"
)

// Kinds returns all kinds of rows. For a new one add a line here; its table, its filters,
// and loading, exporting, counting and deleting its rows follow from the list.
func Kinds() []Kind {
	return []Kind{
		&accounts,
		&keys,
		&applications,
		&scenarios,
		&rules,
		&users,
		&registrations,
		&transactions,
		&callbacks,
		&sessions,
		&authorizedIPs,
		&sipWhiteList,
		&auditLog,
	}
}

// Kind is a kind of row independent of its type, for functions on all rows of the state.
// A row is a pointer such as *[vox.Account], a list a pointer such as *[]vox.Account.
type Kind interface {
	// Name is the name of the table.
	Name() string
	// Unique are the members whose values must be unique.
	Unique() []string
	// Is reports whether a row, or a list of rows, is of this kind.
	Is(rows any) bool
	// Get reads the row with an id, an int64 or a string, into row.
	Get(tx *Tx, id, row any) bool
	// Holder returns the id of the row that has the same value as row in a unique member.
	Holder(tx *Tx, member string, row any) (id any, held bool)
	// NextID is [Rows.NextID].
	NextID(tx *Tx) int64
	// Only returns the id of the only row; the zero value if there is none or several.
	Only(tx *Tx) any
	// Len returns the number of rows.
	Len(tx *Tx) int
	// AppendAll appends all rows to a list, by id.
	AppendAll(tx *Tx, list any)
	// PutAll stores the rows of a list. Errors: those of [Rows.Put].
	PutAll(tx *Tx, list any) error
	// Refresh reads the rows of a list again.
	Refresh(tx *Tx, list any)
	// DeleteOwned is [Rows.DeleteOwned].
	DeleteOwned(tx *Tx, account int64) int
	// KeepOwned replaces a list by one with only the rows of an account.
	KeepOwned(list any, account int64)
	// Taken returns the id of the first row of a list whose id is in use.
	Taken(tx *Tx, list any) (id any, taken bool)

	filters() map[string]string
	schema() *memdb.TableSchema
	number() byte
}

// CheckKinds returns errors for tables with the same name or tag.
func CheckKinds(kinds []Kind) (mistakes []error) {
	names, tags := map[string]bool{}, map[byte]string{}
	for _, k := range kinds {
		if names[k.Name()] {
			mistakes = append(mistakes, fmt.Errorf("store: two tables are called %s", k.Name()))
		}
		if other, taken := tags[k.number()]; taken {
			mistakes = append(mistakes, fmt.Errorf("store: the tables %s and %s have the same tag", other, k.Name()))
		}
		names[k.Name()], tags[k.number()] = true, k.Name()
	}
	return mistakes
}

func (t *table[K, R]) in(tx *Tx) Rows[K, R] { return Rows[K, R]{tx, t} }

func (t *table[K, R]) Name() string { return t.name }

func (t *table[K, R]) number() byte { return t.tag }

// Unique uses the names of the indexes: "application_id/name" makes the name unique.
func (t *table[K, R]) Unique() []string {
	var members []string
	for _, x := range t.indexes {
		if x.unique {
			members = append(members, path.Base(x.name))
		}
	}
	return members
}

func (t *table[K, R]) Is(rows any) bool {
	switch rows.(type) {
	case *R, *[]R:
		return true
	}
	return false
}

func (t *table[K, R]) Get(tx *Tx, id, row any) bool {
	found, ok := t.in(tx).Get(id.(K))
	if ok {
		*row.(*R) = found
	}
	return ok
}

func (t *table[K, R]) Holder(tx *Tx, member string, row any) (id any, held bool) {
	for _, x := range t.indexes {
		if value, ok := x.of(row.(*R)); ok && x.unique && path.Base(x.name) == member {
			return t.in(tx).holder(x, row.(*R), value)
		}
	}
	return nil, false
}

func (t *table[K, R]) NextID(tx *Tx) int64 { return t.in(tx).NextID() }

func (t *table[K, R]) Only(tx *Tx) any {
	var only K
	for row := range t.in(tx).All() {
		if only != *new(K) {
			return *new(K)
		}
		only = t.id(&row)
	}
	return only
}

func (t *table[K, R]) Len(tx *Tx) int { return t.in(tx).Len() }

func (t *table[K, R]) AppendAll(tx *Tx, list any) {
	rows := list.(*[]R)
	for row := range t.in(tx).All() {
		*rows = append(*rows, row)
	}
}

func (t *table[K, R]) PutAll(tx *Tx, list any) error {
	rows := *list.(*[]R)
	if len(rows) > 1 { // rows may exchange unique values: the old ones go first
		for i := range rows {
			t.in(tx).Delete(t.id(&rows[i]))
		}
	}
	for _, row := range rows {
		if err := t.in(tx).Put(row); err != nil {
			return err
		}
	}
	return nil
}

func (t *table[K, R]) Refresh(tx *Tx, list any) {
	rows := *list.(*[]R)
	for i := range rows {
		if stored, ok := t.in(tx).Get(t.id(&rows[i])); ok {
			rows[i] = stored
		}
	}
}

func (t *table[K, R]) DeleteOwned(tx *Tx, account int64) int { return t.in(tx).DeleteOwned(account) }
