package published

import (
	_ "embed"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
	"go.yaml.in/yaml/v4"

	"github.com/voxemu/voxemu"
	"github.com/voxemu/voxemu/emulator"
)

//go:embed examples.yaml
var examplesFile []byte

// example is a request in the documentation of an official SDK.
type example struct {
	Method     string
	Parameters map[string]string
	After      []example
	Error      int
	Reason     string
	Only       string
}

func examples(t *testing.T) []example {
	t.Helper()
	var all []example
	if err := yaml.Load(examplesFile, &all, yaml.WithKnownFields()); err != nil {
		t.Fatal(err)
	}
	return all
}

// TestOfficialExamplesSucceedUnlessTheyContradictARule sends each example to its own
// emulator.
func TestOfficialExamplesSucceedUnlessTheyContradictARule(t *testing.T) {
	for _, e := range examples(t) {
		server, err := emulator.New(emulator.WithScenario("examples"))
		if err != nil {
			t.Fatal(err)
		}
		for _, before := range e.After {
			if code := send(t, server, before); code != 0 {
				t.Errorf("%s %v, before %s: error %d", before.Method, before.Parameters, e.Method, code)
			}
		}
		if code := send(t, server, e); code != e.Error {
			t.Errorf("%s %v: error %d, want %d", e.Method, e.Parameters, code, e.Error)
		}
		if (e.Error != 0) != (e.Reason != "") {
			t.Errorf("%s %v: an error has a reason, and only an error", e.Method, e.Parameters)
		}
	}
}

// TestEveryMethodOfTheReferenceHasAnExample finds methods without an example; the SDKs
// have one for each method of the reference.
func TestEveryMethodOfTheReferenceHasAnExample(t *testing.T) {
	doc, err := openapi3.NewLoader().LoadFromData(voxemu.OpenAPI())
	if err != nil {
		t.Fatal(err)
	}
	shown := map[string]bool{}
	for _, e := range examples(t) {
		shown[e.Method] = true
	}
	for method := range publishedRoles(t) {
		if doc.Paths.Value("/platform_api/"+method) != nil && !shown[method] {
			t.Errorf("%s: no example", method)
		}
	}
}

// send returns the code of the error in the reply, 0 for success.
func send(t *testing.T, server *emulator.Server, e example) int {
	t.Helper()
	form := url.Values{"account_id": {"1"}, "api_key": {"examples-key"}}
	for name, value := range e.Parameters {
		form.Set(name, value)
	}
	request := httptest.NewRequest(http.MethodPost, "/platform_api/"+e.Method, strings.NewReader(form.Encode()))
	request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	answer := httptest.NewRecorder()
	server.Handler().ServeHTTP(answer, request)
	var reply struct {
		Result json.RawMessage
		Error  struct{ Code int }
	}
	if err := json.Unmarshal(answer.Body.Bytes(), &reply); err != nil || reply.Result == nil && reply.Error.Code == 0 {
		t.Fatalf("%s: %s (%v)", e.Method, answer.Body, err)
	}
	return reply.Error.Code
}
