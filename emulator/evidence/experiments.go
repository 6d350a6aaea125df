package evidence

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/voxemu/voxemu/emulator/vox"
)

// Experiment settles an assumption by calls that anybody may make.
type Experiment struct {
	// Assumption is its id.
	Assumption string
	// Sends says what is sent.
	Sends string
	// Assumed and Otherwise say what the outcomes mean.
	Assumed, Otherwise string
	// Registrations is the number of registrations that it pays for, or [Shared].
	Registrations int
	// Makes says what it makes; empty: it only reads.
	Makes string

	run func(p *probe) outcome
}

// Shared is the number of registrations of an experiment that uses two which such
// experiments have in common: one at a host that does not exist, and one that is offline.
const Shared = -1

// common are the registrations that experiments share; empty: not made yet.
type common struct{ failing, offline string }

// registrations returns how many registrations an experiment pays for now.
func (e Experiment) registrations(have common) int {
	switch {
	case e.Registrations != Shared:
		return e.Registrations
	case have.failing == "" || have.offline == "":
		return 2
	}
	return 0
}

// costs says what it costs, needs and leaves behind.
func (e Experiment) costs() string {
	text := "free"
	switch {
	case e.Registrations == Shared:
		text = "costs two registrations, which stay charged and which other experiments use, too"
	case e.Registrations == 1:
		text = "costs a registration, which stays charged"
	case e.Registrations > 1:
		text = fmt.Sprintf("costs %d registrations, which stay charged", e.Registrations)
	}
	if e.NeedsCallbacks() {
		text += "; needs --callback-url"
	}
	if e.Makes == "" {
		return text + "; reads only"
	}
	return text + "; makes and removes " + e.Makes
}

// NeedsCallbacks reports whether it receives callbacks, for which the service has to reach
// the probe.
func (e Experiment) NeedsCallbacks() bool {
	return slices.ContainsFunc(heardExperiments(), func(of Experiment) bool { return of.Assumption == e.Assumption })
}

// outcome is what an experiment shows.
type outcome struct {
	verdict   Verdict
	saw       string
	behaviour map[string]string
	fee       string
}

// found returns the verdict on a comparison.
func found(asAssumed bool, saw string, args ...any) outcome {
	verdict := Otherwise
	if asAssumed {
		verdict = AsAssumed
	}
	return outcome{verdict: verdict, saw: fmt.Sprintf(saw, args...)}
}

func unclear(saw string, args ...any) outcome {
	return outcome{verdict: Unclear, saw: fmt.Sprintf(saw, args...)}
}

// switching adds the value of a switch if the outcome is not as assumed.
func (o outcome) switching(name, value string) outcome {
	if o.verdict == Otherwise {
		o.behaviour = map[string]string{name: value}
	}
	return o
}

// switchingIf adds the value of a switch if the outcome shows it.
func (o outcome) switchingIf(shown bool, name, value string) outcome {
	if shown {
		return o.switching(name, value)
	}
	return o
}

// codes returns what calls are answered with.
func codes(replies ...object) []int {
	var all []int
	for _, reply := range replies {
		all = append(all, reply.code())
	}
	return all
}

// answered compares the error codes of replies with the assumed ones; 0 is success.
func answered(want []int, replies ...object) outcome {
	got := codes(replies...)
	return found(slices.Equal(got, want), "answers %v, assumed %v", got, want)
}

// form returns parameters from names and values in turn.
func form(pairs ...string) url.Values {
	values := url.Values{}
	for i := 0; i+1 < len(pairs); i += 2 {
		values.Set(pairs[i], pairs[i+1])
	}
	return values
}

// inFigures returns a number or an amount; of another text nothing.
func inFigures(text string) string {
	if !amount().MatchString(text) {
		return "no number"
	}
	return text
}

// column returns a member of all rows.
func column(reply object, name string) []string {
	var all []string
	for _, o := range reply.objects("result") {
		all = append(all, o.text(name))
	}
	return all
}

// Experiments returns all experiments, by the number of the assumption.
func Experiments() []Experiment {
	return slices.Concat(readingExperiments(), makingExperiments(), sharingExperiments(), payingExperiments(), heardExperiments())
}

// registrationsThatCost is the number of registrations that experiments pay for.
func registrationsThatCost(only []string) int {
	sum, have := 0, common{}
	for _, e := range Experiments() {
		if len(only) == 0 || slices.Contains(only, e.Assumption) {
			sum += e.registrations(have)
			if e.Registrations == Shared {
				have = common{"made", "made"}
			}
		}
	}
	return sum
}

