package evidence

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/voxemu/voxemu/scenarios"
)

// mutation is something that a second voxemu does otherwise than the first one, and how it
// must be reported.
type mutation struct {
	name   string
	method string // whose replies are changed
	change func(form url.Values, reply object) int
	kind   Kind
	path   string
	cites  string // an assumption; empty: any
}

// mutating changes the replies of one method. The change returns the HTTP status, 0: as it
// was.
func mutating(m mutation) func(http.Handler) http.Handler {
	return func(service http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			body, _ := io.ReadAll(r.Body)
			form, _ := url.ParseQuery(string(body))
			r.Body = io.NopCloser(bytes.NewReader(body))
			recorder := httptest.NewRecorder()
			service.ServeHTTP(recorder, r)
			text, status := recorder.Body.Bytes(), recorder.Code
			if strings.HasSuffix(r.URL.Path, "/"+m.method) {
				decoder := json.NewDecoder(bytes.NewReader(text))
				decoder.UseNumber()
				reply := object{}
				if decoder.Decode(&reply) == nil {
					if other := m.change(form, reply); other != 0 {
						status = other
					}
					text, _ = json.Marshal(reply)
				}
			}
			w.Header().Set("Content-Type", "application/json")
			w.WriteHeader(status)
			_, _ = w.Write(text)
		})
	}
}

// rows changes each row of a reply.
func rows(change func(o object)) func(url.Values, object) int {
	return func(_ url.Values, reply object) int {
		for _, o := range reply.objects("result") {
			change(o)
		}
		return 0
	}
}

func gone(name string) func(url.Values, object) int {
	return rows(func(o object) { delete(o, name) })
}

func set(name string, value any) func(url.Values, object) int {
	return rows(func(o object) {
		if _, ok := o[name]; ok {
			o[name] = value
		}
	})
}

func asText(name string) func(url.Values, object) int {
	return rows(func(o object) {
		if _, ok := o[name]; ok {
			o[name] = o.text(name)
		}
	})
}

// top changes the reply itself.
func top(change func(o object)) func(url.Values, object) int {
	return func(_ url.Values, reply object) int {
		change(reply)
		return 0
	}
}

// within changes the member result, if it is an object.
func within(name string, change func(o object)) func(url.Values, object) int {
	return top(func(reply object) {
		if inner, ok := reply[name].(map[string]any); ok {
			change(inner)
		}
	})
}

func reversed(reply object, name string) {
	if list, ok := reply[name].([]any); ok {
		slices.Reverse(list)
	}
}

// otherCode answers other errors instead of one.
func otherCode(from, to int) func(url.Values, object) int {
	return top(func(reply object) {
		if reply.code() != from {
			return
		}
		for _, e := range reply.objects("errors") {
			e["code"] = to
		}
		reply["error"].(map[string]any)["code"] = to
	})
}

func refuses(reply object, code int) {
	clear(reply)
	e := map[string]any{"code": code, "msg": "Invalid arguments."}
	reply["error"], reply["errors"] = e, []any{e}
}

