package layers_test

import (
	"os/exec"
	"strings"
	"testing"
)

// Only programs that ask for it contain the SIP stack.
func TestUsersOfTheEmulatorAndTheTestkitDoNotLinkTheSIPStack(t *testing.T) {
	out, err := exec.CommandContext(t.Context(), "go", "list", "-deps", module+"/emulator", module+"/testkit").Output()
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range strings.Fields(string(out)) {
		if strings.Contains(name, "sipgo") || strings.Contains(name, "icholy/digest") {
			t.Errorf("emulator or testkit depends on %s", name)
		}
	}
}
