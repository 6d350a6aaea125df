package scenarios

import (
	"fmt"
	"slices"

	"github.com/goccy/go-yaml/token"

	"github.com/voxemu/voxemu/emulator/fault"
	"github.com/voxemu/voxemu/emulator/vox"
)

// noted is a mistake that was complained about.
type noted struct {
	source  string
	at      *token.Token
	message string
}

// draft is a scenario in the making, with the place of everything.
type draft struct {
	complaints vox.Mistakes
	noted      map[noted]bool
	torn       bool     // whole sections could not be read: what refers to them cannot be judged
	leftOut    int      // complaints beyond maxComplaints
	head       Scenario // without the rows
	headAt     place
	sections   []section
	stack      []string // the sources as they lie on top of each other
	known      fault.Known
	generated  int64 // how many rows were made of one

	accounts      *table[int64, vox.Account]
	keys          *table[string, vox.Key]
	applications  *table[int64, vox.Application]
	scenarios     *table[int64, vox.Scenario]
	rules         *table[int64, vox.Rule]
	users         *table[int64, vox.User]
	registrations *table[int64, vox.Registration]
	transactions  *table[int64, vox.Transaction]
	callbacks     *table[int64, vox.Callback]
	sessions      *table[string, vox.Session]
	authorizedIPs *table[int64, vox.AuthorizedIP]
	sipWhiteList  *table[int64, vox.SIPWhiteListItem]
	auditLog      *table[int64, vox.AuditEntry]
	faults        *table[string, fault.Rule]
}

// newDraft makes an empty draft. A new kind of row is one line here, one above,
// one in [Scenario], and a file with its table.
func newDraft() *draft {
	d := &draft{noted: map[noted]bool{}, headAt: place{fields: map[string]mark{}}}
	d.accounts = add(d, d.accountTable())
	d.keys = add(d, d.keyTable())
	d.applications = add(d, d.applicationTable())
	d.scenarios = add(d, d.scenarioTable())
	d.rules = add(d, d.ruleTable())
	d.users = add(d, d.userTable())
	d.registrations = add(d, d.registrationTable())
	d.transactions = add(d, d.transactionTable())
	d.callbacks = add(d, d.callbackTable())
	d.sessions = add(d, d.sessionTable())
	d.authorizedIPs = add(d, d.authorizedIPTable())
	d.sipWhiteList = add(d, d.sipWhiteListTable())
	d.auditLog = add(d, d.auditTable())
	d.faults = add(d, d.faultTable())
	return d
}

// maxComplaints is how many mistakes are told; the others are counted. A file
// that is no scenario at all would have millions.
const maxComplaints = 100

// complain notes a mistake at a token, once: rows that were generated share
// theirs.
func (d *draft) complain(source Source, at *token.Token, format string, args ...any) {
	c := vox.Mistake{File: source.Name, Message: fmt.Sprintf(format, args...)}
	known := noted{source.Name, at, c.Message}
	if d.noted[known] {
		return
	}
	if d.full() {
		d.leftOut++
		return
	}
	d.noted[known] = true
	if at != nil {
		c.Line, c.Column = at.Position.Line, at.Position.Column
		c.Excerpt = source.excerpt(c.Line, c.Column)
	}
	d.complaints = append(d.complaints, c)
}

// full tells whether no more mistakes are told.
func (d *draft) full() bool { return len(d.complaints) >= maxComplaints }

// errors are the complaints, and how many more there are.
func (d *draft) errors() vox.Mistakes {
	if d.leftOut == 0 {
		return d.complaints
	}
	last := d.complaints[len(d.complaints)-1]
	return append(d.complaints, vox.Mistake{File: last.File, Message: fmt.Sprintf("and %d mistakes more", d.leftOut)})
}

// only is the account that rows of a file belong to when they name none: the
// file's own only account, or, when it has none, the only one of all.
func (d *draft) only(source Source) int64 {
	own := slices.DeleteFunc(d.accounts.ids(), func(id int64) bool { return d.accounts.places[id].source.Name != source.Name })
	if len(own) == 0 {
		own = d.accounts.ids()
	}
	if len(own) == 1 {
		return own[0]
	}
	return 0
}

// complete fills what is left out and then checks everything. Defaults that
// follow references are filled first, so that checks see the finished rows.
func (d *draft) complete() {
	d.fillSettings()
	for _, s := range d.sections {
		s.complete()
	}
	d.fillHolds()
	if !d.headAt.broken {
		d.checkSettings()
	}
	for _, s := range d.sections {
		s.check()
	}
	if len(d.complaints) == 0 { // sums of what is wrong would be wrong as well
		d.checkHolds()
	}
}

func (d *draft) scenario() Scenario {
	s := d.head
	s.Extends = ""
	for _, section := range d.sections {
		section.give(&s)
	}
	return s
}
