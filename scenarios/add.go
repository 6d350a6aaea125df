package scenarios

import (
	"cmp"
	"math"
	"reflect"
	"slices"
	"sort"
	"time"

	"github.com/voxemu/voxemu/emulator/vox"
)

// State is a state to which [Add] adds rows. Rows are pointers, such as *[vox.User];
// their type selects the table. It is an interface because package scenarios may not
// import the store, which implements it.
type State interface {
	// Settings returns the state's settings.
	Settings() vox.Settings
	// Get reads the row with the id, an int64 or a string, into row.
	Get(id, row any) bool
	// Holder returns the id of the row that has the same value as row in a unique member.
	Holder(member string, row any) (id any, held bool)
	// NextID returns an id above those of all rows that have ever existed.
	NextID(row any) int64
	// Only returns the id of the only row; the zero value if there is none or several.
	Only(row any) any
	// All returns the whole state.
	All() Scenario
}

// Add completes and checks rows for a running state, as [Read] does for those of a file;
// a row with the id of an existing one replaces it. Defaults: the next free id; names
// such as user-7 with the id; for an account the api_key account-7-key; for a rule the
// only application; the only account. It ignores settings and faults in rows. It reads
// from the state only what the rows refer to, unless they change something that other
// rows depend on.
//
// It returns the rows, and all accounts that change with them, because an account's money
// on hold includes that of its registrations. The error is [vox.Mistakes]; each names the
// row.
func Add(to State, rows Scenario) (added Scenario, accounts []vox.Account, err error) {
	d := newDraft()
	d.head.Settings = to.Settings()
	d.heads = []place{{given: func(string) bool { return true }}}
	for _, s := range d.sections {
		s.number(&rows, to)
	}
	d.onlyApplication = cmp.Or(onlyApplication(rows), onlyID[vox.Application](to))
	for _, s := range d.sections {
		s.chooseAll(&rows)
	}
	var under Scenario
	if slices.ContainsFunc(d.sections, func(s *section) bool { return s.isReliedOn(rows, to) }) {
		under = to.All() // and check it again
	} else {
		d.state = to
	}
	only := onlyID[vox.Account](to)
	if len(rows.Accounts) > 0 {
		only = onlyAccount(rows, Scenario{})
	}
	d.takeAll(under, rows, only)
	d.takeHolders()
	d.complete()
	if err := d.report.Err(); err != nil {
		return Scenario{}, nil, err
	}
	for _, s := range d.sections {
		s.appendSame(&added, rows)
	}
	return added, d.scenario().Accounts, nil
}

func onlyID[R any](in State) int64 {
	id, _ := in.Only(new(R)).(int64)
	return id
}

func onlyApplication(rows Scenario) int64 {
	if len(rows.Applications) == 1 {
		return rows.Applications[0].ID
	}
	return 0
}

// takeHolders copies from the state the accounts whose registrations are added or
// replaced, because their money on hold changes.
func (d *draft) takeHolders() {
	accounts := d.section(reflect.TypeFor[vox.Account]())
	for id, r := range rowsByID[vox.Registration](d) {
		holders := []int64{r.AccountID}
		if before, ok := stored[vox.Registration](d, id); ok {
			holders = append(holders, before.AccountID)
		}
		for _, holder := range holders {
			if account := accounts.stored(holder); account != nil && accounts.rows[holder] == nil {
				accounts.takeRow(account, isComplete)
			}
		}
	}
}

// find returns the row with an id, also from the state to which rows are added; nil for
// none.
func (s *section) find(id any) any {
	if row, ok := s.rows[id]; ok {
		return row
	}
	return s.stored(id)
}

// stored returns a row of the state to which rows are added; nil for none.
func (s *section) stored(id any) any {
	row := s.newRow()
	if s.draft.state == nil || s.noTable || isNone(id) || !s.draft.state.Get(id, row) {
		return nil
	}
	return row
}

// storedHolder returns the row of the state with the same unique value, unless that row
// is replaced.
func (s *section) storedHolder(member string, row any) (holder any, held bool) {
	if s.draft.state == nil {
		return nil, false
	}
	holder, held = s.draft.state.Holder(member, row)
	_, replaced := s.rows[holder]
	return holder, held && !replaced
}

// isReliedOn reports whether a row replaces one of the state in a way that can make rows
// that refer to it invalid.
func (s *section) isReliedOn(rows Scenario, by State) bool {
	return s.relied != nil && slices.ContainsFunc(s.rowsOf(&rows), func(row any) bool {
		before := s.newRow()
		return by.Get(s.idOf(row), before) && s.relied(before) != s.relied(row)
	})
}

// number sets the ids of rows without one: a number above all others, or an unused text.
func (s *section) number(rows *Scenario, to State) {
	if s.noTable {
		return
	}
	list := s.ownRowsOf(rows)
	last, given := to.NextID(s.newRow())-1, map[any]bool{}
	for _, row := range list {
		id := s.idOf(row)
		given[id] = true
		if number, ok := id.(int64); ok {
			last = max(last, number)
		}
	}
	for _, row := range list {
		switch id := s.id(row).(type) {
		case *int64:
			if *id == 0 {
				last++
				*id = last
			}
		case *string:
			if *id == "" && s.newID != nil {
				*id = s.freeText(to, given)
				given[*id] = true
			}
		}
	}
}

// freeText returns an id that neither the state nor the given rows have: the next one,
// unless rows were deleted.
func (s *section) freeText(to State, given map[any]bool) string {
	id := func(n int) string { return s.newID(int64(n) + 1) }
	return id(sort.Search(math.MaxInt32, func(n int) bool { return !given[id(n)] && !to.Get(id(n), s.newRow()) }))
}

// chooseAll sets the names of rows that have ids.
func (s *section) chooseAll(rows *Scenario) {
	if s.choose == nil {
		return
	}
	for _, row := range s.rowsOf(rows) {
		s.choose(row)
	}
}

// appendSame appends the rows whose ids another scenario contains.
func (s *section) appendSame(to *Scenario, as Scenario) {
	if s.noTable {
		return
	}
	wanted := map[any]bool{}
	for _, row := range s.rowsOf(&as) {
		wanted[s.idOf(row)] = true
	}
	for _, id := range s.ids() {
		if wanted[id] {
			s.appendRow(to, s.rows[id])
		}
	}
}

// Dated returns the scenario with the times that it omits, such as times of creation, set
// to now.
func (s Scenario) Dated(now time.Time) Scenario {
	d := newDraft()
	d.head.Settings = s.Settings
	for _, section := range d.sections {
		section.dateAll(&s, now)
	}
	return s
}

// OwnedBy returns the scenario in which rows without an account belong to this one,
// unless their application determines it.
func (s Scenario) OwnedBy(account int64) Scenario {
	for _, section := range newDraft().sections {
		section.ownAll(&s, account)
	}
	return s
}

func (s *section) ownAll(in *Scenario, account int64) {
	for _, row := range s.ownRowsOf(in) {
		s.own(row, account)
	}
}

// Section is one kind of row in a scenario.
type Section struct {
	// Name is the member of a scenario file.
	Name string
	// Rows is a pointer to the list of rows, such as *[]vox.Account.
	Rows any
	// Unique are the members whose values must be unique.
	Unique []string
}

// Sections returns the kinds of rows in a state.
func (s *Scenario) Sections() []Section {
	var list []Section
	for _, section := range newDraft().sections {
		if !section.noTable {
			list = append(list, section.describe(s))
		}
	}
	return list
}
