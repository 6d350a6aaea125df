package layers_test

import (
	"os/exec"
	"strings"
	"testing"
)

// What each program that links a package must not contain, and why. A name stands for the
// packages below it too.
func TestProgramsLinkNothingThatTheyDoNotNeed(t *testing.T) {
	const (
		sip   = "only who asks for real registrations gets the SIP stack: see emulator.WithSIP"
		tests = "only tests need it; it takes time at each start of each command"
		codec = "its tables take time at each start of each command, and make the program 2.5 MB larger"
	)
	for root, forbidden := range map[string]map[string]string{
		"/emulator": {
			"github.com/emiago/sipgo": sip, "github.com/icholy/digest": sip,
			"testing": tests, "net/http/httptest": tests, "github.com/google/go-cmp": tests,
		},
		"/testkit": {
			"github.com/emiago/sipgo": sip, "github.com/icholy/digest": sip,
			"testing": tests, "net/http/httptest": tests,
		},
		"/cmd/voxemu": {
			"testing": tests, "net/http/httptest": tests, "github.com/google/go-cmp": tests, module + "/testkit": tests,
			"github.com/modelcontextprotocol/go-sdk": codec, "encoding/gob": codec,
		},
	} {
		out, err := exec.CommandContext(t.Context(), "go", "list", "-deps", module+root).Output()
		if err != nil {
			t.Fatal(err)
		}
		for name := range strings.FieldsSeq(string(out)) {
			for prefix, why := range forbidden {
				inPBX := strings.HasPrefix(name, module+"/testkit/pbx/server") // without test helpers
				if strings.HasPrefix(name+"/", prefix+"/") && !inPBX {
					t.Errorf("%s links %s: %s", strings.TrimPrefix(root, "/"), name, why)
				}
			}
		}
	}
}