// readingExperiments change nothing.
func readingExperiments() []Experiment {
	return []Experiment{
		{"A4", "a list of registrations by an invented application", "an empty list", "an error", 0, "", func(p *probe) outcome {
			return answered([]int{0}, p.call("GetSipRegistrations", form("application_name", p.file.Run))).switching("unknown_filter", "error")
		}},
		{"A6", "GetRoles with an invented parameter", "it is ignored", "it is refused", 0, "", func(p *probe) outcome {
			return answered([]int{0}, p.call("GetRoles", form("registration_name", "x")))
		}},
		{"A7", "lists of registrations without a filter and with application_id=any and all", "any and all restrict nothing", "they do", 0, "", func(p *probe) outcome {
			all := p.call("GetSipRegistrations", nil)
			others := []object{p.call("GetSipRegistrations", form("application_id", "any")), p.call("GetSipRegistrations", form("application_id", "all"))}
			return found(slices.Equal(codes(others...), []int{0, 0}) && others[0].text("count") == all.text("count") && others[1].text("count") == all.text("count"), "answers %v", codes(others...))
		}},
		{"A10", "getsipregistrations, in small letters, without credentials", "error 103", "another answer", 0, "", func(p *probe) outcome {
			return answered([]int{103}, p.send("getsipregistrations", nil, "", nil))
		}},
		{"A11", "tokens that are malformed, of an unknown key, too long, of the future and expired", "447, 100, 454, 455, 456", "other codes", 0, "", func(p *probe) outcome {
			now, other := time.Now(), p.Credentials
			other.KeyID = "00000000-0000-0000-0000-000000000000"
			var replies []object
			for _, token := range []string{
				"malformed", p.token(other, now, time.Hour), p.token(p.Credentials, now, 2*time.Hour),
				p.token(p.Credentials, now.Add(30*time.Minute), time.Hour), p.token(p.Credentials, now.Add(-3*time.Hour), time.Hour),
			} {
				replies = append(replies, p.send("GetRoles", nil, token, nil))
			}
			return answered([]int{447, 100, 454, 455, 456}, replies...)
		}},
		{"A12", "GetRules without an application", "error 116", "error 485 or another", 0, "", func(p *probe) outcome {
			return answered([]int{116}, p.call("GetRules", form("count", "1"))).switching("missing_reference", "required")
		}},
		{"A22", "DeleteSipRegistration of an id that does not exist", "the sentence of the reference, in error and errors", "another one", 0, "", func(p *probe) outcome {
			reply := p.call("DeleteSipRegistration", form("sip_registration_id", "9007199254740991"))
			_, sentence, _ := p.spec.Explain(vox.ErrInvalidRegistrationID.On("sip_registration_id"))
			msg := asObjectOf(reply, "error").text("msg")
			return found(msg == sentence && len(reply.objects("errors")) > 0, "%q, %d errors", p.mask.sentence(msg), len(reply.objects("errors")))
		}},
		{"A23", "a multipart body without its end", "error 101", "another answer", 0, "", func(p *probe) outcome {
			return answered([]int{101}, p.send("GetRoles", nil, p.ownToken(), func(r *http.Request) {
				r.Header.Set("Content-Type", "multipart/form-data; boundary=x")
				replaceBody(r, "--x\r\nbroken")
			}))
		}},
		{"A35", "GetSubscriptionPrice of SIP registrations", "no installation fee and no tax", "there are", 0, "", func(p *probe) outcome {
			total, monthly := p.price()
			return found(total.Equal(monthly), "a month %s, all together %s", monthly, total)
		}},
		{"A67", "GetAccountInfo", "api_address is the host of the call", "another host", 0, "", func(p *probe) outcome {
			called, _ := url.Parse(p.Upstream) // it was checked
			same := p.call("GetAccountInfo", nil).text("api_address") == called.Host
			return found(same, "the same host: %t", same)
		}},
		{"A68", "GetChildrenAccounts without parameters", "it lists all", "it is refused", 0, "", func(p *probe) outcome {
			return answered([]int{0}, p.call("GetChildrenAccounts", nil))
		}},
		{"A69", "GetSubscriptionPrice without parameters", "two templates, for SIP registrations and a number", "others", 0, "", func(p *probe) outcome {
			types := column(p.call("GetSubscriptionPrice", nil), "subscription_template_type")
			return found(slices.Equal(types, []string{"SIP_REGISTRATION", "PHONE_NUM"}), "%d templates", len(types))
		}},
		{"A70", "GetCurrencyRate of EUR, RUR and KZT", "0.90, 90 and 450", "other rates", 0, "", func(p *probe) outcome {
			rates := asObjectOf(p.call("GetCurrencyRate", form("currency", "EUR;RUR;KZT")), "result")
			is := func(name, want string) bool {
				a, err := vox.ParseMoney(rates.text(name))
				return err == nil && a.Equal(vox.MustParseMoney(want))
			}
			return found(is("EUR", "0.90") && is("RUR", "90.00") && is("KZT", "450.00"), "EUR %s, RUR %s, KZT %s", inFigures(rates.text("EUR")), inFigures(rates.text("RUR")), inFigures(rates.text("KZT")))
		}},
		{"A72", "GetRoles", "17 roles, the last one Payer", "others", 0, "", func(p *probe) outcome {
			names := column(p.call("GetRoles", nil), "role_name")
			return found(len(names) == 17 && names[16] == "Payer", "%d roles", len(names))
		}},
		{"A74", "CheckAuthorizedAccountIP of a network", "it is judged", "it is refused", 0, "", func(p *probe) outcome {
			return answered([]int{0}, p.call("CheckAuthorizedAccountIP", form("authorized_ip", "192.0.2.0/24")))
		}},
		{"A76", "DelAuthorizedAccountIP of an address that is not listed", "error 321", "another answer", 0, "", func(p *probe) outcome {
			if len(p.call("GetAuthorizedAccountIPs", form("authorized_ip", "192.0.2.7")).objects("result")) > 0 {
				return unclear("192.0.2.7 is listed")
			}
			return answered([]int{321}, p.call("DelAuthorizedAccountIP", form("authorized_ip", "192.0.2.7")))
		}},
		{"A91", "lists with status_code=408:403, count=0 and offset=100000", "496, 496 and an empty list", "other answers", 0, "", func(p *probe) outcome {
			return answered([]int{496, 496, 0}, p.call("GetSipRegistrations", form("status_code", "408:403")),
				p.call("GetSipRegistrations", form("count", "0")), p.call("GetSipRegistrations", form("offset", "100000")))
		}},
		{"A92", "a list with count=1001", "as many rows as the maximum", "an error", 0, "", func(p *probe) outcome {
			return answered([]int{0}, p.call("GetApplications", form("count", "1001"))).switching("count_above_maximum", "refused")
		}},
		{"A93", "GetTransactionHistory with timezone=GMT-8", "the name is accepted", "it is refused", 0, "", func(p *probe) outcome {
			return answered([]int{0}, p.call("GetTransactionHistory", form("timezone", "GMT-8")))
		}},
		{"A96", "GetTransactionHistory of an invented application", "an empty list", "an error", 0, "", func(p *probe) outcome {
			return answered([]int{0}, p.call("GetTransactionHistory", form("application_name", p.file.Run)))
		}},
	}
}

