package scenarios

import (
	"cmp"
	"fmt"
	"time"

	"github.com/voxemu/voxemu/emulator/fault"
	"github.com/voxemu/voxemu/emulator/vox"
)

// Scenario is the content of a scenario file: settings and rows. The yaml tags define the
// file format.
type Scenario struct {
	// Extends is the scenario that this one extends: a built-in one, or a file that ends
	// in .yaml, .yml or .json, relative to this one's folder. Empty after reading.
	Extends string `yaml:"extends,omitempty"`
	// Description is the purpose of the scenario.
	Description string `yaml:"description,omitempty"`
	// Clock is the time at which the scenario starts.
	Clock Clock `yaml:"clock,omitempty"`
	// Settings are the settings other than rows.
	vox.Settings `yaml:",inline"`
	// Seed selects the random numbers of the faults; default 0.
	Seed int64 `yaml:"seed,omitempty"`
	// Faults are the fault rules; the first matching rule applies. A rule of a later file
	// replaces an earlier one with the same name in its position; other rules are
	// appended. They are armed when the scenario is loaded: counters and offsets such as
	// "from: 10m" start then. Rate limits are faults too.
	Faults []fault.Rule `yaml:"faults,omitempty"`
	// Generate makes many rows from one. Empty after reading.
	Generate []Generate `yaml:"generate,omitempty"`
	// Accounts are the customers of the service. Rows refer to each other by id.
	Accounts []vox.Account `yaml:"accounts,omitempty"`
	// Keys are the keys of service accounts, with their roles.
	Keys []vox.Key `yaml:"keys,omitempty"`
	// Applications group rules, VoxEngine scripts and users.
	Applications []vox.Application `yaml:"applications,omitempty"`
	// VoxEngineScenarios are VoxEngine scripts, which the service calls scenarios.
	VoxEngineScenarios []vox.Scenario `yaml:"voxengine_scenarios,omitempty"`
	// Rules are the rules of applications, which select scripts by the called number.
	Rules []vox.Rule `yaml:"rules,omitempty"`
	// Users are the users of applications, who can log in.
	Users []vox.User `yaml:"users,omitempty"`
	// Registrations are the SIP registrations at PBXs.
	Registrations []vox.Registration `yaml:"registrations,omitempty"`
	// Transactions are the lines of the accounts' books.
	Transactions []vox.Transaction `yaml:"transactions,omitempty"`
	// Callbacks are the notifications for accounts, with their delivery states.
	Callbacks []vox.Callback `yaml:"callbacks,omitempty"`
	// Sessions are the results of Logon.
	Sessions []vox.Session `yaml:"sessions,omitempty"`
	// AuthorizedIPs are the addresses that may use the API, or may not.
	AuthorizedIPs []vox.AuthorizedIP `yaml:"authorized_ips,omitempty"`
	// SIPWhiteList are the networks from which accounts accept SIP calls.
	SIPWhiteList []vox.SIPWhiteListItem `yaml:"sip_white_list,omitempty"`
	// AuditLog lists the successful calls that changed something.
	AuditLog []vox.AuditEntry `yaml:"audit_log,omitempty"`
}

// Generate makes many rows that differ in their id and in texts that contain it. Later
// files, and the sections of the same file, can replace one of them by its id. An export
// contains each row.
type Generate struct {
	// Count is the number of rows of each kind; at most 100000 of each in a scenario.
	Count int64 `yaml:"count" jsonschema:"required"`
	// User is the first user; the others have the following ids. In its texts {id} is
	// replaced by the row's id.
	User *vox.User `yaml:"user,omitempty"`
	// Registration is the first registration; the others have the following ids. In its
	// texts {id} is replaced by the row's id.
	Registration *vox.Registration `yaml:"registration,omitempty"`
}

