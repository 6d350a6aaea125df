package evidence

import (
	"cmp"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/voxemu/voxemu/emulator/internal/contract"
	"github.com/voxemu/voxemu/emulator/vox"
	"github.com/voxemu/voxemu/scenarios"
)

// plenty returns the balance of accounts: what they really have is masked.
func plenty() vox.Money { return vox.MustParseMoney("1000000.00") }

// derivation collects what has to exist before the first exchange: rows that replies and
// successful requests name and that no request of the recording made.
type derivation struct {
	spec    *contract.Contract
	started time.Time
	state   scenarios.Scenario
	made    map[string]map[int64]bool // ids that requests of the recording made, by kind
	madeKey map[string]bool
	names   map[string]bool // names that requests gave, by kind and name
	closed  map[string]bool // kinds of which all rows were listed
	spare   int64           // the next id for rows whose id is unknown
	account int64           // of the exchange
	denied  map[string][]string
	allowed map[string][]string
	valid   map[Caller]bool
	listed  map[string]bool // rows and keys that were shown before: what they were first counts
	changed bool            // a request of the recording has changed something
}

// derive returns what has to exist at the start of a recording.
func derive(r Recording, spec *contract.Contract) (scenarios.Scenario, map[Caller]bool) {
	d := &derivation{
		spec: spec, started: r.Head.Started, spare: int64(len(r.End.IDs)) + 1, made: map[string]map[int64]bool{}, madeKey: map[string]bool{},
		names: map[string]bool{}, closed: map[string]bool{}, denied: map[string][]string{}, allowed: map[string][]string{},
		valid: map[Caller]bool{}, listed: map[string]bool{},
	}
	for _, e := range r.Exchanges {
		d.caller(e)
	}
	for _, e := range r.Exchanges {
		if !d.valid[e.Caller] {
			continue
		}
		d.account = d.accountOf(e.Caller)
		switch code := e.reply().code(); {
		case code == 0 && e.Reply != nil:
			d.success(e)
		case slices.Contains([]int{118, 129, 133, 175, 493}, code):
			d.taken(e)
		case code == 272:
			d.full()
		case refusedCaller(code) && e.Caller.Key != "":
			d.denied[e.Caller.Key] = append(d.denied[e.Caller.Key], e.Method)
		}
	}
	d.roles()
	return d.state, d.valid
}

// caller notes whether a caller is who it says, and makes its account and key.
func (d *derivation) caller(e Exchange) {
	if code := e.reply().code(); refusedCaller(code) || beforeCaller(code) || e.Reply == nil || e.Caller.By == "none" {
		return
	}
	if e.Caller.Key != "" {
		d.allowed[e.Caller.Key] = append(d.allowed[e.Caller.Key], e.Method)
	}
	if d.valid[e.Caller] {
		return
	}
	d.valid[e.Caller] = true
	account := d.accountRow(d.accountOf(e.Caller))
	switch e.Caller.By {
	case "api_key":
		account.APIKey = e.Caller.Secret
	case "account_password":
		account.Password = e.Caller.Secret
	case "token":
		if !slices.ContainsFunc(d.state.Keys, func(k vox.Key) bool { return k.ID == e.Caller.Key }) {
			d.state.Keys = append(d.state.Keys, vox.Key{ID: e.Caller.Key, AccountID: account.ID})
		}
	}
}

// accountOf returns the id of a caller's account. A name or an e-mail is that of an account
// whose id is unknown.
func (d *derivation) accountOf(c Caller) int64 {
	if id, err := strconv.ParseInt(c.Account, 10, 64); err == nil && id > 0 {
		return id
	}
	for _, a := range d.state.Accounts {
		if c.Account != "" && (a.Name == c.Account || a.Email == c.Account) {
			return a.ID
		}
	}
	if c.Account == "" && len(d.state.Accounts) > 0 { // a session
		return d.state.Accounts[0].ID
	}
	account := d.accountRow(d.spareID())
	if strings.Contains(c.Account, "@") {
		account.Email = c.Account
	} else if c.Account != "" {
		account.Name = c.Account
	}
	return account.ID
}

func (d *derivation) spareID() int64 {
	d.spare++
	return d.spare
}

func (d *derivation) accountRow(id int64) *vox.Account {
	return row(&d.state.Accounts, id, func(a *vox.Account) *int64 { return &a.ID }, func(a *vox.Account) {
		a.Name, a.Balance, a.Created = fmt.Sprintf("account-%d", id), plenty(), d.started.AddDate(-1, 0, 0)
	})
}

