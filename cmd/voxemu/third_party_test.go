package main

import (
	"os"
	"os/exec"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// What the program is built from is listed with its license, on every system.
func TestTheNoticesListTheModulesOfTheProgram(t *testing.T) {
	_, listed, _ := strings.Cut(file(t, "../../THIRD-PARTY.txt"), "\nModules:\n")
	listed, _, _ = strings.Cut(listed, "\n\n")
	names := strings.Fields(listed)
	slices.Sort(names)
	var built []string
	for _, system := range []string{"linux", "darwin", "windows"} {
		list := exec.CommandContext(t.Context(), "go", "list", "-deps", "-f", "{{with .Module}}{{if not .Main}}{{.Path}}{{end}}{{end}}", ".", "../../testkit")
		list.Env = append(os.Environ(), "GOOS="+system)
		out, err := list.Output()
		if err != nil {
			t.Fatal(err)
		}
		built = append(built, strings.Fields(string(out))...)
	}
	slices.Sort(built)
	if diff := cmp.Diff(slices.Compact(built), names); diff != "" {
		t.Errorf("THIRD-PARTY.txt (-built +listed):\n%s", diff)
	}
}
