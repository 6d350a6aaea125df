package control

import (
	"bytes"
	_ "embed"
	"net/http"
	"strconv"
	"strings"
)

// specification describes the door.
//
//go:embed openapi.yaml
var specification []byte

// Specification is the API's own description.
type Specification struct {
	// Text is openapi.yaml of the API.
	Text []byte
	// URL is the server URL in Text, replaced by the caller's own.
	URL string
}

// doorURL is the server URL in the door's description.
const doorURL = "http://127.0.0.1:15060"

func serveControl(w http.ResponseWriter, r *http.Request) {
	Specification{specification, doorURL}.serve(w, r)
}

// serve writes the description with the address that the caller used, so that
// generated clients and consoles come back here and not to a bind address.
func (s Specification) serve(w http.ResponseWriter, r *http.Request) {
	if err := read(w, r, &nothing{}); err != nil {
		fail(w, err)
		return
	}
	scheme := "http://"
	if r.TLS != nil {
		scheme = "https://"
	}
	text := bytes.Replace(s.Text, []byte("url: "+s.URL), []byte("url: "+strconv.Quote(scheme+r.Host)), 1)
	w.Header().Set("Content-Type", "application/yaml")
	_, _ = w.Write(text) // fails only when the caller is gone
}

// operation is what the description and the list of routes must agree about.
type operation struct{ verb, path, id string }

// String is the operation as complaints name it.
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
