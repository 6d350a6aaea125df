package contract

import (
	"errors"
	"net/url"
	"reflect"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/voxemu/voxemu/emulator/internal/query"
	"github.com/voxemu/voxemu/emulator/vox"
)

// specimen is a small specification that compiles.
const specimen = `
openapi: 3.0.3
info: {title: specimen, version: "1"}
x-errors:
  INVALID: {code: 496, msg: "The '{field}' parameter is invalid.", everywhere: true, x-verified: documented docs/evidence.md#error-codes}
  PARAMETER_CANT_BE_EMPTY: {code: 485, msg: "Specify the '{field}' parameter.", x-verified: documented docs/evidence.md#error-codes}
  ONLY_ONE_OF_PARAMETERS: {code: 458, msg: "Specify only one of: {detail}.", x-verified: documented docs/evidence.md#error-codes}
  INVALID_RULE_ID: {code: 147, msg: "The 'rule_id' parameter is invalid.", x-verified: "assumed A1"}
  INVALID_ARGUMENTS: {code: 101, msg: "Invalid arguments.", everywhere: true, x-verified: documented docs/evidence.md#error-codes}
x-assumptions:
  A1: {says: a, because: b, source: roles, mark: inferred, date: 2026-09, risk: r, experiment: c}
x-everywhere: {api_key: {description: who, x-verified: assumed A1}}
x-also-accepted: {verbs: [GET], bodies: [application/json]}
x-data: {secret: [api_key], id: [account, rule_id], name: [rule_name], host: [proxy], kept: [code, count]}
x-not-emulated: {Rules: {because: nothing is routed, methods: [AddRule]}}
paths:
  /platform_api/Find:
    x-roles: [Owner]
    x-lists: rules
    x-errors: [INVALID_RULE_ID, PARAMETER_CANT_BE_EMPTY]
    post:
      operationId: Find
      requestBody:
        content:
          application/x-www-form-urlencoded: {schema: {$ref: "#/components/schemas/FindArguments"}}
      responses:
        "200":
          description: d
          content:
            application/json: {schema: {$ref: "#/components/schemas/FindReply"}}
components:
  schemas:
    Count: {type: integer, format: int64, minimum: 1, maximum: 1000, default: 20}
    FindArguments:
      type: object
      additionalProperties: false
      required: [account]
      properties:
        account: {type: integer, format: int64, minimum: 1, x-absent: ["0"]}
        rule_id: {type: string, format: intlist, x-filter: rule_id, x-invalid: INVALID_RULE_ID, x-absent: [any, all]}
        rule_name: {type: string, format: stringlist, x-instead-of: rule_id, maxLength: 20}
        code: {type: string, format: codeset, x-filter: code}
        done: {type: boolean, x-filter: done}
        proxy: {type: string, pattern: "^[^ ]+$", x-needs: rule_id, x-verified: assumed A1}
        count: {$ref: "#/components/schemas/Count"}
    FindResult:
      type: object
      additionalProperties: false
      required: [result]
      properties: {result: {type: integer, enum: [1]}}
    FindReply: {oneOf: [{$ref: "#/components/schemas/FindResult"}, {$ref: "#/components/schemas/ErrorReply"}]}
    ErrorReply: {type: object}
`

func filters() map[string]map[string]query.Kind {
	return map[string]map[string]query.Kind{"rules": {"rule_id": query.NumberKind, "code": query.NumberKind, "done": query.FlagKind}}
}

func compiledSpecimen(t testing.TB) *Method {
	t.Helper()
	c, err := Compile([]byte(specimen), filters())
	if err != nil {
		t.Fatal(err)
	}
	m, ok := c.Method("Find")
	if !ok {
		t.Fatal("no method Find")
	}
	return m
}