// row returns the row with an id and makes it if it is missing.
func row[R any](rows *[]R, id int64, idOf func(*R) *int64, fill func(*R)) *R {
	for i := range *rows {
		if *idOf(&(*rows)[i]) == id {
			return &(*rows)[i]
		}
	}
	var made R
	*idOf(&made) = id
	fill(&made)
	*rows = append(*rows, made)
	return &(*rows)[len(*rows)-1]
}

func (d *derivation) isMade(kind string, id int64) bool { return d.made[kind][id] }

// makers are the methods that make rows, and the name of the new id.
var makers = map[string]string{
	"CreateSipRegistration": "sip_registration_id", "AddApplication": "application_id", "AddRule": "rule_id",
	"AddUser": "user_id", "AddScenario": "scenario_id", "AddSipWhiteListItem": "sip_whitelist_id",
}

// success notes what a successful exchange tells.
func (d *derivation) success(e Exchange) {
	reply := e.reply()
	if name, ok := makers[e.Method]; ok {
		if d.made[name] == nil {
			d.made[name] = map[int64]bool{}
		}
		d.made[name][reply.number(name)] = true
	}
	d.given(e)
	d.changed = d.changed || !strings.HasPrefix(e.Method, "Get")
	switch e.Method {
	case "AddApplication":
		d.fullName(0, reply.text("application_name"))
	case "CreateKey":
		d.madeKey[d.createdKeyID(reply)] = true
	case "GetAccountInfo":
		info, _ := reply["result"].(map[string]any)
		d.accountInfo(d.account, info)
	case "CreateSipRegistration":
		info, _ := reply["account_info"].(map[string]any)
		d.accountInfo(d.account, info)
	case "Logon":
		d.accountInfo(d.account, reply)
	case "GetChildrenAccounts":
		for _, child := range reply.objects("result") {
			d.accountInfo(child.number("account_id"), child)
			d.accountRow(child.number("account_id")).ParentID = d.account
		}
	}
	for _, o := range reply.objects("result") {
		d.listedRow(e, o)
	}
	if id := reply.number("application_id"); e.Method == "GetScenarios" && id != 0 && !d.isMade("application_id", id) {
		d.application(id)
		d.fullName(id, reply.text("application_name"))
	}
	d.close(e)
}

func (d *derivation) createdKeyID(reply object) string {
	if list := reply.objects("result"); len(list) > 0 {
		return list[0].text("key_id")
	}
	one, _ := reply["result"].(map[string]any)
	return object(one).text("key_id")
}

// close notes that all rows of a kind were listed.
func (d *derivation) close(e Exchange) {
	reply := e.reply()
	for name := range e.Parameters {
		if name != "application_id" && name != "count" && !strings.HasPrefix(name, "with_") {
			return
		}
	}
	if len(reply.objects("result")) == int(reply.number("total_count")) {
		d.closed[e.Method] = true
	}
}

// given makes the rows that a successful request names.
func (d *derivation) given(e Exchange) {
	if e.Method == "GetSipRegistrations" || e.Method == "GetTransactionHistory" || e.Method == "GetAuditLog" {
		return // filters need not exist
	}
	application := int64(0)
	if ids := e.givenIDs("application_id"); len(ids) == 1 {
		application = ids[0]
	}
	newName := map[string]bool{
		"AddApplication application_name": true, "AddRule rule_name": true, "AddUser user_name": true, "AddScenario scenario_name": true,
	}
	for _, name := range []string{"application_id", "scenario_id", "rule_id", "user_id", "sip_registration_id", "sip_whitelist_id"} {
		for _, id := range e.givenIDs(name) {
			if !d.isMade(name, id) && !strings.HasPrefix(e.Method, "Get") {
				d.bare(name, id, application)
			}
		}
	}
	lists := map[string]string{"application_id": "GetApplications", "rule_id": "GetRules", "user_id": "GetUsers", "scenario_id": "GetScenarios"}
	for kind, list := range lists {
		name := strings.TrimSuffix(kind, "_id") + "_name"
		value := e.given(name)
		switch {
		case value == "" || d.closed[list] || d.names[kind+value]:
		case newName[e.Method+" "+name] || strings.HasPrefix(e.Method, "Set"):
			d.names[kind+value] = true
		case len(e.givenIDs(kind)) == 0 && !strings.HasPrefix(e.Method, "Get"):
			for _, one := range strings.Split(value, ";") {
				d.named(kind, one, application)
			}
		}
	}
	if network := e.given("authorized_ip"); e.Method == "AddAuthorizedAccountIP" {
		d.names["authorized_ip"+network] = true
	}
	if id := e.given("key_id"); id != "" && !d.madeKey[id] && e.Method != "GetKeys" {
		d.keyRow(id)
	}
	for _, name := range []string{"required_application_name", "required_scenario_name", "new_user_name"} {
		if value := e.given(name); value != "" {
			d.names[strings.TrimPrefix(strings.TrimPrefix(strings.TrimSuffix(name, "_name"), "required_"), "new_")+"_id"+value] = true
		}
	}
}

