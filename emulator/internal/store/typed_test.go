package store_test

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

// The compiler refuses mistakes in queries. Each line is compiled as part of the package.
func TestMistakesInQueriesDoNotCompile(t *testing.T) {
	if _, err := exec.LookPath("go"); err != nil {
		t.Fatal(err)
	}
	mistakes := map[string]string{
		"an unknown index":            `RegistrationColour.Is("red")`,
		"the index of another table":  `Count(tx, Registrations, 1, UserName.Is("bob"))`,
		"a value of another type":     `RegistrationUser.Is("5")`,
		"a name instead of an index":  `Earliest(tx, Registrations, "due")`,
		"times of another table":      `Earliest(tx, Registrations, CallbackDue)`,
		"an id of another type":       `Get(tx, Registrations, "1")`,
		"a range of mixed types":      `TransactionTime.Between(1, "2")`,
		"an index for another layout": `Earliest(tx, Registrations, RegistrationUser)`,
	}
	source := "package store\n\nfunc mistakes(tx *Tx) {\n"
	for _, line := range mistakes {
		source += "\t" + line + "\n"
	}
	dir := t.TempDir()
	overlay := map[string]map[string]string{"Replace": {absolute(t, "mistakes.go"): filepath.Join(dir, "mistakes.go")}}
	text, err := json.Marshal(overlay)
	if err != nil {
		t.Fatal(err)
	}
	for name, content := range map[string]string{"mistakes.go": source + "}\n", "overlay.json": string(text)} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	out, err := exec.CommandContext(t.Context(), "go", "build", "-gcflags=-e", "-overlay", filepath.Join(dir, "overlay.json"), ".").CombinedOutput()
	if err == nil {
		t.Fatal("all of it compiles")
	}
	for i, line := range strings.Split(source, "\n") {
		if strings.HasPrefix(line, "\t") && !strings.Contains(string(out), "mistakes.go:"+strconv.Itoa(i+1)+":") {
			t.Errorf("compiles: %s\n%s", line, out)
		}
	}
}

func absolute(t *testing.T, name string) string {
	t.Helper()
	path, err := filepath.Abs(name)
	if err != nil {
		t.Fatal(err)
	}
	return path
}
