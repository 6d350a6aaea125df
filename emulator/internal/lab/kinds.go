package lab

import (
	"errors"
	"fmt"
	"slices"
	"sync"

	"github.com/voxemu/voxemu/emulator/internal/store"
	"github.com/voxemu/voxemu/emulator/vox"
	"github.com/voxemu/voxemu/scenarios"
)

// kindOf returns the kind of a row or of a list of rows, by its type.
func kindOf(rows any) *store.Kind {
	for _, k := range store.Kinds() {
		if k.Is(rows) {
			return k
		}
	}
	panic(fmt.Sprintf("lab: no table holds a %T", rows)) // cannot happen: checkKinds checks this at start-up
}

// kindsFit is [checkKinds] of what is built in, which a process checks once.
var kindsFit = sync.OnceValue(func() error { return checkKinds(store.Kinds(), new(scenarios.Scenario).Sections()) })

// checkKinds returns an error for tables and sections of scenarios without a counterpart
// with the same type of rows.
func checkKinds(tables []*store.Kind, sections []scenarios.Section) error {
	mistakes := store.CheckKinds(tables)
	for _, s := range sections {
		at := slices.IndexFunc(tables, func(k *store.Kind) bool { return k.Is(s.Rows) })
		switch {
		case at < 0:
			mistakes = append(mistakes, fmt.Errorf("scenarios: the rows of the section %s (%T) are in no table of store.Kinds", s.Name, s.Rows))
		case tables[at].Name() != s.Name:
			mistakes = append(mistakes, fmt.Errorf("scenarios: the section %s has the rows of the table %s; give both one name", s.Name, tables[at].Name()))
		case !sameMembers(tables[at].Unique(), s.Unique):
			mistakes = append(mistakes, fmt.Errorf("scenarios: %s: unique are %v in the section, but %v in the table", s.Name, s.Unique, tables[at].Unique()))
		}
	}
	for _, k := range tables {
		if !slices.ContainsFunc(sections, func(s scenarios.Section) bool { return k.Is(s.Rows) }) {
			mistakes = append(mistakes, fmt.Errorf("store: the table %s has no section in scenarios/rows.go", k.Name()))
		}
	}
	return errors.Join(mistakes...)
}

func sameMembers(a, b []string) bool {
	return slices.Equal(slices.Sorted(slices.Values(a)), slices.Sorted(slices.Values(b)))
}

// running is the state, to which rows are added, in a transaction.
type running struct{ tx *store.Tx }

// Settings implements [scenarios.State].
func (s running) Settings() vox.Settings { return s.tx.Settings() }

// Get implements [scenarios.State].
func (s running) Get(id, row any) bool { return kindOf(row).Get(s.tx, id, row) }

// Holder implements [scenarios.State].
func (s running) Holder(member string, row any) (any, bool) {
	return kindOf(row).Holder(s.tx, member, row)
}

// NextID implements [scenarios.State].
func (s running) NextID(row any) int64 { return kindOf(row).NextID(s.tx) }

// Only implements [scenarios.State].
func (s running) Only(row any) any { return kindOf(row).Only(s.tx) }

// All implements [scenarios.State].
func (s running) All() scenarios.Scenario {
	all := scenarios.Scenario{Settings: s.tx.Settings()}
	for _, section := range all.Sections() {
		kindOf(section.Rows).AppendAll(s.tx, section.Rows)
	}
	return all
}

// putAll stores the rows of a scenario. Errors: those of [store.Put].
func putAll(tx *store.Tx, s scenarios.Scenario) error {
	for _, section := range s.Sections() {
		if err := kindOf(section.Rows).PutAll(tx, section.Rows); err != nil {
			return err
		}
	}
	return nil
}
