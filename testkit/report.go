package testkit

import (
	"fmt"
	"os"
	"path/filepath"
	"runtime/debug"
	"strings"

	"github.com/voxemu/voxemu/emulator"
)

// reportVariable names the folder for what the tests covered.
const reportVariable = "VOXEMU_REPORT"

// Main runs the tests of a package and writes what they covered into the folder named by
// VOXEMU_REPORT: report.html, junit.xml, report.json, summary.md and annotations.txt, for
// all packages that have used the folder. Without the variable it only runs the tests. It
// returns the exit code:
//
//	func TestMain(m *testing.M) { os.Exit(testkit.Main(m)) }
//
// Each emulator of [Run] and [RunTLS] adds a line to a file of its package in the folder,
// also without Main; voxemu report --from DIR then adds them up. Main removes the lines of
// the package's previous run.
func Main(m interface{ Run() int }) int {
	dir, err := reportDir()
	if err == nil && dir != "" {
		err = os.RemoveAll(filepath.Join(dir, packageName()+".jsonl"))
	}
	if err != nil {
		fmt.Fprintf(os.Stderr, "testkit: %v\n", err)
		return 1
	}
	code := m.Run()
	if dir == "" {
		return code
	}
	if err := writeReport(dir); err != nil {
		fmt.Fprintf(os.Stderr, "testkit: %v\n", err)
		return max(code, 1)
	}
	return code
}

// reportDir returns the folder; empty: none is wanted.
func reportDir() (string, error) {
	dir := os.Getenv(reportVariable)
	if dir != "" && !filepath.IsAbs(dir) {
		return "", fmt.Errorf("%s=%q: want an absolute path, because go test runs each package in its own folder", reportVariable, dir)
	}
	return dir, nil
}

func writeReport(dir string) error {
	total, err := emulator.BlankReport()
	if err != nil {
		return err
	}
	if parts, err := filepath.Glob(filepath.Join(dir, "*.jsonl")); err == nil && len(parts) > 0 {
		if err := total.MergeFile(dir); err != nil {
			return err
		}
	}
	return total.Write(dir, nil)
}

// packageName returns a file name for the package under test.
func packageName() string {
	name := filepath.Base(os.Args[0])
	if info, ok := debug.ReadBuildInfo(); ok && info.Path != "" {
		name = info.Path
	}
	return strings.NewReplacer("/", "_", "\\", "_", ":", "_").Replace(strings.TrimSuffix(name, ".test"))
}

// addReport adds what the emulator's requests covered to the folder, if there is one.
func (e *Emulator) addReport() {
	e.tb.Helper()
	dir, err := reportDir()
	if err == nil && dir != "" {
		covered := e.server.Report()
		err = covered.Append(dir, packageName())
	}
	if err != nil {
		e.tb.Errorf("testkit: %v", err)
	}
}