func TestWhatIsNotUnderstoodIsRefused(t *testing.T) {
	for _, c := range []struct{ change, to, want string }{
		{"x-roles: [Owner]", "x-roles: [Boss]", `Find: x-roles: unknown role "Boss"`},
		{"x-roles: [Owner]", "x-rolez: [Owner]", "Find: unknown key x-rolez"},
		{"x-errors: [INVALID_RULE_ID,", "x-errors: [NO_SUCH,", `Find: x-errors: "NO_SUCH" is not in the root's x-errors`},
		{"x-invalid: INVALID_RULE_ID", "x-invalid: NO_SUCH", `Find rule_id: x-invalid: "NO_SUCH" is not in the root's x-errors`},
		{"x-filter: rule_id", "x-filter: rule", `Find rule_id: x-filter: the table "rules" has no index "rule"`},
		{"x-lists: rules", "x-lists: callers", `Find: x-lists: the store has no table "callers" to filter`},
		{"x-filter: done", "x-filter: code", `Find done: x-filter: index "code" holds integer values, the parameter boolean`},
		{"x-needs: rule_id", "x-needs: rule", `Find proxy: x-needs: "rule" is no parameter`},
		{"x-instead-of: rule_id", "x-instead-of: rule", `Find rule_name: x-instead-of: "rule" is no parameter`},
		{"format: codeset", "format: codes", `Find code: type &[string] with format "codes" is not understood`},
		{"type: object\n      additionalProperties: false\n      required: [account]", "type: object\n      anyOf: [{required: [code]}]\n      additionalProperties: false\n      required: [account]", "Find: allOf, anyOf, oneOf and not are not understood"},
		{"x-verified: assumed A1}", "x-verified: assumed A7}", "x-verified: cites A7, which x-assumptions lacks"},
		{"x-verified: assumed A1}", "x-verified: believed}", "x-verified: want documented, observed or assumed"},
		{"because: b, ", "", "x-assumptions.A1: want an id such as A7 with says, because, source, mark, date, risk and experiment"},
		{"mark: inferred", "mark: guessed", `x-assumptions.A1: mark "guessed": want one of [page measured documented inferred]`},
		{"date: 2026-09", "date: lately", `x-assumptions.A1: date "lately": want a month such as 2026-09, or undated`},
		{"[AddRule]", "[Find]", "x-not-emulated: Find is emulated"},
		{"because: nothing is routed, ", "", "x-not-emulated.Rules: needs a because"},
		{"code: 496, ", "", "x-errors.INVALID: needs a code and a msg"},
		{"{type: integer, enum: [1]}", "{type: integer, enum: [1], x-unit: s}", "unknown key x-unit"},
		{"required: [result]", "required: [result]\n      x-or-list: [results]", "Find reply: x-or-list: want names of properties"},
		{"description: who, ", "", "x-everywhere.api_key: needs a description"},
		{"verbs: [GET]", "verbs: GET", "x-also-accepted: json: cannot unmarshal"},
		{"secret: [api_key], ", "", " api_key: say in x-data what its values are"},
		{"id: [account, rule_id]", "id: [account]", "Find rule_id: say in x-data what its values are"},
		{"name: [rule_name]", "name: [rule_name, rule]", "x-data: nothing has the name rule"},
		{"name: [rule_name]", "name: [rule_name, proxy]", "x-data: proxy is listed as"},
		{"name: [rule_name]", "nickname: [rule_name]", `x-data: unknown kind "nickname"`},
		{"/platform_api/Find:", "/api/Find:", "/api/Find: want /platform_api/{Method}"},
		{"    post:", "    put:", "Find: want one post with the method's name as operationId"},
		{"operationId: Find", "operationId: Search", "Find: want one post with the method's name as operationId"},
		{"          application/x-www-form-urlencoded:", "          application/json:", "Find: want one body, application/x-www-form-urlencoded"},
		{`{$ref: "#/components/schemas/ErrorReply"}`, `{type: object}`, "the reply must refer to a schema …Reply, oneOf the result and ErrorReply"},
	} {
		if !strings.Contains(specimen, c.change) {
			t.Fatalf("the specimen lacks %q", c.change)
		}
		_, err := Compile([]byte(strings.Replace(specimen, c.change, c.to, 1)), filters())
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v\nwant %s", c.to, err, c.want)
		}
	}
}