func replaceBody(r *http.Request, text string) {
	r.Body = io.NopCloser(strings.NewReader(text))
	r.ContentLength, r.GetBody = int64(len(text)), nil
}

// makingExperiments make things that cost nothing, and remove them.
func makingExperiments() []Experiment {
	return []Experiment{
		{"A1", "GetAuditLog by a key that has only the role Support", "error 100", "error 104", 0, "a key", func(p *probe) outcome {
			key, _ := p.keyWith(string(vox.Support))
			return answered([]int{100}, p.send("GetAuditLog", nil, p.token(key, time.Now(), time.Hour), nil)).switching("missing_role", "forbidden_command")
		}},
		{"A3", "unbinding by the id and the name of an application, agreeing and not", "it succeeds, error 458", "both are refused, or the id counts", 0, "two applications", func(p *probe) outcome {
			name, id := p.application()
			other, _ := p.application()
			agree := p.call("BindSipRegistration", form("application_id", id, "application_name", name, "bind", "false"))
			differ := p.call("BindSipRegistration", form("application_id", id, "application_name", other, "bind", "false"))
			o := answered([]int{0, 458}, agree, differ)
			switch {
			case agree.code() == 458:
				return o.switching("id_and_name", "refused")
			case differ.code() == 0:
				return o.switching("id_and_name", "id_wins")
			}
			return o
		}},
		{"A5", "GetApplications with an id of 0 and an empty with_rules", "the application is found, without rules", "it is not, or with rules", 0, "an application", func(p *probe) outcome {
			name, _ := p.application()
			reply := p.call("GetApplications", form("application_name", name, "application_id", "0", "with_rules", ""))
			rows := reply.objects("result")
			return found(len(rows) == 1 && rows[0]["rules"] == nil, "answers %d, %d applications", reply.code(), len(rows))
		}},
		{"A8", "AddApplication, for developers, by a key with the role Admin", "it succeeds", "it is refused", 0, "a key and an application", func(p *probe) outcome {
			key, _ := p.keyWith(string(vox.Admin))
			name := p.made("application", "")
			return answered([]int{0}, p.send("AddApplication", form("application_name", name), p.token(key, time.Now(), time.Hour), nil))
		}},
		{"A9", "count=1 in the query and count=2 in the body", "the body counts", "the query counts", 0, "two applications", func(p *probe) outcome {
			p.application()
			p.application()
			reply := p.send("GetApplications", form("count", "2", "application_name", p.file.Run), p.ownToken(), func(r *http.Request) { r.URL.RawQuery = "count=1" })
			return found(len(reply.objects("result")) == 2, "%d rows", len(reply.objects("result")))
		}},
		{"A17", "an application, then its list", "its full name", "its short name", 0, "an application", func(p *probe) outcome {
			name, id := p.application()
			names := column(p.call("GetApplications", form("application_id", id)), "application_name")
			if len(names) != 1 {
				return unclear("%d applications", len(names))
			}
			return found(strings.HasPrefix(names[0], name+".") && strings.HasSuffix(names[0], ".voximplant.com"), "%d labels", len(strings.Split(names[0], ".")))
		}},
		{"A26", "count=1 in a JSON body", "it counts", "it is ignored", 0, "two applications", func(p *probe) outcome {
			p.application()
			p.application()
			reply := p.send("GetApplications", form("count", "1", "application_name", p.file.Run), p.ownToken(), func(r *http.Request) {
				r.Header.Set("Content-Type", "application/json")
				text, _ := json.Marshal(map[string]string{"count": "1", "application_name": p.file.Run}) // texts cannot fail
				replaceBody(r, string(text))
			})
			return found(len(reply.objects("result")) == 1, "%d rows", len(reply.objects("result")))
		}},
		{"A52", "GetRules of an application with 21 rules", "20 rows", "another number", 0, "an application and 21 rules", func(p *probe) outcome {
			name, id := p.application()
			for range 21 {
				p.rule(name, id, ".*")
			}
			reply := p.call("GetRules", form("application_id", id))
			return found(len(reply.objects("result")) == 20, "%d rows", len(reply.objects("result")))
		}},
		{"A53", "rules with the patterns ( and (?=7)", "148, and the second is accepted", "other answers", 0, "an application and two rules", func(p *probe) outcome {
			name, id := p.application()
			_, _, first := p.rule(name, id, "(")
			_, _, second := p.rule(name, id, "(?=7)")
			return answered([]int{148, 0}, first, second)
		}},
		{"A55", "GetRules with a template that a pattern matches in part", "the rule is not found", "it is", 0, "an application and a rule", func(p *probe) outcome {
			name, id := p.application()
			p.rule(name, id, "74")
			reply := p.call("GetRules", form("application_id", id, "template", "7495"))
			return found(reply.code() == 0 && len(reply.objects("result")) == 0, "%d rules", len(reply.objects("result")))
		}},
		{"A56", "DelRule by a name alone", "it succeeds", "it is refused", 0, "an application and a rule", func(p *probe) outcome {
			name, id := p.application()
			rule, _, _ := p.rule(name, id, ".*")
			return answered([]int{0}, p.call("DelRule", form("rule_name", rule)))
		}},
		{"A57", "users with the passwords p@ssw0rd and 1234567", "error 112 for both", "the first is accepted", 0, "an application and two users", func(p *probe) outcome {
			name, id := p.application()
			_, _, first := p.user(name, id, form("user_password", "p@ssw0rd"))
			_, _, second := p.user(name, id, form("user_password", "1234567"))
			return answered([]int{112, 112}, first, second).switching("password_policy", "lenient")
		}},
		{"A58", "ReorderRules of the last of three rules", "it comes first, the rest stays", "another order", 0, "an application and three rules", func(p *probe) outcome {
			name, id := p.application()
			_, a, _ := p.rule(name, id, "1")
			_, b, _ := p.rule(name, id, "2")
			_, c, _ := p.rule(name, id, "3")
			p.call("ReorderRules", form("rule_id", c))
			got := column(p.call("GetRules", form("application_id", id)), "rule_id")
			return found(slices.Equal(got, []string{c, a, b}), "%d rules, the reordered one first: %t", len(got), len(got) > 0 && got[0] == c)
		}},
		{"A59", "SetChildAccountInfo by a key with the role Developer", "it is refused", "the role suffices", 0, "a key", func(p *probe) outcome {
			key, _ := p.keyWith(string(vox.Developer))
			reply := p.send("SetChildAccountInfo", form("child_account_id", "9007199254740991"), p.token(key, time.Now(), time.Hour), nil)
			return found(reply.code() == 100 || reply.code() == 104, "answers %d", reply.code())
		}},
		{"A60", "GetScenarios by a part of a name", "nothing is found", "the part is found", 0, "a script", func(p *probe) outcome {
			name, _ := p.script("")
			reply := p.call("GetScenarios", form("scenario_name", name[:len(name)-1]))
			return found(reply.code() == 0 && len(reply.objects("result")) == 0, "%d scripts", len(reply.objects("result"))).switching("scenario_name_filter", "part")
		}},
		{"A62", "GetScenarios of an application", "its short name", "its full name", 0, "an application", func(p *probe) outcome {
			name, id := p.application()
			got := p.call("GetScenarios", form("application_id", id)).text("application_name")
			return found(got == name, "%d labels", len(strings.Split(got, ".")))
		}},
		{"A63", "two scripts of one name in two applications", "error 133 for the second", "it is accepted", 0, "two applications and a script", func(p *probe) outcome {
			_, first := p.application()
			_, second := p.application()
			name, _ := p.script(first)
			return answered([]int{133}, p.call("AddScenario", form("scenario_name", name, "scenario_script", "// made by voxemu probe", "application_id", second)))
		}},
		{"A64", "BindUser to a second application", "the user is in that one only", "in both", 0, "two applications and a user", func(p *probe) outcome {
			first, id := p.application()
			second, other := p.application()
			name, user, _ := p.user(first, id, nil)
			p.file.Made = append(p.file.Made, Thing{"user", name, second}) // before it is there
			p.write()
			p.call("BindUser", form("user_id", user, "application_id", other))
			here, there := p.call("GetUsers", form("application_id", id)), p.call("GetUsers", form("application_id", other))
			return found(len(here.objects("result")) == 0 && len(there.objects("result")) == 1, "%d in the first, %d in the second", len(here.objects("result")), len(there.objects("result")))
		}},
		{"A65", "GetUsers without an application", "error 116", "another answer", 0, "", func(p *probe) outcome {
			o := answered([]int{116}, p.call("GetUsers", nil))
			return o
		}},
		{"A66", "Logon, Logout, and the session again", "error 137", "another answer", 0, "a session, which ends", func(p *probe) outcome {
			session := p.call("Logon", nil).text("result")
			p.mask.note(session, "secret")
			p.send("Logout", form("session_id", session), "", nil)
			return answered([]int{137}, p.send("GetRoles", form("session_id", session), "", nil))
		}},
		{"A75", "AddApplication with X-Forwarded-For: 192.0.2.7, then the audit log", "it has another address", "it has that one", 0, "an application", func(p *probe) outcome {
			name := p.made("application", "")
			p.send("AddApplication", form("application_name", name), p.ownToken(), func(r *http.Request) { r.Header.Set("X-Forwarded-For", "192.0.2.7") })
			rows := p.auditLog(name).objects("result")
			if len(rows) == 0 {
				return unclear("the audit log does not have the call")
			}
			return found(rows[0].text("ip") != "192.0.2.7", "the invented address: %t", rows[0].text("ip") == "192.0.2.7")
		}},
		{"A77", "AddApplication twice and GetApplications, then the audit log of them and one without dates", "the call that succeeded, error 111", "other calls, another answer", 0, "an application", func(p *probe) outcome {
			name, _ := p.application()
			p.call("AddApplication", form("application_name", name))
			p.call("GetApplications", form("application_name", name))
			commands := column(p.auditLog(name), "cmd_name")
			if len(commands) == 0 {
				return unclear("the audit log does not have the call")
			}
			undated := p.call("GetAuditLog", nil).code()
			return found(slices.Equal(commands, []string{"AddApplication"}) && undated == 111, "%d lines, answers %d", len(commands), undated).switchingIf(undated == 485, "missing_reference", "required")
		}},
		{"A79", "GetCurrencyRate by a key without roles", "it is refused", "it succeeds", 0, "a key", func(p *probe) outcome {
			key, _ := p.keyWith("")
			reply := p.send("GetCurrencyRate", form("currency", "EUR"), p.token(key, time.Now(), time.Hour), nil)
			return found(reply.code() == 100 || reply.code() == 104, "answers %d", reply.code())
		}},
		{"A85", "CreateKey", "the result is an object", "it is a list", 0, "a key", func(p *probe) outcome {
			_, reply := p.keyWith("")
			kind := typeOf(reply["result"])
			return found(kind == "object", "%s", kind).switching("created_key", "list")
		}},
		{"A86", "an application by its full name", "it has the short one", "it is refused, or has the name twice", 0, "two applications", func(p *probe) outcome {
			_, id := p.application()
			full := column(p.call("GetApplications", form("application_id", id)), "application_name")
			if len(full) != 1 || !strings.Contains(full[0], ".") {
				return unclear("full names are not known")
			}
			name := p.made("application", "")
			_, domain, _ := strings.Cut(full[0], ".")
			reply := p.call("AddApplication", form("application_name", name+"."+domain))
			return found(reply.code() == 0 && !strings.Contains(reply.text("application_name"), domain+"."+domain), "answers %d", reply.code())
		}},
		{"A94", "user_custom_data set, then to an empty text", "it is cleared", "it stays", 0, "an application and a user", func(p *probe) outcome {
			name, id := p.application()
			_, user, _ := p.user(name, id, form("user_custom_data", "made by voxemu probe"))
			p.call("SetUserInfo", form("user_id", user, "user_custom_data", ""))
			rows := p.call("GetUsers", form("application_id", id)).objects("result")
			if len(rows) != 1 {
				return unclear("%d users", len(rows))
			}
			return found(rows[0].text("user_custom_data") == "", "%d characters are left", len(rows[0].text("user_custom_data")))
		}},
	}
}

