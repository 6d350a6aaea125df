package control

import (
	"bytes"
	_ "embed"
	"net/http"
	"strconv"
	"strings"
	"sync"

	"github.com/voxemu/voxemu"
	"github.com/voxemu/voxemu/emulator/internal/contract"
)

// specification describes the control API.
//
//go:embed openapi.yaml
var specification []byte

// described is the served form of openapi.yaml, created on first use.
var described = sync.OnceValues(func() ([]byte, error) { return contract.Describe(voxemu.OpenAPI()) })

// serverURL is the server URL in both descriptions.
const serverURL = "url: http://127.0.0.1:15060"

// serveSpecification serves a description with the address that the client used, so that
// generated clients can connect. The bind address may not be reachable for them.
func serveSpecification(description func() ([]byte, error)) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		text, err := description()
		if err == nil {
			err = read(w, r, &nothing{})
		}
		if err != nil {
			fail(w, err)
			return
		}
		scheme := "http://"
		if r.TLS != nil {
			scheme = "https://"
		}
		w.Header().Set("Content-Type", "application/yaml")
		_, _ = w.Write(bytes.Replace(text, []byte(serverURL), []byte("url: "+strconv.Quote(scheme+r.Host)), 1)) // fails only if the client is gone
	}
}

// operation identifies an operation in a description or a route.
type operation struct{ verb, path, id string }

// String returns the operation for error messages.
func (o operation) String() string { return o.verb + " " + o.path + " (" + o.id + ")" }

// operations returns the operations of a description by its layout: paths, verbs and
// operationId on their own lines, indented by two spaces each. Parsing it would make
// every start several times longer; a test compares the result with the parsed document.
func operations(text []byte) []operation {
	var found []operation
	var path, verb string
	for line := range strings.Lines(string(text)) {
		line = strings.TrimRight(line, "\r\n")
		indent := len(line) - len(strings.TrimLeft(line, " "))
		key, value, _ := strings.Cut(line[indent:], ":")
		switch {
		case indent == 2 && strings.HasPrefix(key, "/"):
			path = key
		case indent == 4:
			verb = strings.ToUpper(key)
		case indent == 6 && key == "operationId":
			found = append(found, operation{verb, path, strings.TrimSpace(value)})
		}
	}
	return found
}