func mutations() []mutation {
	return []mutation{
		{"no application_name", "GetApplications", gone("application_name"), ExtraMember, "result[].application_name", ""},
		{"no modified", "GetRules", gone("modified"), ExtraMember, "result[].modified", ""},
		{"no secure_record_storage", "GetApplications", gone("secure_record_storage"), ExtraMember, "result[].secure_record_storage", ""},
		{"no acd_status", "GetUsers", gone("acd_status"), ExtraMember, "result[].acd_status", ""},
		{"no subscription_price", "GetSipRegistrations", gone("subscription_price"), ExtraMember, "result[].subscription_price", "A14"},
		{"no purchase_date", "GetSipRegistrations", gone("purchase_date"), ExtraMember, "result[].purchase_date", "A16"},
		{"no last_updated", "GetSipRegistrations", gone("last_updated"), ExtraMember, "result[].last_updated", ""},
		{"no status_code", "GetSipRegistrations", gone("status_code"), ExtraMember, "result[].status_code", "A15"},
		{"no account_info", "CreateSipRegistration", top(func(o object) { delete(o, "account_info") }), ExtraMember, "account_info", ""},
		{"no currency", "GetAccountInfo", within("result", func(o object) { delete(o, "currency") }), ExtraMember, "result.currency", ""},
		{"no video_conference", "GetRules", gone("video_conference"), ExtraMember, "result[].video_conference", ""},
		{"no count", "GetApplications", top(func(o object) { delete(o, "count") }), ExtraMember, "count", ""},
		{"no total_count", "GetUsers", top(func(o object) { delete(o, "total_count") }), ExtraMember, "total_count", ""},
		{"no errors", "DeleteSipRegistration", top(func(o object) { delete(o, "errors") }), ExtraMember, "errors", ""},
		{"no field_name", "BindSipRegistration", top(func(o object) {
			eachError(o, func(e object) { delete(e, "field_name") })
		}), ExtraMember, "error.field_name", ""},
		{"no rule_id", "GetRules", gone("rule_id"), ExtraMember, "result[].rule_id", ""},
		{"a member more", "GetSipRegistrations", rows(func(o object) { o["transport"] = "udp" }), MissingMember, "result[].transport", ""},
		{"another member more", "GetAccountInfo", within("result", func(o object) { o["plan"] = map[string]any{"x": 1} }), MissingMember, "result.plan", ""},

		{"id as text", "GetApplications", asText("application_id"), OtherType, "result[].application_id", ""},
		{"new id as text", "AddApplication", top(func(o object) {
			if o["application_id"] != nil {
				o["application_id"] = o.text("application_id")
			}
		}), OtherType, "application_id", ""},
		{"successful as number", "GetSipRegistrations", rows(func(o object) {
			if o["successful"] == true {
				o["successful"] = 1
			}
		}), OtherType, "result[].successful", "A15"},
		{"result as boolean", "UpdateSipRegistration", top(func(o object) {
			if o["result"] != nil {
				o["result"] = true
			}
		}), OtherType, "result", ""},
		{"total_count as text", "GetApplications", top(func(o object) { o["total_count"] = o.text("total_count") }), OtherType, "total_count", ""},
		{"balance as text", "GetAccountInfo", within("result", func(o object) { o["balance"] = o.text("balance") }), OtherType, "result.balance", ""},
		{"price as number", "GetSipRegistrations", set("subscription_price", json.Number("1.00")), OtherType, "result[].subscription_price", "A14"},
		{"rules as null", "GetApplications", set("rules", nil), OtherType, "result[].rules", ""},
		{"last_updated as text", "GetSipRegistrations", asText("last_updated"), OtherType, "result[].last_updated", "A16"},

		{"unknown registration 116", "DeleteSipRegistration", otherCode(275, 116), OtherCode, "", "A12"},
		{"taken name 493", "AddApplication", otherCode(129, 493), OtherCode, "", ""},
		{"bad pattern 496", "AddRule", otherCode(148, 496), OtherCode, "", ""},
		{"weak password 496", "AddUser", otherCode(112, 496), OtherCode, "", "A57"},
		{"wrong key 137", "GetRoles", otherCode(100, 137), OtherCode, "", ""},
		{"count 0 accepted", "GetSipRegistrations", top(func(o object) {
			if o.code() == 496 {
				clear(o)
				o["result"], o["count"] = []any{}, 0
			}
		}), OtherCode, "", "A91"},
		{"updating refused", "UpdateSipRegistration", top(func(o object) { refuses(o, 101) }), OtherCode, "", ""},
		{"another sentence", "DeleteSipRegistration", top(func(o object) {
			eachError(o, func(e object) { e["msg"] = "Invalid 'registration_id' parameter." })
		}), OtherValue, "error.msg", ""},
		{"errors with HTTP status 400", "DeleteSipRegistration", func(_ url.Values, o object) int {
			if o.code() != 0 {
				return http.StatusBadRequest
			}
			return 0
		}, OtherStatus, "", ""},

		{"registrations backwards", "GetSipRegistrations", top(func(o object) { reversed(o, "result") }), OtherOrder, "result[]", "A13"},
		{"applications backwards", "GetApplications", top(func(o object) { reversed(o, "result") }), OtherOrder, "result[]", ""},
		{"users backwards", "GetUsers", top(func(o object) { reversed(o, "result") }), OtherOrder, "result[]", "A65"},
		{"rules backwards", "GetRules", top(func(o object) { reversed(o, "result") }), OtherOrder, "result[]", ""},

		{"three rows by default", "GetSipRegistrations", func(form url.Values, o object) int {
			if list, ok := o["result"].([]any); ok && form.Get("count") == "" && len(list) > 3 {
				o["result"], o["count"] = list[:3], 3
			}
			return 0
		}, OtherCount, "result[]", "A13"},
		{"not persistent by default", "GetSipRegistrations", rows(func(o object) {
			if o.number("sip_registration_id") > 4 {
				o["is_persistent"] = false
			}
		}), OtherValue, "result[].is_persistent", ""},
		{"successful without a user", "GetSipRegistrations", rows(func(o object) {
			if o.number("sip_registration_id") > 4 && o["is_persistent"] == false && o["user_id"] == nil {
				o["successful"] = true
			}
		}), MissingMember, "result[].successful", "A15"},
		{"conferences by default", "GetRules", set("video_conference", true), OtherValue, "result[].video_conference", ""},
		{"a new type of subscription", "GetSubscriptionPrice", rows(func(o object) {
			if o["subscription_template_type"] == "SIP_REGISTRATION" {
				o["subscription_template_type"] = "new-kind"
			}
		}), OtherValue, "result[].subscription_template_type", "A69"},
		{"another sentence with a new word", "AddApplication", top(func(o object) {
			eachError(o, func(e object) { e["msg"] = "Application exists already." })
		}), OtherValue, "error.msg", ""},
		{"users inactive by default", "GetUsers", rows(func(o object) {
			if o.number("user_id") > 12345 {
				o["user_active"] = false
			}
		}), OtherValue, "result[].user_active", ""},
		{"a deleted one is still listed", "GetSipRegistrations", func(form url.Values, o object) int {
			if form.Get("sip_registration_id") == "1" && len(o.objects("result")) == 0 && o.code() == 0 {
				o["result"], o["count"] = []any{map[string]any{"sip_registration_id": 1}}, 1
			}
			return 0
		}, OtherCount, "result[]", ""},
		{"Support may read the audit log", "GetAuditLog", top(func(o object) {
			if o.code() == 100 {
				clear(o)
				o["result"], o["count"], o["timezone"] = []any{}, 0, "Etc/GMT"
			}
		}), OtherCode, "", "A1"},
		{"a registration costs 2.00", "GetSipRegistrations", set("subscription_price", "2.00"), OtherValue, "result[].subscription_price", "A14"},
		{"price 2", "GetSubscriptionPrice", set("price", json.Number("2")), OtherValue, "result[].price", "A69"},
		{"an installation fee", "GetSubscriptionPrice", set("installation_price", json.Number("5")), OtherValue, "result[].installation_price", "A69"},
		{"short names", "GetSipRegistrations", rows(func(o object) {
			if name, _, full := strings.Cut(o.text("application_name"), "."); full {
				o["application_name"] = name
			}
		}), OtherValue, "result[].application_name", "A17"},
		{"milliseconds", "GetSipRegistrations", rows(func(o object) { o["last_updated"] = json.Number(o.text("last_updated") + "000") }), OtherValue, "result[].last_updated", "A16"},
		{"dates with T", "GetSipRegistrations", rows(func(o object) {
			o["purchase_date"] = strings.Replace(o.text("purchase_date"), " ", "T", 1)
		}), OtherValue, "result[].purchase_date", "A16"},
		{"dates without a time", "GetUsers", set("created", "2026-11-27"), OtherValue, "result[].created", ""},
	}
}