// sharingExperiments use registrations that they have in common, and leave them unbound.
func sharingExperiments() []Experiment {
	const makes = "two registrations"
	return []Experiment{
		{"A15", "a registration that is not persistent and has no user, then its list", "no successful, status_code and error_message", "one of them", Shared, makes, func(p *probe) outcome {
			row := p.listed(p.shared().offline)
			bare := row["successful"] == nil && row["status_code"] == nil && row["error_message"] == nil
			return found(row["sip_registration_id"] != nil && bare, "found: %t, without status: %t", row["sip_registration_id"] != nil, bare)
		}},
		{"A18", "a registration bound to a rule, unbound from the application, twice", "both succeed, neither is left", "the rule stays, or the second is refused", Shared, makes + ", an application and a rule", func(p *probe) outcome {
			id := p.shared().failing
			name, application := p.application()
			_, rule, _ := p.rule(name, application, ".*")
			p.call("BindSipRegistration", form("sip_registration_id", id, "application_id", application, "rule_id", rule))
			first := p.call("BindSipRegistration", form("sip_registration_id", id, "application_id", application, "bind", "false"))
			row := p.listed(id)
			second := p.call("BindSipRegistration", form("sip_registration_id", id, "application_id", application, "bind", "false"))
			left := row["application_id"] != nil || row["rule_id"] != nil
			return found(slices.Equal(codes(first, second), []int{0, 0}) && !left, "answers %v, something is left: %t", codes(first, second), left)
		}},
		{"A19", "a registration bound to a rule by its id alone", "it has the rule's application", "it is refused, or has none", Shared, makes + ", an application and a rule", func(p *probe) outcome {
			id := p.shared().failing
			name, application := p.application()
			_, rule, _ := p.rule(name, application, ".*")
			reply := p.call("BindSipRegistration", form("sip_registration_id", id, "rule_id", rule))
			has := p.listed(id).text("application_id") == application
			p.call("BindSipRegistration", form("sip_registration_id", id, "application_id", application, "bind", "false"))
			return found(reply.code() == 0 && has, "answers %d, has the application: %t", reply.code(), has)
		}},
		{"A20", "a registration bound to a rule, then to another application", "it has no rule", "it has the old one, or is refused", Shared, makes + ", two applications and a rule", func(p *probe) outcome {
			id := p.shared().failing
			name, application := p.application()
			_, other := p.application()
			_, rule, _ := p.rule(name, application, ".*")
			p.call("BindSipRegistration", form("sip_registration_id", id, "application_id", application, "rule_id", rule))
			reply := p.call("BindSipRegistration", form("sip_registration_id", id, "application_id", other))
			row := p.listed(id)
			p.call("BindSipRegistration", form("sip_registration_id", id, "application_id", other, "bind", "false"))
			return found(reply.code() == 0 && row.text("application_id") == other && row["rule_id"] == nil, "answers %d, has a rule: %t", reply.code(), row["rule_id"] != nil)
		}},
		{"A24", "UpdateSipRegistration with a proxy with ;transport=tcp, with http://, and with a text of 256 characters", "it succeeds, two errors", "other answers", Shared, makes, func(p *probe) outcome {
			id := p.shared().failing
			got := codes(
				p.call("UpdateSipRegistration", form("sip_registration_id", id, "proxy", unresolvable+";transport=tcp")),
				p.call("UpdateSipRegistration", form("sip_registration_id", id, "proxy", "http://"+unresolvable)),
				p.call("UpdateSipRegistration", form("sip_registration_id", id, "auth_user", strings.Repeat("x", 256))),
			)
			p.call("UpdateSipRegistration", form("sip_registration_id", id, "proxy", unresolvable))
			return found(got[0] == 0 && got[1] != 0 && got[2] != 0, "answers %v", got)
		}},
		{"A25", "lists by sip_username, by it in capitals and by a part of it", "the first has the registration", "the others, too", Shared, makes, func(p *probe) outcome {
			name := p.listed(p.shared().failing).text("sip_username")
			if name == "" {
				return unclear("the registration is not listed")
			}
			counts := []int{}
			for _, text := range []string{name, strings.ToUpper(name), name[:len(name)-1]} {
				counts = append(counts, len(p.call("GetSipRegistrations", form("sip_username", text)).objects("result")))
			}
			return found(slices.Equal(counts, []int{1, 0, 0}), "%v registrations", counts)
		}},
		{"A27", "lists with successful, in_progress, deactivated and is_bound_to_application false", "the failed one in all, the one that is offline not in the first", "other rows", Shared, makes, func(p *probe) outcome {
			p.failed()
			of := p.shared()
			var has []bool
			for _, name := range []string{"successful", "in_progress", "deactivated", "is_bound_to_application"} {
				has = append(has, slices.Contains(column(p.call("GetSipRegistrations", form(name, "false", "count", "1000")), "sip_registration_id"), of.failing))
			}
			offline := slices.Contains(column(p.call("GetSipRegistrations", form("successful", "false", "count", "1000")), "sip_registration_id"), of.offline)
			return found(!slices.Contains(has, false) && !offline, "the failed one %v, the one that is offline %t", has, offline)
		}},
		{"A32", "a registration at a host that does not exist", "status 502", "another status", Shared, makes, func(p *probe) outcome {
			status := p.failed()
			if status == "" {
				return unclear("no status yet")
			}
			return found(status == "502", "status %s", inFigures(status))
		}},
		{"A51", "a bound registration, its application deleted, then the list", "it stays, unbound", "it is gone, or bound", Shared, makes + ", an application", func(p *probe) outcome {
			id := p.shared().failing
			_, application := p.application()
			p.call("BindSipRegistration", form("sip_registration_id", id, "application_id", application))
			p.call("DelApplication", form("application_id", application))
			row := p.listed(id)
			return found(row["sip_registration_id"] != nil && row["application_id"] == nil, "found: %t, bound: %t", row["sip_registration_id"] != nil, row["application_id"] != nil)
		}},
		{"A71", "GetMoneyAmountToCharge until tomorrow and for 60 days", "the second has the registrations", "both have, or none", Shared, makes, func(p *probe) outcome {
			p.shared()
			count := func(days int) int {
				until := time.Now().UTC().AddDate(0, 0, days).Format(time.DateOnly)
				return len(asObjectOf(p.call("GetMoneyAmountToCharge", form("charge_date", until)), "result").objects("subscriptions"))
			}
			near, far := count(1), count(60)
			return found(far >= near+2, "%d and %d subscriptions", near, far)
		}},
		{"A73", "what is on hold for a registration", "a line with the registration's id", "another number of lines, or another id", Shared, makes, func(p *probe) outcome {
			id := p.shared().failing
			lines := column(p.call("GetTransactionHistory", form("is_uncommitted", "true", "subscription_id", id)), "transaction_id")
			return found(slices.Equal(lines, []string{id}), "%d lines, of its id: %t", len(lines), slices.Contains(lines, id))
		}},
	}
}

