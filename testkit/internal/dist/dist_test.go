package main

import (
	"archive/tar"
	"archive/zip"
	"bytes"
	"compress/gzip"
	"encoding/json"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// made makes what needs no building, with short texts in place of the binaries.
func made(t *testing.T) *release {
	t.Helper()
	t.Chdir("../../..")
	r := &release{version: "1.2.3-rc.4", commit: "c0ffee", date: time.Unix(1_700_000_000, 0).UTC(), out: t.TempDir(), work: t.TempDir(), targets: known()}
	r.manual = manual{completions: map[string]string{"bash": "b", "zsh": "z"}, pages: map[string]string{"voxemu.1": "p"}}
	for _, p := range r.targets {
		path := r.binary(p)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte("program for "+p.String()), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	for _, step := range []func() error{r.archives, r.wheels, r.npm, r.image, r.formula, r.checksums} {
		if err := step(); err != nil {
			t.Fatal(err)
		}
	}
	return r
}

func TestEachPlatformHasAnArchiveAWheelAndAnNpmPackage(t *testing.T) {
	r := made(t)
	names, err := r.files()
	if err != nil {
		t.Fatal(err)
	}
	want := []string{
		"checksums.txt", "voxemu-voxemu-1.2.3-rc.4.tgz", "voxemu.rb", "voxemu_1.2.3-rc.4_image.tar",
		"voxemu-1.2.3rc4-py3-none-macosx_12_0_arm64.whl", "voxemu-1.2.3rc4-py3-none-macosx_12_0_x86_64.whl",
		"voxemu-1.2.3rc4-py3-none-manylinux_2_17_aarch64.manylinux2014_aarch64.musllinux_1_1_aarch64.whl",
		"voxemu-1.2.3rc4-py3-none-manylinux_2_17_x86_64.manylinux2014_x86_64.musllinux_1_1_x86_64.whl",
		"voxemu-1.2.3rc4-py3-none-win_amd64.whl", "voxemu-1.2.3rc4-py3-none-win_arm64.whl",
	}
	for _, name := range []string{"darwin-arm64", "darwin-x64", "linux-arm64", "linux-x64", "win32-arm64", "win32-x64"} {
		want = append(want, "voxemu-"+name+"-1.2.3-rc.4.tgz")
	}
	for _, name := range []string{"darwin_amd64.tar.gz", "darwin_arm64.tar.gz", "linux_amd64.tar.gz", "linux_arm64.tar.gz", "windows_amd64.zip", "windows_arm64.zip"} {
		want = append(want, "voxemu_1.2.3-rc.4_"+name)
	}
	slices.Sort(want)
	if diff := cmp.Diff(want, names); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}

func TestArtefactsAreTheSameWheneverTheyAreMade(t *testing.T) {
	sums := func() string {
		text, err := os.ReadFile(filepath.Join(made(t).out, "checksums.txt"))
		if err != nil {
			t.Fatal(err)
		}
		return string(text)
	}
	first := sums()
	t.Chdir(filepath.Join("testkit", "internal", "dist"))
	if diff := cmp.Diff(first, sums()); diff != "" {
		t.Errorf("-first +second:\n%s", diff)
	}
}

func TestAWheelListsItsFilesAndItsProgramCanBeRun(t *testing.T) {
	r := made(t)
	wheels, err := filepath.Glob(filepath.Join(r.out, "*win_amd64.whl"))
	if err != nil || len(wheels) != 1 {
		t.Fatal(wheels, err)
	}
	archive, err := zip.OpenReader(wheels[0])
	if err != nil {
		t.Fatal(err)
	}
	defer archive.Close()
	var record string
	var names []string
	for _, f := range archive.File {
		names = append(names, f.Name)
		if strings.HasSuffix(f.Name, "/RECORD") {
			opened, err := f.Open()
			if err != nil {
				t.Fatal(err)
			}
			text, err := io.ReadAll(opened)
			if err != nil {
				t.Fatal(err)
			}
			record = string(text)
		}
		if f.Name == "voxemu/bin/voxemu.exe" && f.Mode().Perm() != 0o755 {
			t.Errorf("%s has mode %s", f.Name, f.Mode())
		}
	}
	if !slices.Contains(names, "voxemu/bin/voxemu.exe") || !slices.Contains(names, "voxemu/_types.py") {
		t.Errorf("%q", names)
	}
	for _, name := range names {
		if !strings.Contains(record, name+",") {
			t.Errorf("RECORD lacks %s", name)
		}
	}
}

func TestTheNpmPackageNeedsThoseOfThePlatforms(t *testing.T) {
	r := made(t)
	var manifest struct {
		Version              string
		OptionalDependencies map[string]string
		Dependencies         map[string]string
	}
	names := unpack(t, filepath.Join(r.out, "voxemu-voxemu-1.2.3-rc.4.tgz"), "package/package.json", &manifest)
	for _, name := range []string{"index.cjs", "index.mjs", "index.d.ts", "index.d.mts", "types.d.ts", "cli.cjs", "LICENSE"} {
		if !slices.Contains(names, "package/"+name) {
			t.Errorf("no %s in %q", name, names)
		}
	}
	if len(manifest.OptionalDependencies) != 6 || manifest.OptionalDependencies["@voxemu/linux-x64"] != r.version || manifest.Version != r.version || len(manifest.Dependencies) != 0 {
		t.Errorf("%+v", manifest)
	}
	var platform struct{ OS, CPU []string }
	unpack(t, filepath.Join(r.out, "voxemu-win32-arm64-1.2.3-rc.4.tgz"), "package/package.json", &platform)
	if diff := cmp.Diff([]string{"win32", "arm64"}, append(platform.OS, platform.CPU...)); diff != "" {
		t.Error(diff)
	}
}

// unpack returns the names in a .tgz, and reads one file as JSON.
func unpack(t *testing.T, path, name string, into any) (names []string) {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	packed, err := gzip.NewReader(bytes.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	for r := tar.NewReader(packed); ; {
		header, err := r.Next()
		if err == io.EOF {
			return names
		}
		if err != nil {
			t.Fatal(err)
		}
		names = append(names, header.Name)
		if header.Name == name {
			if err := json.NewDecoder(r).Decode(into); err != nil {
				t.Fatal(err)
			}
		}
	}
}

func TestEachModuleOfTheNoticesHasAKnownLicense(t *testing.T) {
	t.Chdir("../../..")
	text, err := os.ReadFile("THIRD-PARTY.txt")
	if err != nil {
		t.Fatal(err)
	}
	_, list, _ := strings.Cut(string(text), "\nModules:\n")
	list, _, _ = strings.Cut(list, "\n\n")
	for _, module := range strings.Fields(list) {
		if id, err := licenseOf(licenseText(string(text), module)); err != nil {
			t.Errorf("%s: %q, %v", module, id, err)
		}
	}
	if _, err := licenseOf(licenseText(string(text), "example.com/unknown")); err == nil {
		t.Error("a module without a license has one")
	}
	if script, err := referencePage(); err != nil || script.Version == "" {
		t.Errorf("%+v, %v", script, err)
	}
}

func TestWhatCannotBeReleasedIsRefused(t *testing.T) {
	for _, version := range []string{"", "v1.2.3", "1.2", "1.2.3-dev", "1.2.3+x"} {
		if err := (&release{version: version}).run("linux/amd64"); err == nil || !strings.Contains(err.Error(), "want for example 0.1.0") {
			t.Errorf("%q: %v", version, err)
		}
	}
	if _, err := chosen("linux/386"); err == nil || !strings.Contains(err.Error(), "want some of linux/amd64") {
		t.Error(err)
	}
	if some, err := chosen("linux/arm64 linux/arm64"); err != nil || len(some) != 1 {
		t.Error(some, err)
	}
	if all, err := chosen(" "); err != nil || len(all) != 6 {
		t.Error(all, err)
	}
}

func TestAManualPageShowsTheHelpAsItIs(t *testing.T) {
	got := roff("voxemu-x", "Do it", "a\\b --flag\n.dot\n'quote\n", "2026-01-01", "1.0.0")
	want := ".TH VOXEMU\\-X 1 2026-01-01 \"voxemu 1.0.0\"\n.SH NAME\nvoxemu\\-x \\- Do it\n.SH DESCRIPTION\n.nf\na\\eb \\-\\-flag\n\\&.dot\n\\&'quote\n.fi\n"
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}
