package scenarios

import (
	"reflect"
	"slices"
	"strings"

	"github.com/voxemu/voxemu/emulator/fault"
	"github.com/voxemu/voxemu/emulator/vox"
	"github.com/voxemu/voxemu/scenarios/document"
)

// draft is a scenario in the making, with the place of everything.
type draft struct {
	report    *document.Report
	torn      bool     // rows could not be read: what refers to them cannot be judged
	head      Scenario // without the rows
	heads     []place  // where the settings stood, a later file's behind an earlier one's
	sections  []section
	merged    []string // the names of the sources, in order
	known     fault.Known
	generated int64 // how many rows were made of one

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
	d := &draft{report: document.NewReport(reflect.TypeFor[Scenario]())}
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

// complete fills what is left out and then checks everything that could be read.
// Defaults that follow references are filled first, so that checks see the
// finished rows.
func (d *draft) complete() {
	d.fillSettings()
	for _, s := range d.sections {
		s.fillDefaults()
	}
	d.fillHolds()
	d.checkSettings()
	for _, s := range d.sections {
		s.check()
	}
	if d.report.Len() == 0 { // sums of what is wrong would be wrong as well
		d.checkHolds()
	}
}

func (d *draft) scenario() Scenario {
	s := d.head
	s.Extends = ""
	for _, section := range d.sections {
		section.appendTo(&s)
	}
	return s
}

// settings is where the setting at a path stood last or, when no file has it,
// what it is missing in.
func (d *draft) settings(path string) place {
	for {
		for _, head := range slices.Backward(d.heads) {
			if head.has(path) {
				return head
			}
		}
		parent := strings.LastIndexAny(path, ".[")
		if parent < 0 {
			return place{}
		}
		path = path[:parent]
	}
}