// payingExperiments make registrations, whose month stays charged.
func payingExperiments() []Experiment {
	return []Experiment{
		{"A2", "registrations of both kinds with a user", "both succeed", "one is refused with 394", 2, "an application, two users, two registrations", func(p *probe) outcome {
			name, id := p.application()
			_, first, _ := p.user(name, id, nil)
			_, second, _ := p.user(name, id, nil)
			_, persistent := p.registration(form("application_id", id, "user_id", first, "is_persistent", "true"))
			_, other := p.registration(form("application_id", id, "user_id", second, "is_persistent", "false"))
			o := answered([]int{0, 0}, persistent, other)
			if persistent.code() != 0 {
				return o.switching("user_binding", "non_persistent_only")
			}
			return o.switching("user_binding", "persistent_only")
		}},
		{"A14", "a registration, then its list", "1.00 a month, as a text", "another price or type", 1, "a registration", func(p *probe) outcome {
			id, _ := p.registration(nil)
			o := p.listed(id)
			out := found(o["subscription_price"] == "1.00", "%s %s", typeOf(o["subscription_price"]), inFigures(o.text("subscription_price")))
			if price, err := vox.ParseMoney(o.text("subscription_price")); err == nil && out.verdict == Otherwise {
				out.fee = price.String()
			}
			return out
		}},
		{"A16", "a registration, then its list", "last_updated in seconds", "in another unit", 1, "a registration", func(p *probe) outcome {
			id, _ := p.registration(nil)
			updated := p.listed(id).text("last_updated")
			return found(len(updated) == 10, "%d digits", len(updated))
		}},
		{"A36", "a registration", "its month is put on hold", "the balance changes otherwise", 1, "a registration", func(p *probe) outcome {
			before := p.account()
			p.registration(nil)
			after := p.account()
			held := before.text("money_on_hold") != after.text("money_on_hold") && before.text("fixed_balance") == after.text("fixed_balance")
			return found(held, "on hold changed: %t, fixed balance changed: %t", before.text("money_on_hold") != after.text("money_on_hold"), before.text("fixed_balance") != after.text("fixed_balance"))
		}},
		{"A38", "a registration, deleted at once, then the transactions", "its month is charged", "it is refunded", 1, "a registration", func(p *probe) outcome {
			before := p.account().text("fixed_balance")
			id, _ := p.registration(nil)
			p.call("DeleteSipRegistration", form("sip_registration_id", id))
			after := p.account().text("fixed_balance")
			return found(before != after, "the fixed balance changed: %t", before != after).switching("deleted_registration", "refunded")
		}},
		{"A42", "a registration of an account whose max_sip_registrations is 0", "it succeeds: 0 is no limit", "it is refused", 1, "a registration", func(p *probe) outcome {
			if limit := p.account().number("max_sip_registrations"); limit > 0 {
				return unclear("the account has a limit, of %d", limit)
			}
			_, reply := p.registration(nil)
			return answered([]int{0}, reply)
		}},
		{"A95", "a registration, then what is on hold", "the type sip_registration_charge", "another type", 1, "a registration", func(p *probe) outcome {
			p.registration(nil)
			types := column(p.call("GetTransactionHistory", form("is_uncommitted", "true")), "transaction_type")
			if len(types) == 0 {
				return unclear("nothing is on hold")
			}
			return found(types[0] == "sip_registration_charge", "%s", p.mask.kept(types[0])).switching("charge_type", "subscription_charge")
		}},
		{"A13", "a list of registrations, if there are two", "by ascending id, count is the number of rows", "another order or count", 0, "", func(p *probe) outcome {
			reply := p.call("GetSipRegistrations", form("count", "1000"))
			ids := reply.objects("result")
			if len(ids) < 2 {
				return unclear("%d registrations tell no order", len(ids))
			}
			sorted := slices.IsSortedFunc(ids, func(a, b object) int { return int(a.number("sip_registration_id") - b.number("sip_registration_id")) })
			return found(sorted && int(reply.number("count")) == len(ids), "sorted %t, count %s for %d rows", sorted, inFigures(reply.text("count")), len(ids))
		}},
	}
}
