package evidence

import (
	"fmt"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/voxemu/voxemu/emulator"
	"github.com/voxemu/voxemu/emulator/vox"
)

// made returns the name of a new thing and writes it to the file, before the thing is made.
func (p *probe) made(kind, within string) string {
	name := fmt.Sprintf("%s-%s%d", p.file.Run, kind[:1], len(p.file.Doubtful)+len(p.file.Made)+1)
	p.file.Made = append(p.file.Made, Thing{kind, name, within})
	p.write()
	return name
}

// application makes an application and returns its name and id.
func (p *probe) application() (name, id string) {
	name = p.made("application", "")
	return name, p.call("AddApplication", url.Values{"application_name": {name}}).text("application_id")
}

// user makes a user of an application, with the rest of the parameters.
func (p *probe) user(application, id string, more url.Values) (name, userID string, reply object) {
	name = p.made("user", application)
	form := url.Values{"application_id": {id}, "user_name": {name}, "user_display_name": {name}, "user_password": {"Pa55-word-" + p.file.Run}}
	for parameter, values := range more {
		form[parameter] = values
	}
	reply = p.call("AddUser", form)
	return name, reply.text("user_id"), reply
}

// rule makes a rule of an application.
func (p *probe) rule(application, id, pattern string) (name, ruleID string, reply object) {
	name = p.made("rule", application)
	reply = p.call("AddRule", url.Values{"application_id": {id}, "rule_name": {name}, "rule_pattern": {pattern}})
	return name, reply.text("rule_id"), reply
}

// script makes a VoxEngine script of an application; empty: of all.
func (p *probe) script(id string) (name, scriptID string) {
	name = p.made("script", "")
	form := url.Values{"scenario_name": {name}, "scenario_script": {"// made by voxemu probe"}}
	if id != "" {
		form.Set("application_id", id)
	}
	return name, p.call("AddScenario", form).text("scenario_id")
}

// keyWith makes a key with roles. Its private key is kept in memory only.
func (p *probe) keyWith(roles string) (vox.Credentials, object) {
	form := url.Values{"key_name": {p.made("key", "")}, "description": {"made by voxemu probe"}}
	if roles != "" {
		form.Set("role_name", roles)
	}
	reply := p.call("CreateKey", form)
	made := createdKey(reply)
	return vox.Credentials{AccountID: p.Credentials.AccountID, KeyID: made.text("key_id"), PrivateKey: made.text("private_key")}, reply
}

// registration makes a registration, which costs money.
func (p *probe) registration(more url.Values) (id string, reply object) {
	form := url.Values{"sip_username": {p.made("registration", "")}, "proxy": {"registrar.invalid"}}
	for parameter, values := range more {
		form[parameter] = values
	}
	reply = p.call("CreateSipRegistration", form)
	return reply.text("sip_registration_id"), reply
}

// unresolvable is a host that does not exist: .test is reserved (RFC 2606). The emulator's
// simulated registrar answers for it as for every host that does not exist.
const unresolvable = "sip-unresolvable.test"

// shared returns the registrations that experiments have in common, and makes them once.
func (p *probe) shared() common {
	if p.common.failing == "" {
		p.common.failing, _ = p.registration(form("proxy", unresolvable))
	}
	if p.common.offline == "" {
		p.common.offline, _ = p.registration(form("is_persistent", "false"))
	}
	return p.common
}

// failed waits until the shared registration has a status, and returns it; empty: it has
// none.
func (p *probe) failed() string {
	status := ""
	p.until(func() bool {
		status = p.listed(p.shared().failing).text("status_code")
		return status != ""
	})
	return status
}

// listed returns the row of a registration.
func (p *probe) listed(id string) object {
	for _, o := range p.call("GetSipRegistrations", form("sip_registration_id", id)).objects("result") {
		return o
	}
	return object{}
}

// auditLog waits until the audit log has calls with a text, and returns them.
func (p *probe) auditLog(text string) (log object) {
	at := func(hours time.Duration) string { return time.Now().UTC().Add(hours * time.Hour).Format(time.DateTime) }
	p.until(func() bool {
		log = p.call("GetAuditLog", form("from_date", at(-24), "to_date", at(24), "advanced_filters", text))
		return len(log.objects("result")) > 0
	})
	return log
}

// removeAll removes what the run made, the last thing first. Each is looked for by its
// name, so that things are found whose making was interrupted.
func (p *probe) removeAll() {
	for p.err == nil && len(p.file.Made) > 0 {
		last := len(p.file.Made) - 1
		p.remove(p.file.Made[last])
		if p.err == nil {
			p.file.Made = p.file.Made[:last]
			p.write()
		}
	}
}

// removal says how a kind of thing is found and deleted.
type removal struct{ list, name, id, remove string }

var removals = map[string]removal{
	"application":  {"GetApplications", "application_name", "application_id", "DelApplication"},
	"user":         {"GetUsers", "user_name", "user_id", "DelUser"},
	"rule":         {"GetRules", "rule_name", "rule_id", "DelRule"},
	"script":       {"GetScenarios", "scenario_name", "scenario_id", "DelScenario"},
	"key":          {"GetKeys", "key_name", "key_id", "DeleteKey"},
	"registration": {"GetSipRegistrations", "sip_username", "sip_registration_id", "DeleteSipRegistration"},
}

// remove deletes a thing if the service has it, and proves by a list that it is gone.
func (p *probe) remove(t Thing) {
	if t.Kind == listening && p.file.ours(t.Name) {
		p.silence()
		return
	}
	how, ok := removals[t.Kind]
	if !ok || !p.file.ours(t.Name) {
		p.err = fmt.Errorf("the file names %s %q, which this run cannot have made; nothing else is touched", t.Kind, t.Name)
		return
	}
	for _, id := range p.find(t, how) {
		p.call(how.remove, url.Values{how.id: {id}})
	}
	if left := p.find(t, how); p.err == nil && len(left) > 0 {
		p.err = fmt.Errorf("%s %s could not be removed: %s has no effect; remove it by hand", t.Kind, t.Name, how.remove)
	}
}

// find returns the ids of a thing.
func (p *probe) find(t Thing, how removal) []string {
	form := url.Values{"count": {"1000"}}
	if t.Kind != "key" { // of which there are few, and no filter
		form.Set(how.name, t.Name)
	}
	if t.Within != "" {
		ids := p.find(Thing{Kind: "application", Name: t.Within}, removals["application"])
		if len(ids) == 0 {
			return nil
		}
		form.Set("application_id", ids[0])
	}
	var ids []string
	lists := []url.Values{form}
	if t.Kind == "script" { // those of applications are in lists of their own
		for _, o := range p.call("GetApplications", url.Values{"count": {"1000"}, "application_name": {p.file.Run}}).objects("result") {
			if p.file.ours(o.text("application_name")) {
				lists = append(lists, url.Values{"count": {"1000"}, "application_id": {o.text("application_id")}, how.name: {t.Name}})
			}
		}
	}
	for _, form := range lists {
		for _, o := range p.call(how.list, form).objects("result") {
			name, _, _ := strings.Cut(o.text(how.name), ".")
			if (name == t.Name || o.text(how.name) == t.Name) && !slices.Contains(ids, o.text(how.id)) {
				ids = append(ids, o.text(how.id))
			}
		}
	}
	return ids
}

// rehearsal returns an emulator with an empty account, for a dry run.
func rehearsal() (*emulator.Server, vox.Credentials, error) {
	server, err := emulator.New(emulator.WithScenario("empty"))
	if err != nil {
		return nil, vox.Credentials{}, err
	}
	credentials, err := server.Credentials("owner-key")
	return server, credentials, err
}