// declare lists the sections of a scenario. A section comes after those that its rows
// refer to. Reading, filling, checking, adding, dating and listing rows follow from this
// list; a new kind of row is a field of [Scenario] and an entry here. [table] describes
// the members of an entry.
func (d *draft) declare() {
	add(d, table[int64, vox.Account]{
		name: "accounts",
		list: func(s *Scenario) *[]vox.Account { return &s.Accounts },
		id:   func(a *vox.Account) *int64 { return &a.ID },
		choose: func(a *vox.Account) {
			a.Name = cmp.Or(a.Name, fmt.Sprintf("account-%d", a.ID))
			a.Email = cmp.Or(a.Email, a.Name+"@example.com")
			a.APIKey = cmp.Or(a.APIKey, a.Name+"-key")
		},
		fill:  func(a *vox.Account, _ place) { a.Currency = cmp.Or(a.Currency, "USD") },
		date:  func(a *vox.Account, now time.Time) { a.Created = cmp.Or(a.Created, now) },
		check: d.checkAccount,
		unique: []uniqueness[vox.Account]{
			{"name", func(a *vox.Account) string { return a.Name }},
			{"email", func(a *vox.Account) string { return a.Email }},
		},
	})
	add(d, table[string, vox.Key]{
		name:  "keys",
		list:  func(s *Scenario) *[]vox.Key { return &s.Keys },
		id:    func(k *vox.Key) *string { return &k.ID },
		newID: func(n int64) string { return fmt.Sprintf("key-%d", n) },
		owner: func(k *vox.Key) *int64 { return &k.AccountID },
		check: checkKey,
	})
	add(d, table[int64, vox.Application]{
		name:   "applications",
		list:   func(s *Scenario) *[]vox.Application { return &s.Applications },
		id:     func(a *vox.Application) *int64 { return &a.ID },
		owner:  func(a *vox.Application) *int64 { return &a.AccountID },
		choose: func(a *vox.Application) { a.Name = cmp.Or(a.Name, fmt.Sprintf("application-%d", a.ID)) },
		date:   func(a *vox.Application, now time.Time) { a.Modified = cmp.Or(a.Modified, now) },
		relied: func(a vox.Application) any { return a.AccountID },
		check: func(c checker, a *vox.Application) {
			c.text("name", a.Name, true)
			c.owner(a.AccountID)
		},
		unique: []uniqueness[vox.Application]{
			{"name", func(a *vox.Application) string { return fmt.Sprint(a.AccountID, " ", a.Name) }},
		},
	})
	// VoxEngine scripts.
	add(d, table[int64, vox.Scenario]{
		name:   "voxengine_scenarios",
		list:   func(s *Scenario) *[]vox.Scenario { return &s.VoxEngineScenarios },
		id:     func(v *vox.Scenario) *int64 { return &v.ID },
		owner:  func(v *vox.Scenario) *int64 { return ownerUnlessIn(v.ApplicationID, &v.AccountID) },
		choose: func(v *vox.Scenario) { v.Name = cmp.Or(v.Name, fmt.Sprintf("scenario-%d", v.ID)) },
		fill:   func(v *vox.Scenario, _ place) { v.AccountID = cmp.Or(v.AccountID, d.ownerOf(v.ApplicationID)) },
		date:   func(v *vox.Scenario, now time.Time) { v.Modified = cmp.Or(v.Modified, now) },
		relied: func(v vox.Scenario) any { return fmt.Sprint(v.AccountID, v.ApplicationID) },
		check: func(c checker, v *vox.Scenario) {
			c.text("name", v.Name, true)
			c.member(v.ApplicationID, v.AccountID)
		},
		unique: []uniqueness[vox.Scenario]{
			{"name", func(v *vox.Scenario) string { return fmt.Sprint(v.AccountID, " ", v.ApplicationID, " ", v.Name) }},
		},
	})
	add(d, table[int64, vox.Rule]{
		name: "rules",
		list: func(s *Scenario) *[]vox.Rule { return &s.Rules },
		id:   func(r *vox.Rule) *int64 { return &r.ID },
		choose: func(r *vox.Rule) {
			r.Name = cmp.Or(r.Name, fmt.Sprintf("rule-%d", r.ID))
			r.ApplicationID = cmp.Or(r.ApplicationID, d.onlyApplication)
		},
		fill: func(r *vox.Rule, _ place) {
			r.AccountID = cmp.Or(r.AccountID, d.ownerOf(r.ApplicationID))
			r.Pattern = cmp.Or(r.Pattern, ".*")
		},
		date:   func(r *vox.Rule, now time.Time) { r.Modified = cmp.Or(r.Modified, now) },
		relied: func(r vox.Rule) any { return r.ApplicationID },
		check:  d.checkRule,
		unique: []uniqueness[vox.Rule]{
			{"name", func(r *vox.Rule) string { return fmt.Sprint(r.ApplicationID, " ", r.Name) }},
		},
	})
	add(d, table[int64, vox.User]{
		name:   "users",
		list:   func(s *Scenario) *[]vox.User { return &s.Users },
		id:     func(u *vox.User) *int64 { return &u.ID },
		owner:  func(u *vox.User) *int64 { return ownerUnlessIn(u.ApplicationID, &u.AccountID) },
		choose: func(u *vox.User) { u.Name = cmp.Or(u.Name, fmt.Sprintf("user-%d", u.ID)) },
		fill: func(u *vox.User, _ place) {
			u.AccountID = cmp.Or(u.AccountID, d.ownerOf(u.ApplicationID))
			u.DisplayName = cmp.Or(u.DisplayName, u.Name)
		},
		date: func(u *vox.User, now time.Time) {
			u.Created, u.Modified = cmp.Or(u.Created, now), cmp.Or(u.Modified, now)
		},
		relied:   func(u vox.User) any { return fmt.Sprint(u.ApplicationID, u.LoggedIn) },
		template: template[vox.User]{"user", func(g Generate) *vox.User { return g.User }},
		check: func(c checker, u *vox.User) {
			c.text("name", u.Name, true)
			c.text("display_name", u.DisplayName, false)
			c.text("password", u.Password, false)
			c.member(u.ApplicationID, u.AccountID)
		},
		unique: []uniqueness[vox.User]{
			{"name", func(u *vox.User) string { return fmt.Sprint(u.AccountID, " ", u.ApplicationID, " ", u.Name) }},
		},
	})
	add(d, table[int64, vox.Registration]{
		name:  "registrations",
		list:  func(s *Scenario) *[]vox.Registration { return &s.Registrations },
		id:    func(r *vox.Registration) *int64 { return &r.ID },
		owner: func(r *vox.Registration) *int64 { return &r.AccountID },
		choose: func(r *vox.Registration) {
			r.SIPUsername = cmp.Or(r.SIPUsername, fmt.Sprintf("user-%d", r.ID))
			r.Proxy = cmp.Or(r.Proxy, defaultProxy)
		},
		fill:     d.fillRegistration,
		date:     d.dateRegistration,
		template: template[vox.Registration]{"registration", func(g Generate) *vox.Registration { return g.Registration }},
		check:    d.checkRegistration,
		unique: []uniqueness[vox.Registration]{{"user_id", func(r *vox.Registration) string {
			if r.UserID == 0 {
				return ""
			}
			return fmt.Sprint(r.UserID)
		}}},
	})
	add(d, table[int64, vox.Transaction]{
		name:  "transactions",
		list:  func(s *Scenario) *[]vox.Transaction { return &s.Transactions },
		id:    func(t *vox.Transaction) *int64 { return &t.ID },
		owner: func(t *vox.Transaction) *int64 { return &t.AccountID },
		fill:  d.fillTransaction,
		date:  func(t *vox.Transaction, now time.Time) { t.PerformedAt = cmp.Or(t.PerformedAt, now) },
		check: checkTransaction,
	})
	add(d, table[int64, vox.Callback]{
		name:  "callbacks",
		list:  func(s *Scenario) *[]vox.Callback { return &s.Callbacks },
		id:    func(k *vox.Callback) *int64 { return &k.ID },
		owner: func(k *vox.Callback) *int64 { return &k.AccountID },
		fill: func(k *vox.Callback, _ place) {
			k.Batch = cmp.Or(k.Batch, k.ID)
			k.Detail = cmp.Or(k.Detail, "{}")
			k.State = cmp.Or(k.State, vox.CallbackQueued)
		},
		date:  func(k *vox.Callback, now time.Time) { k.CreatedAt = cmp.Or(k.CreatedAt, now) },
		check: checkCallback,
	})
	add(d, table[string, vox.Session]{
		name:  "sessions",
		list:  func(s *Scenario) *[]vox.Session { return &s.Sessions },
		id:    func(s *vox.Session) *string { return &s.ID },
		owner: func(s *vox.Session) *int64 { return &s.AccountID },
		date:  func(s *vox.Session, now time.Time) { s.Expires = cmp.Or(s.Expires, now.Add(vox.SessionLife)) },
		check: checkSession,
	})
	add(d, table[int64, vox.AuthorizedIP]{
		name:  "authorized_ips",
		list:  func(s *Scenario) *[]vox.AuthorizedIP { return &s.AuthorizedIPs },
		id:    func(a *vox.AuthorizedIP) *int64 { return &a.ID },
		owner: func(a *vox.AuthorizedIP) *int64 { return &a.AccountID },
		fill:  func(a *vox.AuthorizedIP, _ place) { a.Network = canonical(a.Network) },
		date:  func(a *vox.AuthorizedIP, now time.Time) { a.Created = cmp.Or(a.Created, now) },
		check: func(c checker, a *vox.AuthorizedIP) {
			c.network(a.Network)
			c.text("description", a.Description, false)
			c.owner(a.AccountID)
		},
		unique: []uniqueness[vox.AuthorizedIP]{
			{"network", func(a *vox.AuthorizedIP) string { return fmt.Sprint(a.AccountID, " ", a.Denied, " ", a.Network) }},
		},
	})
	add(d, table[int64, vox.SIPWhiteListItem]{
		name:  "sip_white_list",
		list:  func(s *Scenario) *[]vox.SIPWhiteListItem { return &s.SIPWhiteList },
		id:    func(i *vox.SIPWhiteListItem) *int64 { return &i.ID },
		owner: func(i *vox.SIPWhiteListItem) *int64 { return &i.AccountID },
		fill:  func(i *vox.SIPWhiteListItem, _ place) { i.Network = canonical(i.Network) },
		check: func(c checker, i *vox.SIPWhiteListItem) {
			c.network(i.Network)
			c.text("description", i.Description, false)
			c.owner(i.AccountID)
		},
	})
	add(d, table[int64, vox.AuditEntry]{
		name:  "audit_log",
		list:  func(s *Scenario) *[]vox.AuditEntry { return &s.AuditLog },
		id:    func(e *vox.AuditEntry) *int64 { return &e.ID },
		owner: func(e *vox.AuditEntry) *int64 { return &e.AccountID },
		date:  func(e *vox.AuditEntry, now time.Time) { e.Requested = cmp.Or(e.Requested, now) },
		check: func(c checker, e *vox.AuditEntry) {
			c.text("command", e.Command, true)
			c.text("ip", e.IP, false)
			c.object("arguments", e.Arguments)
			c.object("result", e.Result)
			c.owner(e.AccountID)
		},
	})
	add(d, table[string, fault.Rule]{
		name:    "faults",
		list:    func(s *Scenario) *[]fault.Rule { return &s.Faults },
		id:      func(r *fault.Rule) *string { return &r.Name },
		check:   d.checkFault,
		inOrder: true,
		noTable: true,
	})
}

// defaultProxy is the proxy of an added registration without one; its registrar accepts.
const defaultProxy = "sip.example.com"

// ownerUnlessIn returns the field for the account of a row; nil for a row in an
// application, which determines the account.
func ownerUnlessIn(application int64, account *int64) *int64 {
	if application != 0 {
		return nil
	}
	return account
}
