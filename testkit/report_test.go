package testkit_test

import (
	"net/http"
	"os"
	"path/filepath"
	"testing"

	"github.com/voxemu/voxemu/emulator"
	"github.com/voxemu/voxemu/testkit"
)

// tests are those of a package, for testkit.Main.
type tests func() int

func (run tests) Run() int { return run() }

// covered runs tests that each send a request for a method.
func covered(t *testing.T, method string, times int) tests {
	t.Helper()
	return func() int {
		for range times {
			ok := t.Run(method, func(t *testing.T) {
				emu := testkit.Run(t)
				reply, err := emu.HTTPClient().Get("http://emulator/platform_api/" + method + "?account_id=1&api_key=demo-key")
				if err != nil || reply.StatusCode != http.StatusOK {
					t.Fatal(reply, err)
				}
				_ = reply.Body.Close()
			})
			if !ok {
				return 1
			}
		}
		return 0
	}
}

func timesOf(t *testing.T, file, method string) int64 {
	t.Helper()
	total, err := emulator.BlankReport()
	if err == nil {
		err = total.MergeFile(file)
	}
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range total.Methods {
		if m.Name == method {
			return m.Times
		}
	}
	return -1
}

func TestMainReportsWhatAllEmulatorsAndWorkersCovered(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "coverage")
	t.Setenv("VOXEMU_REPORT", dir)
	for range 2 { // the second run replaces the first
		if code := testkit.Main(covered(t, "GetSipRegistrations", 3)); code != 0 {
			t.Fatalf("code %d", code)
		}
	}
	written := filepath.Join(dir, "report.json")
	if n := timesOf(t, written, "GetSipRegistrations"); n != 3 {
		t.Errorf("%d requests in the report, want 3", n)
	}
	// Another package, or a worker in another process.
	other, err := filepath.Glob(filepath.Join(dir, "*.jsonl"))
	if err != nil || len(other) != 1 {
		t.Fatal(other, err)
	}
	if err := os.Rename(other[0], filepath.Join(dir, "other.jsonl")); err != nil {
		t.Fatal(err)
	}
	if code := testkit.Main(covered(t, "GetSipRegistrations", 1)); code != 0 {
		t.Fatalf("code %d", code)
	}
	if n := timesOf(t, written, "GetSipRegistrations"); n != 4 {
		t.Errorf("%d requests with the other package, want 4", n)
	}
}

func TestMainReportsNothingUnlessAsked(t *testing.T) {
	t.Setenv("VOXEMU_REPORT", "")
	t.Chdir(t.TempDir())
	if code := testkit.Main(tests(func() int { return 3 })); code != 3 {
		t.Errorf("code %d, want that of the tests", code)
	}
	if code := testkit.Main(covered(t, "GetKeys", 1)); code != 0 {
		t.Errorf("code %d", code)
	}
	if files, err := os.ReadDir("."); err != nil || len(files) > 0 {
		t.Errorf("%v %v", files, err)
	}
	t.Setenv("VOXEMU_REPORT", "coverage")
	if code := testkit.Main(tests(func() int { t.Error("the tests ran"); return 0 })); code != 1 {
		t.Errorf("code %d for a path that is not absolute, want 1", code)
	}
}