func (d *derivation) keyRow(id string) *vox.Key {
	for i := range d.state.Keys {
		if d.state.Keys[i].ID == id {
			return &d.state.Keys[i]
		}
	}
	d.state.Keys = append(d.state.Keys, vox.Key{ID: id, AccountID: d.account})
	return &d.state.Keys[len(d.state.Keys)-1]
}

// named makes a row of which only the name is known.
func (d *derivation) named(kind, name string, application int64) {
	short, _, _ := strings.Cut(name, ".")
	exists := false
	switch kind {
	case "application_id":
		exists = slices.ContainsFunc(d.state.Applications, func(a vox.Application) bool { return a.Name == short })
	case "rule_id":
		exists = slices.ContainsFunc(d.state.Rules, func(r vox.Rule) bool { return r.Name == name })
	case "user_id":
		exists = slices.ContainsFunc(d.state.Users, func(u vox.User) bool { return u.Name == name })
	case "scenario_id":
		exists = slices.ContainsFunc(d.state.VoxEngineScenarios, func(s vox.Scenario) bool { return s.Name == name })
	}
	if exists || d.names[kind+name] {
		return
	}
	id := d.spareID()
	d.bare(kind, id, application)
	d.rename(kind, id, name)
}

func (d *derivation) rename(kind string, id int64, name string) {
	switch kind {
	case "application_id":
		d.application(id).Name, _, _ = strings.Cut(name, ".")
	case "rule_id":
		d.rule(id, 0).Name = name
	case "user_id":
		d.user(id, 0).Name = name
	case "scenario_id":
		d.script(id).Name = name
	}
}

// bare makes a row of which only the id is known.
func (d *derivation) bare(kind string, id, application int64) {
	switch kind {
	case "application_id":
		d.application(id)
	case "scenario_id":
		d.script(id)
	case "rule_id":
		d.rule(id, application)
	case "user_id":
		d.user(id, application)
	case "sip_registration_id":
		d.registration(id)
	case "sip_whitelist_id":
		d.network(id)
	}
}

func (d *derivation) application(id int64) *vox.Application {
	return row(&d.state.Applications, id, func(a *vox.Application) *int64 { return &a.ID }, func(a *vox.Application) {
		a.AccountID, a.Name = d.account, fmt.Sprintf("application-%d", id)
	})
}

func (d *derivation) script(id int64) *vox.Scenario {
	return row(&d.state.VoxEngineScenarios, id, func(s *vox.Scenario) *int64 { return &s.ID }, func(s *vox.Scenario) {
		s.AccountID, s.Name = d.account, fmt.Sprintf("scenario-%d", id)
	})
}

func (d *derivation) rule(id, application int64) *vox.Rule {
	return row(&d.state.Rules, id, func(r *vox.Rule) *int64 { return &r.ID }, func(r *vox.Rule) {
		r.AccountID, r.ApplicationID, r.Name = d.account, d.some(application), fmt.Sprintf("rule-%d", id)
	})
}

func (d *derivation) user(id, application int64) *vox.User {
	return row(&d.state.Users, id, func(u *vox.User) *int64 { return &u.ID }, func(u *vox.User) {
		u.AccountID, u.ApplicationID, u.Name = d.account, d.some(application), fmt.Sprintf("user-%d", id)
	})
}

// some returns the application, or one that exists.
func (d *derivation) some(application int64) int64 {
	switch {
	case application > 0 && !d.isMade("application_id", application):
		return d.application(application).ID
	case len(d.state.Applications) > 0:
		return d.state.Applications[0].ID
	}
	return d.application(d.spareID()).ID
}

func (d *derivation) registration(id int64) *vox.Registration {
	return row(&d.state.Registrations, id, func(r *vox.Registration) *int64 { return &r.ID }, func(r *vox.Registration) {
		r.AccountID, r.SIPUsername, r.Proxy, r.State = d.account, "name-000000", "name-000000.com", vox.InProgress
		r.PurchaseDate = d.started
	})
}

