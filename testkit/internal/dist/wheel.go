package main

import (
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// pythonFolder is the source of the Python package.
const pythonFolder = "testkit/python"

// pythonVersion returns the version as Python writes it: 0.1.0rc1.
func (r *release) pythonVersion() string {
	return strings.NewReplacer("-a.", "a", "-b.", "b", "-rc.", "rc").Replace(r.version)
}

// wheels makes a wheel for each platform: the package with the program in voxemu/bin.
func (r *release) wheels() error {
	sources, err := filepath.Glob(pythonFolder + "/voxemu/*.py")
	if err != nil {
		return err
	}
	files, err := read("voxemu/", append(sources, pythonFolder+"/voxemu/py.typed")...)
	if err != nil {
		return err
	}
	info := fmt.Sprintf("voxemu-%s.dist-info/", r.pythonVersion())
	licenses, err := read(info+"licenses/", "LICENSE", "THIRD-PARTY.txt")
	if err != nil {
		return err
	}
	metadata, err := r.pythonMetadata()
	if err != nil {
		return err
	}
	for _, p := range r.targets {
		program, err := os.ReadFile(r.binary(p))
		if err != nil {
			return err
		}
		all := slices.Concat(files, []file{{name: "voxemu/bin/" + p.program(), text: program, mode: 0o755}}, licenses, []file{
			{name: info + "METADATA", text: []byte(metadata)},
			{name: info + "WHEEL", text: []byte(wheelFile(p))},
			{name: info + "entry_points.txt", text: []byte("[console_scripts]\nvoxemu = voxemu.__main__:main\n\n[pytest11]\nvoxemu = voxemu._pytest\n")},
		})
		slices.SortStableFunc(all, func(a, b file) int { return strings.Compare(a.name, b.name) })
		all = append(all, record(all, info+"RECORD"))
		text, err := zipped(all, r.date)
		if err != nil {
			return err
		}
		if err := r.write(fmt.Sprintf("voxemu-%s-py3-none-%s.whl", r.pythonVersion(), p.wheel), text); err != nil {
			return err
		}
	}
	return nil
}

func wheelFile(p platform) string {
	text := "Wheel-Version: 1.0\nGenerator: voxemu dist\nRoot-Is-Purelib: false\n"
	for tag := range strings.SplitSeq(p.wheel, ".") {
		text += "Tag: py3-none-" + tag + "\n"
	}
	return text
}

// record lists the files of a wheel with their hashes.
func record(files []file, name string) file {
	var lines strings.Builder
	for _, f := range files {
		sum := sha256.Sum256(f.text)
		fmt.Fprintf(&lines, "%s,sha256=%s,%d\n", f.name, base64.RawURLEncoding.EncodeToString(sum[:]), len(f.text))
	}
	fmt.Fprintf(&lines, "%s,,\n", name)
	return file{name: name, text: []byte(lines.String())}
}

// pythonMetadata is what pyproject.toml says, as wheels have it.
func (r *release) pythonMetadata() (string, error) {
	readme, err := os.ReadFile(pythonFolder + "/README.md")
	return `Metadata-Version: 2.4
Name: voxemu
Version: ` + r.pythonVersion() + `
Summary: Emulator of the SIP registration part of the Voximplant Management API, for tests
License-Expression: MIT
License-File: LICENSE
License-File: THIRD-PARTY.txt
Classifier: Framework :: Pytest
Classifier: Topic :: Software Development :: Testing
Classifier: Typing :: Typed
Requires-Python: >=3.9
Description-Content-Type: text/markdown

` + string(readme), err
}
