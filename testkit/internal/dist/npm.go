package main

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// nodeFolder is the source of the Node package.
const nodeFolder = "testkit/node"

// npm makes the package and, for each platform, the one with the program.
func (r *release) npm() error {
	var names []string
	for _, pattern := range []string{"*.cjs", "*.mjs", "*.d.ts", "*.d.mts", "README.md"} {
		found, err := filepath.Glob(filepath.Join(nodeFolder, pattern))
		if err != nil {
			return err
		}
		names = append(names, found...)
	}
	files, err := read("package/", append(names, "LICENSE")...)
	if err != nil {
		return err
	}
	manifest, err := r.nodeManifest()
	if err != nil {
		return err
	}
	files = append(files, file{name: "package/package.json", text: manifest})
	if err := r.pack("voxemu-voxemu", files); err != nil {
		return err
	}
	for _, p := range r.targets {
		if err := r.nodePlatform(p); err != nil {
			return fmt.Errorf("%s: %w", p, err)
		}
	}
	return nil
}

// nodeManifest returns package.json with the version and the packages of the platforms.
func (r *release) nodeManifest() ([]byte, error) {
	text, err := os.ReadFile(nodeFolder + "/package.json")
	if err != nil {
		return nil, err
	}
	var members map[string]any
	if err := json.Unmarshal(text, &members); err != nil {
		return nil, fmt.Errorf("package.json: %w", err)
	}
	optional := map[string]string{}
	for _, p := range r.targets {
		optional["@voxemu/"+p.npm] = r.version
	}
	members["version"], members["optionalDependencies"] = r.version, optional
	return json.MarshalIndent(members, "", "  ")
}

func (r *release) nodePlatform(p platform) error {
	program, err := os.ReadFile(r.binary(p))
	if err != nil {
		return err
	}
	system, cpu, _ := strings.Cut(p.npm, "-")
	manifest, err := json.MarshalIndent(map[string]any{
		"name": "@voxemu/" + p.npm, "version": r.version, "license": "MIT",
		"description": "The program voxemu for " + p.String() + "; install @voxemu/voxemu",
		"os":          []string{system}, "cpu": []string{cpu}, "preferUnplugged": true,
	}, "", "  ")
	if err != nil {
		return err
	}
	files, err := read("package/", "LICENSE", "THIRD-PARTY.txt")
	if err != nil {
		return err
	}
	files = append(files, file{name: "package/package.json", text: manifest}, file{name: "package/bin/" + p.program(), text: program, mode: 0o755})
	return r.pack("voxemu-"+p.npm, files)
}

// pack writes a package as npm pack does.
func (r *release) pack(name string, files []file) error {
	slices.SortFunc(files, func(a, b file) int { return strings.Compare(a.name, b.name) })
	for i := range files {
		if strings.HasSuffix(files[i].name, "cli.cjs") {
			files[i].mode = 0o755
		}
	}
	text, err := tarball(files, r.date)
	if err != nil {
		return err
	}
	if text, err = gzipped(text); err != nil {
		return err
	}
	return r.write(fmt.Sprintf("%s-%s.tgz", name, r.version), text)
}
