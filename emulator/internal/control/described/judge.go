// Package described validates replies of the control API against its openapi.yaml, in
// tests.
package described

import (
	"context"
	"encoding/json"
	"mime"
	"net/http/httptest"
	"os"
	"strconv"
	"strings"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/getkin/kin-openapi/routers"
	"github.com/getkin/kin-openapi/routers/gorillamux"
)

// Judge validates replies and records which operations and statuses it has seen.
type Judge struct {
	Doc    *openapi3.T
	Seen   map[string]bool // "operationId status"
	router routers.Router
}

// New reads the description from a file; it ends the test if that fails.
func New(t *testing.T, file string) *Judge {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	doc, err := openapi3.NewLoader().LoadFromData(text)
	if err != nil {
		t.Fatal(err)
	}
	if err := doc.Validate(context.Background()); err != nil {
		t.Fatal(err)
	}
	doc.Servers = nil // the tests' requests have no host
	router, err := gorillamux.NewRouter(doc)
	if err != nil {
		t.Fatal(err)
	}
	return &Judge{doc, map[string]bool{}, router}
}

// Check validates the reply to a target, "GET /path?query". It ends the test if the
// description has no such reply or media type; the test fails if the body does not match
// the schema.
func (j *Judge) Check(t *testing.T, target string, got *httptest.ResponseRecorder) {
	t.Helper()
	verb, path, _ := strings.Cut(target, " ")
	route, _, err := j.router.FindRoute(httptest.NewRequest(verb, path, nil))
	if err != nil {
		t.Fatalf("%s: openapi.yaml: %v", target, err)
	}
	status := strconv.Itoa(got.Code)
	response := route.Operation.Responses.Value(status)
	if response == nil && got.Code >= 400 {
		status, response = "default", route.Operation.Responses.Default()
	}
	if response == nil {
		t.Fatalf("%s: %s does not describe the status %d: %s", target, route.Operation.OperationID, got.Code, got.Body)
	}
	j.Seen[route.Operation.OperationID+" "+status] = true
	mediaType, _, err := mime.ParseMediaType(got.Header().Get("Content-Type"))
	media := response.Value.Content[mediaType]
	if err != nil || media == nil {
		t.Fatalf("%s: %d does not describe %q, %v", target, got.Code, mediaType, err)
	}
	if !media.Schema.Value.Type.Is("string") {
		j.Fits(t, target, got.Body.Bytes(), media.Schema)
	}
}

// Fits fails the test if a JSON text does not match a schema.
func (j *Judge) Fits(t *testing.T, what string, text []byte, schema *openapi3.SchemaRef) {
	t.Helper()
	var value any
	if err := json.Unmarshal(text, &value); err != nil {
		t.Fatalf("%s: %v in %s", what, err, text)
	}
	if err := schema.Value.VisitJSON(value, openapi3.MultiErrors()); err != nil {
		t.Errorf("%s: %v", what, err)
	}
}