func eachError(reply object, change func(e object)) {
	if one, ok := reply["error"].(map[string]any); ok {
		change(one)
	}
	for _, e := range reply.objects("errors") {
		change(e)
	}
}

// manners are calls that show each mutation and each behaviour.
func manners(c client) {
	c.inventory()
	c.call("GetSubscriptionPrice", nil)
	c.call("CreateSipRegistration", url.Values{"sip_username": {"sales"}, "proxy": {"pbx.example.com"}})
	c.call("CreateSipRegistration", url.Values{"sip_username": {"ring"}, "proxy": {"pbx.example.com"}, "is_persistent": {"false"}, "application_id": {"123"}, "user_id": {"123"}})
	c.call("CreateSipRegistration", url.Values{"sip_username": {"desk"}, "proxy": {"pbx.example.com"}, "is_persistent": {"false"}})
	c.call("UpdateSipRegistration", url.Values{"sip_registration_id": {"2"}, "auth_user": {"dagny.taggart"}})
	c.call("BindSipRegistration", url.Values{"sip_registration_id": {"2"}, "application_id": {"123"}, "application_name": {"myapp"}})
	c.call("BindSipRegistration", url.Values{"sip_registration_id": {"2"}, "application_id": {"999"}})
	c.call("DeleteSipRegistration", url.Values{"sip_registration_id": {"1"}})
	c.call("DeleteSipRegistration", url.Values{"sip_registration_id": {"1"}})
	c.call("GetSipRegistrations", nil)
	c.call("GetSipRegistrations", url.Values{"count": {"0"}})
	c.call("GetSipRegistrations", url.Values{"sip_registration_id": {"1"}})
	c.call("AddApplication", url.Values{"application_name": {"sales"}})
	c.call("AddApplication", url.Values{"application_name": {"sales"}})
	c.call("AddRule", url.Values{"application_id": {"123"}, "rule_name": {"bad"}, "rule_pattern": {"("}})
	c.call("AddUser", url.Values{"application_id": {"123"}, "user_name": {"carol"}, "user_display_name": {"Carol"}, "user_password": {"Pa55-word"}})
	c.call("AddUser", url.Values{"application_id": {"123"}, "user_name": {"dave"}, "user_display_name": {"Dave"}, "user_password": {"p@ssw0rd"}})
	c.call("GetUsers", url.Values{"application_id": {"123"}})
	c.call("GetRoles", url.Values{"account_id": {"1"}, "api_key": {"not-the-key-of-anybody"}})
	c.key = "support-key"
	c.call("GetAuditLog", nil)
}

