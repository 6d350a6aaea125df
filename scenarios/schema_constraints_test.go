package scenarios_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"

	"github.com/invopop/jsonschema"

	"github.com/voxemu/voxemu/emulator/vox"
	"github.com/voxemu/voxemu/scenarios"
)

// constraint changes the schema of a property.
type constraint func(*jsonschema.Schema)

func text(least, most uint64) constraint {
	return func(s *jsonschema.Schema) {
		if s.MaxLength = &most; least > 0 {
			s.MinLength = &least
		}
	}
}

func pattern(expression string) constraint {
	return func(s *jsonschema.Schema) { s.Pattern = expression }
}

func from(least int) constraint {
	return func(s *jsonschema.Schema) { s.Minimum = json.Number(fmt.Sprint(least)) }
}

func between(least, most int) constraint {
	return func(s *jsonschema.Schema) { from(least)(s); s.Maximum = json.Number(fmt.Sprint(most)) }
}

// without excludes a range of integers.
func without(least, most int) constraint {
	return func(s *jsonschema.Schema) {
		excluded := &jsonschema.Schema{}
		between(least, most)(excluded)
		if s.Not == nil {
			s.Not = &jsonschema.Schema{}
		}
		s.Not.AnyOf = append(s.Not.AnyOf, excluded)
	}
}

func notNegative(s *jsonschema.Schema) {
	s.ExclusiveMinimum, s.Minimum = "", "0"
	s.Pattern = `^(\+?` + amount + `|-(0+\.?0*|\.0+)([eE][+-]?\d+)?)$`
}

func enum(list []any) constraint { return func(s *jsonschema.Schema) { s.Enum = list } }

func items(of constraint) constraint {
	return func(s *jsonschema.Schema) { of(s.Items) }
}

func all(list ...constraint) constraint {
	return func(s *jsonschema.Schema) {
		for _, one := range list {
			one(s)
		}
	}
}

// inEmulatedYears limits a moment to the years 1970 to 2199. The days beside them are in
// these years in some zones.
func inEmulatedYears(s *jsonschema.Schema) {
	s.Pattern = `^((19[7-9]\d|2[01]\d\d)-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])(` + at + `)?|(1969-12-31|2200-01-01)` + at + `)$`
}

// moreThanZero is for a length of time that may not be 0.
func moreThanZero(s *jsonschema.Schema) {
	*s = jsonschema.Schema{Description: s.Description, Type: "string", Pattern: `^\+?` + length + `$`}
	s.Not = &jsonschema.Schema{Pattern: `^\+?((0+\.?0*|\.0+)` + units + `)+$`}
}

// anyCase returns a pattern for a word in upper or lower case.
func anyCase(word string) string {
	var out strings.Builder
	for _, letter := range word {
		if letter == '-' {
			out.WriteRune(letter)
			continue
		}
		fmt.Fprintf(&out, "[%s%s]", strings.ToLower(string(letter)), strings.ToUpper(string(letter)))
	}
	return out.String()
}

// headers excludes names of headers.
func headers(names ...string) constraint {
	alternatives := make([]string, len(names))
	for i, name := range names {
		alternatives[i] = anyCase(name)
	}
	return func(s *jsonschema.Schema) {
		s.PropertyNames = &jsonschema.Schema{
			Pattern: `^[!#$%&'*+.^_` + "`" + `|~0-9A-Za-z-]+$`,
			Not:     &jsonschema.Schema{Pattern: `^(` + strings.Join(alternatives, "|") + `)$`},
		}
	}
}

// method lists the methods; a pattern is any text with a character that is special in
// patterns.
func (g *generator) method(s *jsonschema.Schema) {
	*s = jsonschema.Schema{Description: s.Description, AnyOf: []*jsonschema.Schema{
		{Type: "string", Enum: words(slices.Sorted(maps.Keys(g.known.Parameters)))},
		{Type: "string", Pattern: `[*?\[\\]|^$`},
	}}
}

// extended lists the built-in scenarios; other files have a known ending.
func extended(s *jsonschema.Schema) {
	*s = jsonschema.Schema{Description: s.Description, AnyOf: []*jsonschema.Schema{
		{Type: "string", Enum: words(scenarios.Names())},
		{Type: "string", Pattern: `\.(yaml|yml|json)$`},
	}}
}

const longest = 255

