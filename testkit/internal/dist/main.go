// Command dist makes everything that a release consists of, in the project's folder:
//
//	go run ./testkit/internal/dist -version 0.1.0 -platforms "linux/amd64 darwin/arm64" -out dist
//
// The files depend on the source only, not on the machine, the folder or the time. See
// docs/releasing.md.
package main

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"time"
)

// release is what is made.
type release struct {
	version string // such as 0.1.0 or 0.1.0-rc.1
	commit  string
	date    time.Time // of all files
	out     string    // the folder
	work    string    // a temporary folder
	targets []platform
	manual  manual
}

func main() {
	var r release
	var platforms string
	flag.StringVar(&r.version, "version", "", "the `VERSION`, such as 0.1.0 or 0.1.0-rc.1")
	flag.StringVar(&r.commit, "commit", "unknown", "the `COMMIT` that is built")
	flag.StringVar(&platforms, "platforms", "", "what to build, `OS/ARCH` and spaces; default: all")
	flag.StringVar(&r.out, "out", "dist", "the `FOLDER`, which is emptied")
	flag.Parse()
	if err := r.run(platforms); err != nil {
		fmt.Fprintln(os.Stderr, "dist:", err)
		os.Exit(1)
	}
}

// versions are those that npm, PyPI and the Linux distributions can all express.
var versions = regexp.MustCompile(`^\d+\.\d+\.\d+(-(a|b|rc)\.\d+)?$`)

func (r *release) run(platforms string) error {
	if !versions.MatchString(r.version) {
		return fmt.Errorf("-version %q: want for example 0.1.0, or 0.1.0-rc.1 with a, b or rc", r.version)
	}
	var err error
	if r.targets, err = chosen(platforms); err != nil {
		return err
	}
	if r.date, err = sourceDate(); err != nil {
		return err
	}
	if r.work, err = os.MkdirTemp("", "voxemu-dist-"); err != nil {
		return err
	}
	defer os.RemoveAll(r.work)
	if err := os.RemoveAll(r.out); err != nil {
		return err
	}
	if err := os.MkdirAll(r.out, 0o755); err != nil {
		return err
	}
	var failed error
	for _, step := range []struct {
		name  string
		do    func() error
		aside bool // without its files the others are still of use
	}{
		{"binaries", r.binaries, false}, {"completions and manual pages", r.describe, false}, {"archives", r.archives, false},
		{"wheels", r.wheels, false}, {"npm packages", r.npm, false}, {"container image", r.image, false},
		{"bill of materials", r.materials, false}, {"deb and rpm", r.linuxPackages, true}, {"formula", r.formula, false}, {"checksums", r.checksums, false},
	} {
		began := time.Now()
		if err := step.do(); err != nil {
			failed = errors.Join(failed, fmt.Errorf("%s: %w", step.name, err))
			if !step.aside {
				return failed
			}
		}
		fmt.Printf("%-30s %5.1f s\n", step.name, time.Since(began).Seconds())
	}
	return errors.Join(failed, r.list())
}

// sourceDate returns the time for all files: that of SOURCE_DATE_EPOCH, which the
// Makefile sets to the commit's.
func sourceDate() (time.Time, error) {
	text := os.Getenv("SOURCE_DATE_EPOCH")
	if text == "" {
		return time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC), nil
	}
	seconds, err := strconv.ParseInt(text, 10, 64)
	if err != nil {
		return time.Time{}, fmt.Errorf("SOURCE_DATE_EPOCH=%q: want seconds since 1970", text)
	}
	return time.Unix(seconds, 0).UTC(), nil
}

// checksums writes the SHA-256 of each file in the format of sha256sum.
func (r *release) checksums() error {
	names, err := r.files()
	if err != nil {
		return err
	}
	var lines strings.Builder
	for _, name := range names {
		sum, err := checksum(filepath.Join(r.out, name))
		if err != nil {
			return err
		}
		fmt.Fprintf(&lines, "%s  %s\n", sum, name)
	}
	return os.WriteFile(filepath.Join(r.out, "checksums.txt"), []byte(lines.String()), 0o644)
}

func checksum(path string) (string, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return "", err
	}
	sum := sha256.Sum256(text)
	return hex.EncodeToString(sum[:]), nil
}

// files returns the names of the files so far, in order.
func (r *release) files() ([]string, error) {
	entries, err := os.ReadDir(r.out)
	var names []string
	for _, entry := range entries {
		if !entry.IsDir() {
			names = append(names, entry.Name())
		}
	}
	return names, err
}

func (r *release) list() error {
	names, err := r.files()
	if err != nil {
		return err
	}
	for _, name := range names {
		info, err := os.Stat(filepath.Join(r.out, name))
		if err != nil {
			return err
		}
		fmt.Printf("%8.1f MB  %s\n", float64(info.Size())/1e6, filepath.Join(r.out, name))
	}
	return nil
}
