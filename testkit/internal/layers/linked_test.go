package layers_test

import (
	"os/exec"
	"strings"
	"testing"
)

// Templates look methods up by name. A program that runs one keeps every exported method
// of every type: 5 MB of the binary, 2 MB of idle memory, and time in each user's link.
// Cobra imports text/template and leaves it to the linker, as long as nobody sets a
// template of help.
func TestNothingLinkedRunsTemplates(t *testing.T) {
	out, err := exec.CommandContext(t.Context(), "go", "list", "-deps", "-f", "{{.ImportPath}} {{join .Imports \" \"}}",
		module+"/cmd/voxemu", module+"/testkit", module+"/testkit/pbx").Output()
	if err != nil {
		t.Fatal(err)
	}
	cobra := false
	for line := range strings.Lines(string(out)) {
		importer, imports, _ := strings.Cut(strings.TrimSpace(line), " ")
		for name := range strings.FieldsSeq(imports) {
			switch {
			case importer == "github.com/spf13/cobra" && name == "text/template":
				cobra = true
			case name == "text/template" || name == "html/template":
				t.Errorf("%s imports %s", importer, name)
			}
		}
	}
	if !cobra {
		t.Error("cobra no longer imports text/template: the list of exceptions, or this test, is out of date")
	}
}
