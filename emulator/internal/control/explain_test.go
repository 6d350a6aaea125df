package control_test

import (
	"encoding/json"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/voxemu/voxemu/emulator"
)

const create = "/platform_api/CreateSipRegistration?account_id=1&api_key=demo-key"

// decode returns a JSON text as a value.
func decode[T any](t *testing.T, text string) T {
	t.Helper()
	var value T
	if err := json.Unmarshal([]byte(text), &value); err != nil {
		t.Fatal(err, text)
	}
	return value
}

type explained struct {
	Faults     []struct{ Rule, Unmet string }
	Parameters []struct{ Name, Verdict, Error string }
}

func TestARequestIsExplainedFieldByField(t *testing.T) {
	s, err := emulator.New()
	if err != nil {
		t.Fatal(err)
	}
	called(t, s, create+"&sip_username=a&is_persistent=perhaps&colour=red")
	must(t, s, "POST /_voxemu/faults", `{"name":"others","when":{"method":"Delete*"},"then":{"hang":{}}}`)
	must(t, s, "POST /_voxemu/faults", `{"name":"this","when":{"parameters":{"sip_username":"a"}},"then":{"hang":{}}}`)
	x := decode[explained](t, must(t, s, "GET /_voxemu/requests/1/explain", ""))
	got := map[string]string{}
	for _, p := range x.Parameters {
		if p.Verdict != "absent" {
			got[p.Name] = p.Verdict
		}
	}
	want := map[string]string{"sip_username": "ok", "proxy": "missing", "is_persistent": "invalid", "colour": "unknown", "account_id": "ok", "api_key": "ok"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("parameters (-want +got):\n%s", diff)
	}
	if len(x.Faults) != 2 || x.Faults[0].Unmet != "when.method" || x.Faults[1].Unmet != "" {
		t.Errorf("faults %+v", x.Faults)
	}
}

func TestAPreviewSaysWhichRequestsARuleWouldHaveTaken(t *testing.T) {
	s, err := emulator.New()
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"a", "b", "a", "a"} {
		called(t, s, create+"&proxy=sip.example.com&sip_username="+name)
	}
	for rule, want := range map[string][]string{
		`{"when":{"parameters":{"sip_username":"a"}},"then":{"hang":{}},"times":1}`:                    {"", "when.parameters.sip_username", "times", "times"},
		`{"when":{"nth":2},"then":{"http":{"status":500}}}`:                                            {"when.nth", "", "when.nth", "when.nth"},
		`{"then":{"rate_limit":{"calls":2,"per":"24h","status":429}}}`:                                 {"then.rate_limit", "then.rate_limit", "", ""},
		`{"when":{"method":"Delete*","until":"1ns"},"then":{"hang":{}}}`:                               {"when.method", "when.method", "when.method", "when.method"},
		`{"name":"x","when":{"method":"Create*","headers":{"User-Agent":"curl*"}},"then":{"hang":{}}}`: {"when.headers.User-Agent", "when.headers.User-Agent", "when.headers.User-Agent", "when.headers.User-Agent"},
	} {
		reply := decode[struct{ Requests []struct{ Unmet string } }](t, must(t, s, "POST /_voxemu/faults/preview", rule))
		var got []string
		for _, v := range reply.Requests {
			got = append(got, v.Unmet)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", rule, diff)
		}
	}
	if list := must(t, s, "GET /_voxemu/faults", ""); len(list) > 30 {
		t.Errorf("a preview armed something: %s", list)
	}
}
