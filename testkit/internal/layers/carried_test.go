package layers_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// carried are the modules that go mod tidy adds to the go.mod of a module whose tests use
// testkit, apart from voxemu, and what needs them.
func carried() map[string]string {
	return map[string]string{
		"github.com/agnivade/levenshtein":          "names that were probably meant",
		"github.com/getkin/kin-openapi":            "checks requests and replies",
		"github.com/go-openapi/jsonpointer":        "kin-openapi",
		"github.com/go-openapi/swag/jsonname":      "kin-openapi",
		"github.com/santhosh-tekuri/jsonschema/v6": "kin-openapi",
		"golang.org/x/text":                        "kin-openapi",
		"github.com/golang-jwt/jwt/v5":             "tokens of service accounts",
		"github.com/google/go-cmp":                 "RequireState takes its options",
		"github.com/gorilla/mux":                   "routes",
		"github.com/hashicorp/go-memdb":            "the state",
		"github.com/hashicorp/go-immutable-radix":  "go-memdb",
		"github.com/hashicorp/golang-lru":          "go-memdb",
		"github.com/shopspring/decimal":            "money",
		"go.yaml.in/yaml/v4":                       "scenarios",
		"golang.org/x/time":                        "rate limits",
	}
}

func TestWhatTheModuleOfAUserCarries(t *testing.T) {
	out, err := exec.CommandContext(t.Context(), "go", "list", "-deps", "-f", "{{with .Module}}{{.Path}}{{end}}", module+"/testkit").Output()
	if err != nil {
		t.Fatal(err)
	}
	found := map[string]string{}
	for name := range strings.FieldsSeq(string(out)) {
		if name != module {
			found[name] = carried()[name]
		}
	}
	if diff := cmp.Diff(carried(), found); diff != "" {
		t.Errorf("modules that users of testkit carry (-allowed +found); a new one needs a reason here, and docs/contributing.md has their number:\n%s", diff)
	}
}

// A user's module must say at least the version of ours.
func TestUsersNeedNoGoNewerThanOneTwentySix(t *testing.T) {
	text, err := os.ReadFile(filepath.Join(root, "go.mod"))
	if err != nil {
		t.Fatal(err)
	}
	if !regexp.MustCompile(`(?m)^go 1\.26(\.0)?$`).Match(text) || regexp.MustCompile(`(?m)^toolchain`).Match(text) {
		t.Error("go.mod: want go 1.26.0 and no toolchain: what is newer, everyone who uses testkit has to install")
	}
}

// The linker leaves out what nothing refers to from the start. What is listed here was
// once in the binary of each test, and in each link after an edit.
func TestATestOfThreeLinesLinksNothingThatItDoesNotNeed(t *testing.T) {
	binary := filepath.Join(t.TempDir(), "three.test")
	build := exec.CommandContext(t.Context(), "go", "test", "-c", "-trimpath", "-ldflags=-w", "-o", binary, "./testdata/threelines")
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	out, err := exec.CommandContext(t.Context(), "go", "tool", "nm", binary).Output()
	if err != nil {
		t.Fatal(err)
	}
	symbols := string(out)
	for part, why := range map[string]string{
		"emulator/internal/contract.Compile":          "make golden compiles openapi.yaml; see contract.Load",
		"kin-openapi/openapi3.(*Loader).LoadFromData": "nothing is loaded, the contract is compiled beforehand",
		"emulator/evidence.Compare":                   "only testkit.Compare compares",
		"emulator/evidence.newReplay":                 "only testkit.Compare replays",
		"text/template.(*Template).Execute":           "a template keeps every method of every type",
		"emulator/apidocs":                            "1.4 MB for a page that only voxemu serve shows",
	} {
		if strings.Contains(symbols, part) {
			t.Errorf("the binary contains %s: %s", part, why)
		}
	}
	if !strings.Contains(symbols, "emulator/internal/contract.Load") {
		t.Error("contract.Load is not in the binary: the names here are out of date")
	}
	const limit = 18 << 20 // bytes without debug information; 17.7 million on linux/amd64 in November 2026
	if info, err := os.Stat(binary); err != nil || info.Size() > limit {
		t.Errorf("%v, the binary has %d bytes, more than %d", err, info.Size(), limit)
	}
}
