package main

import (
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
)

// nfpm makes packages of Linux distributions. It is run by its version and is no
// dependency of the module.
const nfpm = "github.com/goreleaser/nfpm/v2/cmd/nfpm@v2.45.0"

// content is a file of a package.
type content struct {
	Source      string   `json:"src"`
	Destination string   `json:"dst"`
	Info        fileInfo `json:"file_info"`
}

type fileInfo struct {
	Mode  int    `json:"mode"`
	MTime string `json:"mtime"`
}

// linuxPackages makes a .deb and a .rpm for each Linux platform.
func (r *release) linuxPackages() error {
	for _, p := range r.targets {
		if p.os != "linux" {
			continue
		}
		config, err := r.packageConfig(p)
		if err != nil {
			return err
		}
		for _, kind := range []string{"deb", "rpm"} {
			target := filepath.Join(r.out, r.stem(p)+"."+kind)
			command := exec.Command("go", "run", nfpm, "package", "--config", config, "--packager", kind, "--target", target)
			command.Env = append(os.Environ(), "GOFLAGS=-mod=mod", fmt.Sprintf("SOURCE_DATE_EPOCH=%d", r.date.Unix()))
			if err := run(command); err != nil {
				return fmt.Errorf("%s: %w", p, err)
			}
		}
	}
	return nil
}

// packageConfig writes the files of a package and nfpm's description of it.
func (r *release) packageConfig(p platform) (string, error) {
	dir := filepath.Join(r.work, "package-"+p.arch)
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return "", err
	}
	mtime := r.date.Format("2006-01-02T15:04:05Z07:00")
	contents := []content{{r.binary(p), "/usr/bin/voxemu", fileInfo{0o755, mtime}}}
	keep := func(to string, text []byte) error {
		source := filepath.Join(dir, filepath.Base(to))
		contents = append(contents, content{source, to, fileInfo{0o644, mtime}})
		return os.WriteFile(source, text, 0o644)
	}
	for shell, folder := range map[string]string{"bash": "/usr/share/bash-completion/completions/voxemu", "zsh": "/usr/share/zsh/vendor-completions/_voxemu", "fish": "/usr/share/fish/vendor_completions.d/voxemu.fish"} {
		if err := keep(folder, []byte(r.manual.completions[shell])); err != nil {
			return "", err
		}
	}
	for name, text := range r.manual.pages {
		packed, err := gzipped([]byte(text))
		if err == nil {
			err = keep("/usr/share/man/man1/"+name+".gz", packed)
		}
		if err != nil {
			return "", err
		}
	}
	notices, err := read("/usr/share/doc/voxemu/", "LICENSE", "THIRD-PARTY.txt")
	if err != nil {
		return "", err
	}
	for _, f := range notices {
		if err := keep(f.name, f.text); err != nil {
			return "", err
		}
	}
	slices.SortFunc(contents, func(a, b content) int { return strings.Compare(a.Destination, b.Destination) })
	text, err := json.MarshalIndent(map[string]any{ // JSON is YAML
		"name": "voxemu", "arch": p.arch, "platform": "linux", "version": r.version, "license": "MIT", "section": "devel", "mtime": mtime,
		"maintainer": "voxemu <voxemu@example.com>", "homepage": "https://github.com/voxemu/voxemu",
		"description": "Emulator of the SIP registration part of the Voximplant Management API",
		"contents":    contents, "rpm": map[string]any{"buildhost": "voxemu"},
	}, "", "  ")
	if err != nil {
		return "", err
	}
	path := filepath.Join(dir, "nfpm.yaml")
	return path, os.WriteFile(path, text, 0o644)
}
