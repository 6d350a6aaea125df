package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
)

// mostBytes is how much larger the SIP stack may make the program, with the flags with
// which it is delivered.
const mostBytes = 1 << 20

// stubs replace everything in the program that uses the SIP library.
var stubs = map[string]string{
	"emulator/sip/stack": `package stack

import (
	"errors"

	"github.com/voxemu/voxemu/emulator/sip"
)

func Open(sip.Config, sip.Events) (sip.Agent, error) { return nil, errors.ErrUnsupported }
`,
	"cmd/voxemu/pbx.go": `package main

import "github.com/spf13/cobra"

func pbxCommand() *cobra.Command { return &cobra.Command{Use: "pbx"} }
`,
}

// checkSize builds the program with and without the SIP stack. The current folder must be
// the project's.
func checkSize(folder string) error {
	overlay, err := writeOverlay(folder)
	if err != nil {
		return err
	}
	with, err := build(filepath.Join(folder, "with"))
	if err != nil {
		return err
	}
	without, err := build(filepath.Join(folder, "without"), "-overlay", overlay)
	if err != nil {
		return err
	}
	if linked, err := exec.Command("go", "version", "-m", filepath.Join(folder, "without")).Output(); err != nil || strings.Contains(string(linked), "sipgo") {
		return fmt.Errorf("the program without the SIP stack contains its library, or cannot be read: %w", err)
	}
	if more := with - without; more > mostBytes {
		return fmt.Errorf("the SIP stack makes the program %d bytes larger, want at most %d", more, mostBytes)
	}
	fmt.Printf("ok   size: the SIP stack is %d of %d bytes of the program\n", with-without, with)
	return nil
}

// writeOverlay writes what go build reads instead of files.
func writeOverlay(folder string) (file string, err error) {
	replace := map[string]string{}
	for path, text := range stubs {
		files := []string{path}
		if filepath.Ext(path) == "" {
			if files, err = filepath.Glob(filepath.Join(path, "*.go")); err != nil {
				return "", err
			}
		}
		files = slices.DeleteFunc(files, func(f string) bool { return strings.HasSuffix(f, "_test.go") })
		if len(files) == 0 {
			return "", fmt.Errorf("%s: no Go files; the current folder must be the project's", path)
		}
		stub := filepath.Join(folder, filepath.Base(path)+".stub")
		if err := os.WriteFile(stub, []byte(text), 0o600); err != nil {
			return "", err
		}
		for i, f := range files {
			f, err := filepath.Abs(f)
			if err != nil {
				return "", err
			}
			replace[f] = ""
			if i == 0 {
				replace[f] = stub
			}
		}
	}
	text, err := json.Marshal(map[string]any{"Replace": replace})
	file = filepath.Join(folder, "overlay.json")
	return file, errors.Join(err, os.WriteFile(file, text, 0o600))
}

// build returns the size of the program, built as it is delivered.
func build(to string, more ...string) (size int64, err error) {
	arguments := append([]string{"build", "-trimpath", "-ldflags", "-s -w", "-o", to}, more...)
	c := exec.Command("go", append(arguments, "./cmd/voxemu")...)
	c.Env = append(os.Environ(), "CGO_ENABLED=0")
	if out, err := c.CombinedOutput(); err != nil {
		return 0, fmt.Errorf("%w\n%s", err, out)
	}
	info, err := os.Stat(to)
	if err != nil {
		return 0, err
	}
	return info.Size(), nil
}