func TestAllComplaintsComeAtOnce(t *testing.T) {
	spec := strings.Replace(specimen, "x-roles: [Owner]", "x-roles: [Boss]", 1)
	spec = strings.Replace(spec, "x-needs: rule_id", "x-needs: rule", 1)
	_, err := Compile([]byte(spec), filters())
	if err == nil || !strings.Contains(err.Error(), "Boss") || !strings.Contains(err.Error(), "x-needs") {
		t.Errorf("want both mistakes, got %v", err)
	}
}

func parse(t *testing.T, query string) (Values, []string, error) {
	t.Helper()
	given, err := url.ParseQuery(strings.ReplaceAll(query, ";", "%3B"))
	if err != nil {
		t.Fatal(err)
	}
	parsed, err := compiledSpecimen(t).Parse(given, func(name string) bool { return name == "api_key" })
	return parsed.Values, parsed.Unknown, err
}

func TestValuesAreTypedAndDefaultsFilled(t *testing.T) {
	for query, want := range map[string]Values{
		"account=1":                            {"account": int64(1), "count": int64(20)},
		"account=0&account=5":                  {"account": int64(5), "count": int64(20)},
		"account=1&done=True&count=3":          {"account": int64(1), "done": true, "count": int64(3)},
		"account=1&done=":                      {"account": int64(1), "done": false, "count": int64(20)},
		"account=1&rule_id=1;2&rule_id=3":      {"account": int64(1), "rule_id": "1;2;3", "count": int64(20)},
		"account=1&rule_id=any&rule_name=;":    {"account": int64(1), "count": int64(20)},
		"account=1&rule_id=&proxy=":            {"account": int64(1), "count": int64(20)},
		"account=1&rule_name=a;b&proxy=p":      {"account": int64(1), "rule_name": "a;b", "proxy": "p", "count": int64(20)},
		"account=1&api_key=secret&code=401":    {"account": int64(1), "code": "401", "count": int64(20)},
		"account=1&done=true&done=false&count": {"account": int64(1), "done": false, "count": int64(20)},
	} {
		got, unknown, err := parse(t, query)
		if err != nil || len(unknown) > 0 {
			t.Errorf("%s: %v, unknown %q", query, err, unknown)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", query, diff)
		}
	}
}

func TestEveryMistakeIsRefusedWithItsParameter(t *testing.T) {
	for query, want := range map[string]string{
		"":                                "PARAMETER_CANT_BE_EMPTY on account",
		"account=0":                       "PARAMETER_CANT_BE_EMPTY on account",
		"account=x":                       "INVALID on account: an integer from 1",
		"account=-1":                      "INVALID on account: an integer from 1",
		"account=1&count=0":               "INVALID on count: an integer from 1 to 1000",
		"account=1&done=maybe":            "INVALID on done: true or false (or 1 or 0)",
		"account=1&rule_id=1;x":           "INVALID_RULE_ID on rule_id: integers separated by semicolons",
		"account=1&code=408:403":          "INVALID on code: SIP status codes or ranges such as 401;403:408",
		"account=1&proxy=p":               "PARAMETER_CANT_BE_EMPTY on rule_id: a value beside proxy",
		"account=1&proxy=p%20q&rule_id=1": "INVALID on proxy: a text that matches ^[^ ]+$",
		"account=1&rule_name=%ff":         "INVALID on rule_name: valid UTF-8 without NUL",
		"account=1&rule_name=a%00b":       "INVALID on rule_name: valid UTF-8 without NUL",
		"account=1&rule_name=" + strings.Repeat("x", 21): "INVALID on rule_name: texts separated by semicolons of at most 20 characters",
		"count=x&done=x&account=x":                       "INVALID on account: an integer from 1; INVALID on done: true or false (or 1 or 0); INVALID on count: an integer from 1 to 1000",
	} {
		_, _, err := parse(t, query)
		var refusals vox.Refusals
		if !errors.As(err, &refusals) || refusals.Error() != want {
			t.Errorf("%s:\n got %v\nwant %s", query, err, want)
		}
	}
}