func (d *derivation) network(id int64) *vox.SIPWhiteListItem {
	return row(&d.state.SIPWhiteList, id, func(n *vox.SIPWhiteListItem) *int64 { return &n.ID }, func(n *vox.SIPWhiteListItem) {
		n.AccountID, n.Network = d.account, fmt.Sprintf("198.18.%d.0/24", id%255)
	})
}

// taken makes the row because of which a name was refused, unless it is known what there
// is.
func (d *derivation) taken(e Exchange) {
	for _, c := range []struct{ list, kind, name string }{
		{"GetApplications", "application_id", cmp.Or(e.given("required_application_name"), e.given("application_name"))},
		{"GetUsers", "user_id", cmp.Or(e.given("new_user_name"), e.given("user_name"))},
		{"GetScenarios", "scenario_id", cmp.Or(e.given("required_scenario_name"), e.given("scenario_name"))},
		{"GetRules", "rule_id", e.given("rule_name")},
	} {
		about := strings.ToLower(strings.TrimSuffix(c.kind, "_id"))
		if c.name != "" && !d.closed[c.list] && strings.Contains(strings.ToLower(e.Method), about) {
			application := int64(0)
			if ids := e.givenIDs("application_id"); len(ids) == 1 {
				application = ids[0]
			}
			d.named(c.kind, c.name, application)
		}
	}
}

// full limits the registrations of an account to those that are known.
func (d *derivation) full() {
	a := d.accountRow(d.account)
	if a.MaxSIPRegistrations > 0 || d.listed["account "+a.Name] {
		return
	}
	for _, r := range d.state.Registrations {
		if r.AccountID == a.ID {
			a.MaxSIPRegistrations++
		}
	}
	a.MaxSIPRegistrations += int64(len(d.made["sip_registration_id"]))
	if a.MaxSIPRegistrations == 0 {
		d.registration(d.spareID())
		d.accountRow(d.account).MaxSIPRegistrations = 1
	}
}

// accountInfo fills an account from a reply that describes it.
func (d *derivation) accountInfo(id int64, info object) {
	if info == nil || id == 0 {
		return
	}
	a := d.accountRow(id)
	a.Name = cmp.Or(info.text("account_name"), a.Name)
	a.Email = cmp.Or(info.text("account_email"), a.Email)
	a.APIKey = cmp.Or(a.APIKey, info.text("api_key"))
	if info["created"] == nil || d.listed["account "+a.Name] {
		return
	}
	d.listed["account "+a.Name] = true
	a.FirstName, a.LastName, a.MobilePhone = info.text("account_first_name"), info.text("account_last_name"), info.text("mobile_phone")
	a.Language, a.Location, a.CustomData = info.text("language_code"), info.text("location"), info.text("account_custom_data")
	a.CallbackURL, a.CallbackSalt = info.text("callback_url"), info.text("callback_salt")
	a.AccountNotifications, a.NewsNotifications = info.flag("account_notifications"), info.flag("news_notifications")
	a.TariffChangingNotifications = info.flag("tariff_changing_notifications")
	a.Currency, a.MaxSIPRegistrations = cmp.Or(info.text("currency"), "USD"), info.number("max_sip_registrations")
	a.Inactive, a.Frozen = !info.flag("active"), info.flag("frozen")
}