func TestEveryMutationIsReportedAsOneDifference(t *testing.T) {
	all := mutations()
	if len(all) < 40 {
		t.Errorf("only %d mutations", len(all))
	}
	for _, m := range all {
		t.Run(m.name, func(t *testing.T) {
			report := compared(t, Options{}, recordedAs(t, newService(t), mutating(m), manners))
			onlyDifference(t, report, m.kind, m.path, m.method, m.cites)
		})
	}
}

// Rows of which nobody knows the id are differences, no errors.
func TestRowsWithoutAnIDAreDifferences(t *testing.T) {
	for _, value := range []any{nil, json.Number("0"), json.Number("-7"), ""} {
		for _, m := range []mutation{
			{method: "GetUsers", change: set("user_id", value)}, {method: "GetSipWhiteList", change: set("sip_whitelist_id", value)},
			{method: "GetKeys", change: set("key_id", value)}, {method: "GetApplications", change: set("application_id", value)},
			{method: "GetSipRegistrations", change: set("sip_registration_id", value)}, {method: "GetScenarios", change: set("scenario_id", value)},
		} {
			report := compared(t, Options{}, recordedAs(t, newService(t), mutating(m), client.inventory))
			if len(report.Differences) == 0 {
				t.Errorf("%s: %v: no difference", m.method, value)
			}
		}
	}
}

