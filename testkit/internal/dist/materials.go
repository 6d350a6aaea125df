package main

import (
	"debug/buildinfo"
	"encoding/json"
	"fmt"
	"os"
	"regexp"
	"slices"
	"strings"
	"time"
)

// component is a part of the program, in the words of CycloneDX.
type component struct {
	Type     string    `json:"type"`
	BOMRef   string    `json:"bom-ref"`
	Name     string    `json:"name"`
	Version  string    `json:"version"`
	PURL     string    `json:"purl"`
	Licenses []license `json:"licenses"`
}

type license struct {
	License struct {
		ID string `json:"id"`
	} `json:"license"`
}

// materials writes the modules of the binaries and what the reference page contains, with
// their licences, as CycloneDX 1.6.
func (r *release) materials() error {
	notices, err := os.ReadFile("THIRD-PARTY.txt")
	if err != nil {
		return err
	}
	versions := map[string]string{}
	for _, p := range r.targets {
		info, err := buildinfo.ReadFile(r.binary(p))
		if err != nil {
			return err
		}
		for _, module := range info.Deps {
			versions[module.Path] = module.Version
		}
		versions["std"] = strings.TrimPrefix(info.GoVersion, "go")
	}
	var parts []component
	for name, version := range versions {
		text := licenseText(string(notices), name)
		id := "BSD-3-Clause" // of Go itself
		if name != "std" {
			if id, err = licenseOf(text); err != nil {
				return fmt.Errorf("%s: %w", name, err)
			}
		}
		parts = append(parts, part("library", name, version, "pkg:golang/"+name+"@"+version, id))
	}
	script, err := referencePage()
	if err != nil {
		return err
	}
	parts = append(parts, script)
	slices.SortFunc(parts, func(a, b component) int { return strings.Compare(a.BOMRef, b.BOMRef) })
	text, err := json.MarshalIndent(map[string]any{
		"bomFormat": "CycloneDX", "specVersion": "1.6", "version": 1,
		"metadata": map[string]any{
			"timestamp": r.date.Format(time.RFC3339),
			"component": part("application", "voxemu", r.version, "pkg:golang/github.com/voxemu/voxemu@v"+r.version, "MIT"),
		},
		"components": parts,
	}, "", "  ")
	if err != nil {
		return err
	}
	return r.write(fmt.Sprintf("voxemu_%s_sbom.cdx.json", r.version), text)
}

func part(kind, name, version, purl, id string) component {
	c := component{Type: kind, BOMRef: purl, Name: name, Version: version, PURL: purl, Licenses: make([]license, 1)}
	c.Licenses[0].License.ID = id
	return c
}

// rule separates the licences in THIRD-PARTY.txt.
var rule = regexp.MustCompile(`(?m)^={78}\n`)

// licenseText returns the text for a module in THIRD-PARTY.txt; empty: there is none.
func licenseText(notices, module string) string {
	parts := rule.Split(notices, -1)
	for i := 1; i+1 < len(parts); i += 2 { // names, text, names, text …
		if slices.Contains(strings.Fields(parts[i]), module) {
			return parts[i+1]
		}
	}
	return ""
}

// licenseOf names a license by words that only its text has.
func licenseOf(text string) (string, error) {
	for _, known := range []struct{ words, id string }{
		{"Mozilla Public License", "MPL-2.0"},
		{"Apache License", "Apache-2.0"},
		{"Permission is hereby granted, free of charge", "MIT"},
		{"Neither the name", "BSD-3-Clause"},
		{"Redistribution and use in source and binary forms", "BSD-2-Clause"},
	} {
		if strings.Contains(strings.Join(strings.Fields(text), " "), known.words) {
			return known.id, nil
		}
	}
	return "", fmt.Errorf("its license is not in THIRD-PARTY.txt, or not known here")
}

// referencePage returns the npm package inside the page at /_voxemu/docs/.
func referencePage() (component, error) {
	const notice = "emulator/apidocs/LICENSE.txt"
	text, err := os.ReadFile(notice)
	if err != nil {
		return component{}, err
	}
	version := scalar.FindSubmatch(text)
	if version == nil {
		return component{}, fmt.Errorf("%s: want the version of @scalar/api-reference", notice)
	}
	return part("library", "@scalar/api-reference", string(version[1]), "pkg:npm/%40scalar/api-reference@"+string(version[1]), "MIT"), nil
}

var scalar = regexp.MustCompile(`@scalar/api-reference (\d+\.\d+\.\d+)`)