func TestUnknownParametersAreReported(t *testing.T) {
	_, unknown, err := parse(t, "account=1&b=1&a=1&api_key=k")
	if diff := cmp.Diff([]string{"a", "b"}, unknown); diff != "" || err != nil {
		t.Errorf("%v (-want +got):\n%s", err, diff)
	}
}

type findParams struct {
	Where    []query.Filter `param:"filters"`
	Account  int64          `param:"account"`
	RuleName []string       `param:"rule_name"`
	Proxy    string         `param:"proxy"`
	Count    int            `param:"count"`
}

func TestBindingFillsFieldsAndFilters(t *testing.T) {
	binder, err := NewBinder(compiledSpecimen(t), reflect.TypeFor[findParams]())
	if err != nil {
		t.Fatal(err)
	}
	values, _, err := parse(t, "account=1&rule_id=1;2&rule_name=a;b&code=401;403:408&done=0")
	if err != nil {
		t.Fatal(err)
	}
	want := findParams{
		Where: []query.Filter{
			{Index: "rule_id", Ranges: query.Each[int64](1, 2)},
			{Index: "code", Ranges: []query.Range{{Low: query.Number(401), High: query.Number(401)}, {Low: query.Number(403), High: query.Number(408)}}},
			{Index: "done", Ranges: query.Each(false)},
		},
		Account: 1, RuleName: []string{"a", "b"}, Count: 20,
	}
	if diff := cmp.Diff(&want, binder.Bind(values)); diff != "" {
		t.Errorf("parameters (-want +got):\n%s", diff)
	}
}

func TestFieldsAndParametersMustMatch(t *testing.T) {
	type params struct {
		Account string `param:"account"`
		Other   int64  `param:"other"`
	}
	_, err := NewBinder(compiledSpecimen(t), reflect.TypeFor[params]())
	for _, want := range []string{
		"field Account: want int64", `field Other: openapi.yaml has no parameter "other"`,
		"no field takes the parameter proxy", "no field takes the parameter done",
	} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("want %q in %v", want, err)
		}
	}
}

func TestAnOptionalBooleanTellsFalseFromAbsent(t *testing.T) {
	type params struct {
		Where    []query.Filter `param:"filters"`
		Account  int64          `param:"account"`
		RuleName []string       `param:"rule_name"`
		Proxy    string         `param:"proxy"`
		Count    int64          `param:"count"`
		Done     *bool          `param:"done"`
	}
	binder, err := NewBinder(compiledSpecimen(t), reflect.TypeFor[params]())
	if err != nil {
		t.Fatal(err)
	}
	no, yes := false, true
	for query, want := range map[string]*bool{"account=1": nil, "account=1&done=0": &no, "account=1&done=True": &yes} {
		values, _, err := parse(t, query)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, binder.Bind(values).(*params).Done); diff != "" {
			t.Errorf("%s (-want +got):\n%s", query, diff)
		}
	}
}

func TestARepliesThatDoNotFitAreFound(t *testing.T) {
	m := compiledSpecimen(t)
	if err := m.CheckReply([]byte(`{"result":1}`)); err != nil {
		t.Error(err)
	}
	for _, body := range []string{`{}`, `{"result":2}`, `{"result":1,"errors":[]}`, `{"result":"1"}`, `{`, `[]`} {
		if m.CheckReply([]byte(body)) == nil {
			t.Errorf("%s was accepted", body)
		}
	}
}

func BenchmarkParse(b *testing.B) {
	m := compiledSpecimen(b)
	given := url.Values{"account": {"1"}, "rule_id": {"1;2"}, "code": {"401;403:408"}, "done": {"true"}, "api_key": {"k"}}
	common := func(name string) bool { return name == "api_key" }
	b.ReportAllocs()
	for b.Loop() {
		if _, err := m.Parse(given, common); err != nil {
			b.Fatal(err)
		}
	}
}