func onlyDifference(t *testing.T, r Report, kind Kind, path, method, cites string) {
	t.Helper()
	if len(r.Differences) != 1 {
		t.Fatalf("%d differences: %v", len(r.Differences), r.Differences)
	}
	d := r.Differences[0]
	if d.Kind != kind || path != "" && d.Path != path || !slices.Equal(d.Methods, []string{method}) {
		t.Errorf("%s; want %s at %q of %s", d, kind, path, method)
	}
	if cites != "" && !slices.Contains(d.Assumptions, cites) {
		t.Errorf("%s does not cite %s", d, cites)
	}
}

// switched is a behaviour, the calls that show it and how it is reported.
type switched struct {
	behaviour string
	calls     []string // METHOD?PARAMETERS
	as        string   // key
	kind      Kind
	cites     string
}

func TestEveryBehaviourIsReportedAsOneDifference(t *testing.T) {
	for _, s := range []switched{
		{"missing_role: forbidden_command", []string{"GetAuditLog?from_date=2026-01-01 00:00:00&to_date=2027-01-01 00:00:00"}, "support-key", OtherCode, "A1"},
		{"user_binding: persistent_only", []string{"CreateSipRegistration?sip_username=x&proxy=pbx.example.com&is_persistent=false&application_id=123&user_id=123"}, "", OtherCode, "A2"},
		{"user_binding: non_persistent_only", []string{"BindSipRegistration?sip_registration_id=1&application_id=123&user_id=123"}, "", OtherCode, "A2"},
		{"id_and_name: refused", []string{"BindSipRegistration?sip_registration_id=1&application_id=123&application_name=myapp"}, "", OtherCode, "A3"},
		{"id_and_name: id_wins", []string{"BindSipRegistration?sip_registration_id=1&application_id=123&application_name=shop"}, "", OtherCode, "A3"},
		{"unknown_filter: error", []string{"GetSipRegistrations?application_name=nobody"}, "", OtherCode, "A4"},
		{"created_key: list", []string{"CreateKey?key_name=x"}, "", OtherType, "A85"},
		{"missing_reference: required", []string{"GetRules?count=1"}, "", OtherCode, "A12"},
		{"count_above_maximum: refused", []string{"GetApplications?count=1001"}, "", OtherCode, "A92"},
		{"deleted_registration: refunded", []string{"DeleteSipRegistration?sip_registration_id=1", "GetTransactionHistory?count=1"}, "", OtherCount, "A38"},
		{"charge_type: subscription_charge", []string{"GetTransactionHistory?is_uncommitted=true"}, "", OtherValue, "A95"},
		{"password_policy: lenient", []string{"AddUser?application_id=123&user_name=carol&user_display_name=Carol&user_password=p@ssw0rd"}, "", OtherCode, "A57"},
		{"scenario_name_filter: part", []string{"GetScenarios?scenario_name=greet"}, "", OtherCount, "A60"},
	} {
		t.Run(s.behaviour, func(t *testing.T) {
			demo, _ := scenarios.Builtin("demo")
			behaves := scenarios.Source{Name: "behaves", Text: []byte("behaviour: {" + s.behaviour + "}\n")}
			service := newService(t, scenarios.Source{Name: "demo", Text: demo}, behaves)
			file := recordedAs(t, service, nil, func(c client) {
				c.inventory()
				for _, call := range s.calls {
					c.key = s.as
					method, query, _ := strings.Cut(call, "?")
					form, err := url.ParseQuery(query)
					if err != nil {
						t.Fatal(err)
					}
					c.call(method, form)
				}
			})
			method, _, _ := strings.Cut(s.calls[len(s.calls)-1], "?")
			onlyDifference(t, compared(t, Options{}, file), s.kind, "", method, s.cites)
			path := t.TempDir() + "/behaves.yaml"
			writeText(t, path, "extends: empty\nbehaviour: {"+s.behaviour+"}\n")
			noDifference(t, compared(t, Options{Scenario: []string{path}}, file))
		})
	}
}
