package store

import (
	"fmt"
	"path"
	"reflect"
	"slices"

	"github.com/voxemu/voxemu/emulator/internal/query"
)

// Kind is a kind of row: its table and the indexes of that. It is independent of the
// type of its rows, so that no code is compiled for each kind. A row is a pointer such as
// *[vox.Account], a list a pointer such as *[]vox.Account.
type Kind struct {
	name    string
	number  byte // position in the list of kinds; part of the keys
	row     reflect.Type
	numeric bool // whether ids are numbers, and not texts
	id      func(row any) query.Value
	account func(row any) int64 // scope of the indexes; 0 for accounts themselves
	indexes []*index
}

// newTable declares a table. Rows with indexes have ids of type int64, except that rows
// with other ids can have due indexes.
func newTable[K int64 | string, R any](name string, id func(*R) K, account func(*R) int64, indexes ...indexOf[R]) Table[K, R] {
	k := &Kind{
		name: name, row: reflect.TypeFor[R](), numeric: query.Of(*new(K)).Kind == query.NumberKind,
		id:      func(row any) query.Value { return query.Of(id(row.(*R))) },
		account: func(row any) int64 { return account(row.(*R)) },
	}
	for _, x := range indexes {
		k.add(x.of(nil))
	}
	return Table[K, R]{k}
}

func (k *Kind) add(x *index) {
	if len(k.indexes) == maxIndexes {
		panic("store: " + k.name + " has too many indexes for a combination of flags")
	}
	x.number = firstIndex + byte(len(k.indexes))
	k.indexes = append(k.indexes, x)
}

// Name is the name of the table.
func (k *Kind) Name() string { return k.name }

// Unique are the members whose values must be unique. They are in the names of the
// indexes: "application_id/name" makes the name unique.
func (k *Kind) Unique() []string {
	var members []string
	for _, x := range k.indexes {
		if x.layout == unique {
			members = append(members, path.Base(x.name))
		}
	}
	return members
}

// Is reports whether a row, or a list of rows, is of this kind.
func (k *Kind) Is(rows any) bool {
	t := reflect.TypeOf(rows)
	return t == reflect.PointerTo(k.row) || t == reflect.PointerTo(reflect.SliceOf(k.row))
}

// Get reads the row with an id, an int64 or a string, into row.
func (k *Kind) Get(tx *Tx, id, row any) bool {
	found := tx.get(k, valueOf(id))
	if found != nil {
		assign(row, found)
	}
	return found != nil
}

// Holder returns the id of the row that has the same value as row in a unique member.
func (k *Kind) Holder(tx *Tx, member string, row any) (id any, held bool) {
	for _, x := range k.indexes {
		if x.layout == unique && path.Base(x.name) == member {
			if n, held := tx.holder(k, x, row); held {
				return n, true
			}
		}
	}
	return nil, false
}

// NextID is [NextID].
func (k *Kind) NextID(tx *Tx) int64 { return tx.totals().last[k.number] + 1 }

// Len is [Len].
func (k *Kind) Len(tx *Tx) int { return tx.totals().rows[k.number] }

// Only returns the id of the only row; the zero value if there is none or several.
func (k *Kind) Only(tx *Tx) any {
	id := reflect.Zero(reflect.TypeOf(idOf(k.id(reflect.New(k.row).Interface())))).Interface()
	if k.Len(tx) == 1 {
		for row := range tx.all(k) {
			id = idOf(k.id(row))
		}
	}
	return id
}

// AppendAll appends all rows to a list, by id.
func (k *Kind) AppendAll(tx *Tx, list any) {
	rows := reflect.ValueOf(list).Elem()
	rows.Grow(k.Len(tx))
	for row := range tx.all(k) {
		rows.Set(reflect.Append(rows, reflect.ValueOf(row).Elem()))
	}
}

// PutAll stores the rows of a list. Errors: those of [Put].
func (k *Kind) PutAll(tx *Tx, list any) error {
	rows := elements(list)
	if len(rows) > 1 { // rows may exchange unique values: the old ones go first
		for _, row := range rows {
			tx.delete(k, k.id(row))
		}
	}
	for _, row := range rows {
		stored := reflect.New(k.row).Interface()
		assign(stored, row)
		if err := tx.put(k, stored); err != nil {
			return err
		}
	}
	return nil
}

// Refresh reads the rows of a list again.
func (k *Kind) Refresh(tx *Tx, list any) {
	for _, row := range elements(list) {
		k.Get(tx, idOf(k.id(row)), row)
	}
}

// DeleteOwned deletes the rows of an account. It is not for accounts, which have no
// owner.
func (k *Kind) DeleteOwned(tx *Tx, account int64) {
	if account == 0 {
		return
	}
	for row := range tx.of(k, account) {
		tx.delete(k, k.id(row))
	}
}

// KeepOwned replaces a list by one with only the rows of an account.
func (k *Kind) KeepOwned(list any, account int64) {
	owned := reflect.New(reflect.SliceOf(k.row)).Elem()
	for _, row := range elements(list) {
		if k.account(row) == account {
			owned.Set(reflect.Append(owned, reflect.ValueOf(row).Elem()))
		}
	}
	reflect.ValueOf(list).Elem().Set(owned)
}

// Taken returns the id of the first row of a list whose id is in use.
func (k *Kind) Taken(tx *Tx, list any) (id any, taken bool) {
	for _, row := range elements(list) {
		if tx.get(k, k.id(row)) != nil {
			return idOf(k.id(row)), true
		}
	}
	return nil, false
}

// elements returns pointers to the elements of a list.
func elements(list any) []any {
	rows := reflect.ValueOf(list).Elem()
	all := make([]any, rows.Len())
	for i := range all {
		all[i] = rows.Index(i).Addr().Interface()
	}
	return all
}

// assign copies a row.
func assign(to, from any) { reflect.ValueOf(to).Elem().Set(reflect.ValueOf(from).Elem()) }

// idOf returns an id as an int64 or a string.
func idOf(id query.Value) any {
	if id.Kind == query.TextKind {
		return id.Text
	}
	return id.Number
}

func valueOf(id any) query.Value {
	switch id := id.(type) {
	case int64:
		return query.Number(id)
	case string:
		return query.Text(id)
	}
	panic(fmt.Sprintf("store: an id is an int64 or a string, not a %T", id))
}

// Filters returns the indexes that x-filter can name, including the id, by table, with
// the kind of their values.
func Filters() map[string]map[string]query.Kind {
	all := map[string]map[string]query.Kind{}
	for _, k := range kinds {
		filters := map[string]query.Kind{}
		for _, x := range k.indexes {
			if x.layout != due {
				filters[x.name] = x.kind
			}
		}
		if len(filters) > 0 {
			filters[byID.name] = byID.kind
			all[k.name] = filters
		}
	}
	return all
}

// conditions are the conditions of filters. The indexes exist: package contract has
// checked them when the program started.
func (k *Kind) conditions(filters []query.Filter) []condition {
	where := make([]condition, len(filters))
	for i, f := range filters {
		where[i] = condition{byID, f.Ranges}
		if f.Index != byID.name {
			at := slices.IndexFunc(k.indexes, func(x *index) bool { return x.name == f.Index })
			if at < 0 {
				panic("store: " + k.name + " has no index " + f.Index)
			}
			where[i].index = k.indexes[at]
		}
	}
	return where
}
