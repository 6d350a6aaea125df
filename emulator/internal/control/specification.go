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

// described is openapi.yaml as it is served, made when first asked for.
var described = sync.OnceValues(func() ([]byte, error) { return contract.Describe(voxemu.OpenAPI()) })

// serverURL is the server URL in both descriptions.
const serverURL = "url: http://127.0.0.1:15060"

// serveSpecification writes a description with the address that the client used,
// so that generated clients and consoles come back here and not to a bind address.
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
		_, _ = w.Write(bytes.Replace(text, []byte(serverURL), []byte("url: "+strconv.Quote(scheme+r.Host)), 1)) // fails only when the caller is gone
	}
}

// operation is what the description and the list of routes must agree about.
type operation struct{ verb, path, id string }

// String is the operation as errors name it.
func (o operation) String() string { return o.verb + " " + o.path + " (" + o.id + ")" }

// operations lists the operations of a description of ours by its layout: paths,
// verbs and operationId on lines of their own, indented by two spaces each.
// Reading it as OpenAPI would make every start several times longer; a test
// does, and compares.
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
