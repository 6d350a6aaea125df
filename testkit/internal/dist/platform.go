package main

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
)

// platform is a system for which there is a binary, with its names elsewhere.
type platform struct {
	os, arch string
	wheel    string // the platform tags
	npm      string // the name of the package in the scope, OS-CPU of Node
}

// known returns all platforms. The Linux binaries are static, so that they run with each
// libc; wheels and npm packages for Linux therefore serve both.
func known() []platform {
	return []platform{
		{"linux", "amd64", "manylinux_2_17_x86_64.manylinux2014_x86_64.musllinux_1_1_x86_64", "linux-x64"},
		{"linux", "arm64", "manylinux_2_17_aarch64.manylinux2014_aarch64.musllinux_1_1_aarch64", "linux-arm64"},
		{"darwin", "amd64", "macosx_12_0_x86_64", "darwin-x64"},
		{"darwin", "arm64", "macosx_12_0_arm64", "darwin-arm64"},
		{"windows", "amd64", "win_amd64", "win32-x64"},
		{"windows", "arm64", "win_arm64", "win32-arm64"},
	}
}

func (p platform) String() string { return p.os + "/" + p.arch }

// program returns the name of the binary.
func (p platform) program() string {
	if p.os == "windows" {
		return "voxemu.exe"
	}
	return "voxemu"
}

// chosen returns the platforms of a list, OS/ARCH and spaces; empty: all.
func chosen(list string) ([]platform, error) {
	names := strings.Fields(list)
	if len(names) == 0 {
		return known(), nil
	}
	var found []platform
	for _, name := range names {
		at := slices.IndexFunc(known(), func(p platform) bool { return p.String() == name })
		if at < 0 {
			var all []string
			for _, p := range known() {
				all = append(all, p.String())
			}
			return nil, fmt.Errorf("-platforms %q: want some of %s", name, strings.Join(all, ", "))
		}
		if !slices.Contains(found, known()[at]) {
			found = append(found, known()[at])
		}
	}
	return found, nil
}

// binary returns the path of a platform's binary.
func (r *release) binary(p platform) string {
	return filepath.Join(r.work, p.os+"-"+p.arch, p.program())
}

func (r *release) binaries() error {
	for _, p := range r.targets {
		if err := r.build(p, r.binary(p)); err != nil {
			return fmt.Errorf("%s: %w", p, err)
		}
	}
	return nil
}

// build builds a binary. The version is given to the linker, because the one that the go
// command reads from Git depends on the folder.
func (r *release) build(p platform, to string) error {
	flags := fmt.Sprintf("-s -w -buildid= -X github.com/voxemu/voxemu/emulator.release=%s -X main.releaseCommit=%s", r.version, r.commit)
	command := exec.Command("go", "build", "-trimpath", "-buildvcs=false", "-ldflags", flags, "-o", to, "./cmd/voxemu")
	command.Env = append(os.Environ(), "CGO_ENABLED=0", "GOOS="+p.os, "GOARCH="+p.arch, "GOFLAGS=", "GOAMD64=v1", "GOARM64=v8.0", "GOEXPERIMENT=")
	return run(command)
}

// own returns a binary that runs here.
func (r *release) own() (string, error) {
	here := platform{os: runtime.GOOS, arch: runtime.GOARCH}
	for _, p := range r.targets {
		if p.String() == here.String() {
			return r.binary(p), nil
		}
	}
	path := filepath.Join(r.work, "own", here.program())
	return path, r.build(here, path)
}

// run runs a command, whose output is the error if it fails.
func run(command *exec.Cmd) error {
	if out, err := command.CombinedOutput(); err != nil {
		return fmt.Errorf("%s: %w\n%s", strings.Join(command.Args, " "), err, out)
	}
	return nil
}