// checks returns what the checks of scenarios and rules want of properties.
func (g *generator) checks() map[string]constraint {
	optional, required := text(0, longest), text(1, longest)
	id, reference := from(1), from(0)
	parameters := slices.DeleteFunc(g.parameters(), func(name string) bool {
		return slices.Contains([]string{"api_key", "session_id", "password"}, name)
	})
	network := pattern(`^\d{1,3}(\.\d{1,3}){3}(/(\d{1,2}|\d{1,3}(\.\d{1,3}){3}))?$`)
	object := pattern(`^(\s*\{[\s\S]*\}\s*)?$`)
	currency := enum(words([]string{"USD", "EUR", "RUR"}))
	answer := all(between(200, 699), without(201, 299))
	errors := words(slices.Sorted(maps.Keys(g.known.Errors)))
	codes := []any{0}
	for _, code := range slices.Compact(slices.Sorted(maps.Values(g.known.Errors))) {
		codes = append(codes, code)
	}
	return map[string]constraint{
		"ScenarioFile.extends": extended,

		"Account.id": id, "Account.parent_account_id": reference, "Account.name": required, "Account.email": optional,
		"Account.api_key": optional, "Account.password": optional, "Account.currency": currency, "Account.credit_limit": notNegative,
		"Account.max_sip_registrations": from(0), "Account.callback_salt": text(0, 40), "Account.min_balance_to_notify": notNegative,
		"Account.callback_url": all(optional, pattern(`^([hH][tT][tT][pP][sS]?://.+)?$`)),

		"Key.id": pattern(`^[A-Za-z0-9._-]{1,100}$`), "Key.account_id": reference, "Key.name": optional,
		"Application.id": id, "Application.account_id": reference, "Application.name": required,
		"Scenario.id": id, "Scenario.account_id": reference, "Scenario.application_id": reference, "Scenario.name": required,
		"Rule.id": id, "Rule.account_id": reference, "Rule.application_id": id, "Rule.name": required,
		"Rule.scenario_ids": all(items(id), func(s *jsonschema.Schema) { s.UniqueItems = true }),
		"User.id":           id, "User.account_id": reference, "User.application_id": reference, "User.name": required,
		"User.display_name": optional, "User.password": optional,

		"Registration.id": id, "Registration.account_id": reference, "Registration.application_id": reference,
		"Registration.rule_id": reference, "Registration.user_id": reference, "Registration.sip_username": required,
		"Registration.auth_user": optional, "Registration.password": optional,
		"Registration.proxy":              all(required, pattern(`^[^\s/;]+(;transport=(udp|tcp|tls))?$`)),
		"Registration.outbound_proxy":     all(optional, pattern(`^[^\s/;]*$`)),
		"Registration.subscription_price": notNegative, "Registration.money_on_hold": notNegative,
		"Registration.renewal_day": between(0, 31), "Registration.answers": from(0), "Registration.error_message": optional,
		"Registration.status_code":  all(between(0, 699), without(1, 199), without(201, 299)),
		"Registration.last_updated": inEmulatedYears, "Registration.purchase_date": inEmulatedYears,
		"Registration.next_subscription_renewal": inEmulatedYears, "Registration.due": inEmulatedYears,

		"Transaction.id": id, "Transaction.account_id": reference, "Transaction.currency": currency,
		"Transaction.description": optional, "Transaction.sip_registration_id": reference,
		"Callback.id": id, "Callback.account_id": reference, "Callback.batch": from(0), "Callback.attempts": from(0),
		"Callback.last_status": all(between(0, 999), without(1, 99)), "Callback.detail": object,
		"Session.session_id": pattern(`^[0-9A-Za-z]{16,100}$`), "Session.account_id": reference, "Session.expires": inEmulatedYears,
		"AuthorizedIP.id": id, "AuthorizedIP.account_id": reference, "AuthorizedIP.network": network, "AuthorizedIP.description": optional,
		"SIPWhiteListItem.id": id, "SIPWhiteListItem.account_id": reference, "SIPWhiteListItem.network": network, "SIPWhiteListItem.description": optional,
		"AuditEntry.id": id, "AuditEntry.account_id": reference, "AuditEntry.command": required, "AuditEntry.ip": optional,
		"AuditEntry.arguments": object, "AuditEntry.result": object,

		"Billing.installation_fee": notNegative, "Billing.monthly_fee": notNegative,
		"Clock.start": inEmulatedYears, "Clock.frozen": func(s *jsonschema.Schema) { s.Deprecated = true },
		"Generate.count":      between(1, 100_000),
		"RegistrarRule.proxy": optional, "RegistrarRule.sip_username": optional, "RegistrarRule.auth_user": optional,
		"RegistrarRule.password": optional, "RegistrarRule.reason": optional,
		"RegistrarRule.status_code": all(between(0, 699), without(1, 199), without(201, 299)),
		"RegistrarRule.answers":     all(items(answer), func(s *jsonschema.Schema) { s.MaxItems = new(uint64(100)) }),

		"FaultRule.name": pattern(`^[A-Za-z0-9._-]{1,64}$`), "FaultWhen.method": g.method, "FaultWhen.account": from(0),
		"FaultWhen.parameters":  func(s *jsonschema.Schema) { s.PropertyNames = &jsonschema.Schema{Enum: words(parameters)} },
		"FaultWhen.headers":     func(s *jsonschema.Schema) { headers("authorization", "cookie")(s); s.PropertyNames.Pattern = "" },
		"FaultWhen.probability": between(0, 1),
		"FaultHTTP.status":      between(200, 599),
		"FaultHTTP.headers":     headers("connection", "content-length", "transfer-encoding", "trailer"),
		"FaultRateLimit.status": all(between(0, 599), without(1, 399)), "FaultSlowBody.chunks": func(s *jsonschema.Schema) { s.Maximum = "10000" },
		"FaultSlowBody.over":     moreThanZero,
		"FaultDelay.sigma":       between(0, 10),
		"FaultThen.content_type": text(1, 1000),

		"Filter.method": enum(words(slices.Sorted(slices.Values(append(slices.Collect(maps.Keys(g.known.Parameters)), g.notEmulated...))))),
		"Filter.error":  enum(errors), "Filter.code": enum(codes),
		"Times.min": from(0), "Times.max": from(0), "Filter.after": from(0),
	}
}