// listedRow makes or completes the row that a list shows.
func (d *derivation) listedRow(e Exchange, o object) {
	application := cmp.Or(o.number("application_id"), e.reply().number("application_id"))
	if ids := e.givenIDs("application_id"); application == 0 && len(ids) == 1 {
		application = ids[0]
	}
	name := o.rowID()
	shown := name + " " + o.text(name) + " " + o.text("allowed") + fmt.Sprint(o["scenario_script"] != nil)
	if name == "scenario_id" && e.Method != "GetScenarios" {
		application, shown = 0, "nested "+shown // a shared one can be in any rule
	}
	switch {
	case name == "" || o.text(name) == "" || o[name] != o.text(name) && o.number(name) <= 0: // a difference, no row
		return
	case d.listed[shown] || d.isMade(name, o.number(name)):
	case name == "application_id":
		a := d.application(o.number(name))
		if short, _, _ := strings.Cut(o.text("application_name"), "."); short != "" {
			a.Name = short
		}
		a.SecureRecordStorage = o.flag("secure_record_storage")
		d.fullName(o.number("application_id"), o.text("application_name"))
	case name == "rule_id":
		d.listedRule(o, application)
	case name == "user_id":
		u := d.user(o.number(name), application)
		u.ApplicationID = cmp.Or(application, u.ApplicationID)
		u.Name, u.DisplayName = cmp.Or(o.text("user_name"), u.Name), o.text("user_display_name")
		u.Inactive, u.SeparateBalance = !o.flag("user_active"), !o.flag("parent_accounting")
		u.MobilePhone, u.CustomData = o.text("mobile_phone"), o.text("user_custom_data")
	case name == "scenario_id":
		d.listedScript(o, application)
	case name == "sip_registration_id":
		d.listedRegistration(o)
	case name == "sip_whitelist_id":
		n := d.network(o.number(name))
		n.Network, n.Description = cmp.Or(o.text("sip_whitelist_network"), n.Network), o.text("description")
	case name == "key_id" && !d.madeKey[o.text(name)]:
		d.listedKey(o)
	case name == "authorized_ip" && !d.names[name+o.text(name)]:
		d.state.AuthorizedIPs = append(d.state.AuthorizedIPs, vox.AuthorizedIP{
			ID: d.spareID(), AccountID: d.account, Network: o.text(name), Denied: !o.flag("allowed"), Description: o.text("description"),
		})
	}
	d.listed[shown] = true
	for _, rule := range o.objects("rules") {
		d.listedRow(e, rule)
	}
	for _, script := range o.objects("scenarios") {
		d.listedRow(e, script)
	}
	d.past(e, o)
}

// fullName takes the names of an application and its account from a full name.
func (d *derivation) fullName(id int64, full string) {
	labels := strings.Split(full, ".")
	for i := range d.state.Applications { // of which another list has not told the name
		if a := &d.state.Applications[i]; a.ID == id && a.Name == fmt.Sprintf("application-%d", id) && full != "" {
			a.Name = labels[0]
		}
	}
	if len(labels) > 1 {
		if a := d.accountRow(d.account); a.Name == fmt.Sprintf("account-%d", a.ID) {
			a.Name = labels[1]
		}
	}
}

func (d *derivation) listedRule(o object, application int64) {
	r := d.rule(o.number("rule_id"), application)
	r.Name, r.Pattern, r.PatternExclude = cmp.Or(o.text("rule_name"), r.Name), o.text("rule_pattern"), o.text("rule_pattern_exclude")
	r.ApplicationID, r.VideoConference = cmp.Or(application, r.ApplicationID), o.flag("video_conference")
	r.Order = int64(slices.IndexFunc(d.state.Rules, func(other vox.Rule) bool { return other.ID == r.ID }))
	for _, script := range o.objects("scenarios") {
		if id := script.number("scenario_id"); !slices.Contains(r.ScenarioIDs, id) && !d.isMade("scenario_id", id) {
			r.ScenarioIDs = append(r.ScenarioIDs, id)
		}
	}
}

func (d *derivation) listedScript(o object, application int64) {
	s := d.script(o.number("scenario_id"))
	s.Name, s.Script = cmp.Or(o.text("scenario_name"), s.Name), cmp.Or(o.text("scenario_script"), s.Script)
	s.ApplicationID = cmp.Or(application, s.ApplicationID)
}

func (d *derivation) listedRegistration(o object) {
	r := d.registration(o.number("sip_registration_id"))
	r.SIPUsername, r.Proxy = cmp.Or(o.text("sip_username"), r.SIPUsername), cmp.Or(o.text("proxy"), r.Proxy)
	r.AuthUser, r.OutboundProxy = o.text("auth_user"), o.text("outbound_proxy")
	d.fullName(o.number("application_id"), o.text("application_name"))
	r.NonPersistent = !o.flag("is_persistent")
	if application := o.number("application_id"); application != 0 && !d.isMade("application_id", application) {
		r.ApplicationID = d.application(application).ID
		if rule := o.number("rule_id"); rule != 0 && !d.isMade("rule_id", rule) {
			r.RuleID = d.rule(rule, application).ID
		}
		if user := o.number("user_id"); user != 0 && !d.isMade("user_id", user) {
			r.UserID = d.user(user, application).ID
		}
	}
	if setStatus(r, o); needsUser(*r) {
		d.user(r.UserID, 0).LoggedIn = true
	}
}

// needsUser reports whether a registration is in a state in which its user is logged in.
func needsUser(r vox.Registration) bool {
	return r.NonPersistent && (r.State == vox.Successful || r.State == vox.Failed)
}

