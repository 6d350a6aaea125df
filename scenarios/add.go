package scenarios

import (
	"cmp"
	"math"
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
	if slices.ContainsFunc(d.sections, func(s section) bool { return s.isReliedOn(rows, to) }) {
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
	accounts, registrations := tableOf[int64, vox.Account](d), tableOf[int64, vox.Registration](d)
	for id, r := range registrations.rows {
		holders := []int64{r.AccountID}
		if before, ok := registrations.stored(id); ok {
			holders = append(holders, before.AccountID)
		}
		for _, holder := range holders {
			if account, ok := accounts.stored(holder); ok && accounts.rows[holder] == nil {
				accounts.takeRow(*account, isComplete)
			}
		}
	}
}

// stored returns a row of the state to which rows are added.
func (t *table[K, R]) stored(id K) (*R, bool) {
	row := new(R)
	if t.draft.state == nil || t.noTable || id == *new(K) || !t.draft.state.Get(id, row) {
		return nil, false
	}
	return row, true
}

// storedHolder returns the row of the state with the same unique value, unless that row
// is replaced.
func (t *table[K, R]) storedHolder(member string, row *R) (holder K, held bool) {
	if t.draft.state == nil {
		return holder, false
	}
	id, held := t.draft.state.Holder(member, row)
	if !held {
		return holder, false
	}
	holder = id.(K)
	_, replaced := t.rows[holder]
	return holder, !replaced
}

// isReliedOn reports whether a row replaces one of the state in a way that can make rows
// that refer to it invalid.
func (t *table[K, R]) isReliedOn(rows Scenario, by State) bool {
	return t.relied != nil && slices.ContainsFunc(*t.list(&rows), func(row R) bool {
		before := new(R)
		return by.Get(*t.id(&row), before) && t.relied(*before) != t.relied(row)
	})
}

// number sets the ids of rows without one: a number above all others, or an unused text.
func (t *table[K, R]) number(rows *Scenario, to State) {
	if t.noTable {
		return
	}
	list := slices.Clone(*t.list(rows))
	*t.list(rows) = list
	last, given := to.NextID(new(R))-1, map[K]bool{}
	for i := range list {
		id := t.id(&list[i])
		given[*id] = true
		if number, ok := any(id).(*int64); ok {
			last = max(last, *number)
		}
	}
	for i := range list {
		id := t.id(&list[i])
		if *id != *new(K) {
			continue
		}
		if number, ok := any(id).(*int64); ok {
			last++
			*number = last
		} else if t.newID != nil {
			*id = t.freeText(to, given)
		}
		given[*id] = true
	}
}

// freeText returns an id that neither the state nor the given rows have: the next one,
// unless rows were deleted.
func (t *table[K, R]) freeText(to State, given map[K]bool) K {
	id := func(n int) K { return t.newID(int64(n) + 1) }
	return id(sort.Search(math.MaxInt32, func(n int) bool { return !given[id(n)] && !to.Get(id(n), new(R)) }))
}

// chooseAll sets the names of rows that have ids.
func (t *table[K, R]) chooseAll(rows *Scenario) {
	if t.choose == nil {
		return
	}
	for i := range *t.list(rows) {
		t.choose(&(*t.list(rows))[i])
	}
}

// appendSame appends the rows whose ids another scenario contains.
func (t *table[K, R]) appendSame(to *Scenario, as Scenario) {
	if t.noTable {
		return
	}
	wanted := map[K]bool{}
	for _, row := range *t.list(&as) {
		wanted[*t.id(&row)] = true
	}
	for _, id := range t.ids() {
		if wanted[id] {
			*t.list(to) = append(*t.list(to), *t.rows[id])
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

func (t *table[K, R]) ownAll(s *Scenario, account int64) {
	rows := slices.Clone(*t.list(s))
	for i := range rows {
		t.own(&rows[i], account)
	}
	*t.list(s) = rows
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
		if described, hasTable := section.describe(s); hasTable {
			list = append(list, described)
		}
	}
	return list
}