// constrain adds to the types what the checks want.
func (g *generator) constrain() {
	checks := g.checks()
	g.each(func(owner, name string, s *jsonschema.Schema) {
		if constraint, ok := checks[owner+"."+name]; ok {
			constraint(s)
		}
	})
	for name, conditions := range g.conditions() {
		if of, ok := g.schema.Definitions[name]; ok {
			of.AllOf = append(of.AllOf, conditions...)
		}
	}
	if file, ok := g.schema.Definitions["ScenarioFile"]; ok {
		for _, s := range file.Properties.FromOldest() {
			orEmpty(s)
		}
	}
}

// orEmpty allows a section without a value, in which everything is a comment.
func orEmpty(s *jsonschema.Schema) {
	switch {
	case s.Type == "array":
		s.Type, s.Extras = "", map[string]any{"type": []string{"array", "null"}}
	case s.Ref != "":
		s.AnyOf, s.Ref = []*jsonschema.Schema{{Ref: s.Ref}, {Type: "null"}}, ""
	}
}

// with returns the schema of an object with these members.
func with(members map[string]*jsonschema.Schema, required ...string) *jsonschema.Schema {
	s := &jsonschema.Schema{Properties: jsonschema.NewProperties(), Required: required}
	for _, name := range slices.Sorted(maps.Keys(members)) {
		s.Properties.Set(name, members[name])
	}
	return s
}

type members = map[string]*jsonschema.Schema

func is(values ...any) *jsonschema.Schema { return &jsonschema.Schema{Enum: values} }

// conditions are what the checks want of several members together.
func (g *generator) conditions() map[string][]*jsonschema.Schema {
	none, empty, zero := jsonschema.FalseSchema, &jsonschema.Schema{MaxLength: new(uint64)}, &jsonschema.Schema{Maximum: "0"}
	status := &jsonschema.Schema{}
	between(300, 699)(status)
	frozen := with(members{"deactivated": is(true)}, "deactivated")
	kinds := func(most uint64) *jsonschema.Schema {
		return &jsonschema.Schema{MinProperties: new(uint64(1)), MaxProperties: &most}
	}
	one := make([]*jsonschema.Schema, 0, 3)
	for _, names := range [][]string{{"fixed"}, {"max"}, {"median", "sigma"}} {
		one = append(one, &jsonschema.Schema{Required: names})
	}
	return map[string][]*jsonschema.Schema{
		"Registration": {
			{If: with(members{"state": is(vox.Successful)}, "state"), Then: with(members{
				"status_code": is(0, 200), "failing": is(false), "never_successful": is(false),
			})},
			{If: with(members{"state": is(vox.Failed)}, "state"),
				Then: with(members{"status_code": status}, "status_code"), Else: with(members{"error_message": empty})},
			{If: with(members{"state": is(vox.Successful, vox.Failed)}, "state"), Else: with(members{"status_code": zero})},
			{If: with(members{"state": is(vox.InProgress, vox.Successful, vox.Failed)}, "state"), Else: with(members{"due": none})},
			{If: frozen, Then: with(members{"state": is(vox.Offline)}), Else: with(members{"detach_date": none})},
		},
		"Callback": {
			{If: with(members{"state": is(vox.CallbackRetrying)}, "state"), Then: &jsonschema.Schema{Required: []string{"next_attempt"}}},
			{If: with(members{"state": is(vox.CallbackDelivered, vox.CallbackGivenUp, vox.CallbackDropped)}, "state"), Then: with(members{"next_attempt": none})},
		},
		"RegistrarRule": {{
			If:   with(members{"answers": {MinItems: new(uint64(1))}}, "answers"),
			Then: with(members{"status_code": zero}),
		}},
		"Generate": {{AnyOf: []*jsonschema.Schema{{Required: []string{"user"}}, {Required: []string{"registration"}}}}},
		"FaultThen": {{
			If: &jsonschema.Schema{Required: []string{"delay"}}, Then: kinds(2), Else: kinds(1),
		}},
		"FaultRule": {{
			If:   with(members{"then": {Required: []string{"rate_limit"}}}, "then"),
			Then: with(members{"after": is(false)}),
		}},
		"FaultHTTP": {{
			If:   with(members{"status": is(http.StatusNoContent, http.StatusNotModified)}, "status"),
			Then: with(members{"body": empty}),
		}},
		"FaultDelay": {{AnyOf: one}},
	}
}