// setStatus sets the state that a listed registration has.
func setStatus(r *vox.Registration, o object) {
	r.Deactivated = o.flag("deactivated")
	r.StatusCode, r.ErrorMessage, r.NeverSuccessful, r.Failing = 0, "", false, false
	r.NextRenewal, _ = time.Parse(time.DateOnly, o.text("next_subscription_renewal"))
	if bought, err := time.Parse(time.DateTime, o.text("purchase_date")); err == nil {
		r.PurchaseDate = bought
	}
	settled := o["successful"] != nil || o["status_code"] != nil
	successful := o.flag("successful") || o.number("status_code") == 200
	switch {
	case r.Deactivated:
		r.State, r.NextRenewal = vox.Offline, time.Time{}
	case r.NonPersistent && r.UserID == 0: // only a user's login makes it register
		r.State = vox.Offline
	case settled && successful:
		r.State, r.StatusCode = vox.Successful, 200
	case settled:
		r.State, r.StatusCode, r.ErrorMessage = vox.Failed, o.number("status_code"), o.text("error_message")
		if r.StatusCode < 300 || r.StatusCode > 699 {
			r.StatusCode = 403
		}
	case r.NonPersistent:
		r.State = vox.Offline
	default:
		r.State = vox.InProgress
	}
}

func (d *derivation) listedKey(o object) {
	k := d.keyRow(o.text("key_id"))
	k.Name, k.Description = o.text("key_name"), o.text("description")
	if o["roles"] == nil {
		return
	}
	d.listed[k.ID] = true
	for _, role := range o.objects("roles") {
		if !role.flag("inherited") && slices.Contains(vox.Roles(), vox.Role(role.text("role_name"))) {
			k.Roles = append(k.Roles, vox.Role(role.text("role_name")))
		}
	}
}

// clockSkew is how far the clock of a service can be behind that of the recorder.
const clockSkew = 5 * time.Minute

// past makes the lines of the books and of the audit log that are older than the recording:
// those that a list shows before anything was changed, or that are old enough.
func (d *derivation) past(e Exchange, o object) {
	at, err := time.Parse(time.DateTime, cmp.Or(o.text("performed_at"), o.text("requested")))
	if err != nil || e.given("is_uncommitted") == "true" || e.given("timezone") != "" || d.changed && !at.Before(d.started.Add(-clockSkew)) {
		return
	}
	if !at.Before(d.started) { // by a clock that is ahead
		at = d.started.Add(-time.Second)
	}
	id := cmp.Or(o.number("transaction_id"), o.number("audit_log_id"))
	switch {
	case e.Method == "GetTransactionHistory" && !slices.ContainsFunc(d.state.Transactions, func(t vox.Transaction) bool { return t.ID == id }):
		amount, _ := vox.ParseMoney(o.text("amount"))
		d.state.Transactions = append(d.state.Transactions, vox.Transaction{
			ID: id, AccountID: o.number("account_id"), Type: vox.TransactionType(o.text("transaction_type")), Amount: amount,
			Currency: o.text("currency"), PerformedAt: at, Description: o.text("transaction_description"),
		})
	case e.Method == "GetAuditLog" && !slices.ContainsFunc(d.state.AuditLog, func(a vox.AuditEntry) bool { return a.ID == id }):
		arguments, _ := json.Marshal(o["cmd_args"])
		result, _ := json.Marshal(o["cmd_result"])
		d.state.AuditLog = append(d.state.AuditLog, vox.AuditEntry{
			ID: id, AccountID: o.number("account_id"), Requested: at, IP: o.text("ip"), Command: o.text("cmd_name"),
			Arguments: string(arguments), Result: string(result),
		})
	}
}

// roles gives each key of which no list told the roles all that no refusal contradicts.
func (d *derivation) roles() {
	for i := range d.state.Keys {
		k := &d.state.Keys[i]
		if d.listed[k.ID] || len(k.Roles) > 0 {
			continue
		}
		for _, role := range vox.Roles() {
			denies := func(method string) bool {
				m, ok := d.spec.Method(method)
				return ok && slices.ContainsFunc(m.Roles, role.Includes)
			}
			if !slices.ContainsFunc(d.denied[k.ID], denies) {
				k.Roles = append(k.Roles, role)
			}
		}
		if len(d.denied[k.ID]) == 0 {
			k.Roles = []vox.Role{vox.Owner}
		}
	}
}
