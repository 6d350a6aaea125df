// Package layers is the list of who may import whom. A test holds the module to
// it, and docs/layers.svg is drawn from it.
package layers

import (
	"path"
	"strings"
)

// Layer is one row of packages.
type Layer struct {
	Name     string
	Packages []Package
}

// Package is a package and everything that it imports of this module, tests left
// out.
type Package struct {
	Path    string // from the module's folder
	imports string // names, separated by spaces
}

// Name is the last element of the package's path.
func (p Package) Name() string { return path.Base(p.Path) }

// Imports are the names of the packages that p imports.
func (p Package) Imports() []string { return strings.Fields(p.imports) }

// All lists the layers from the top. A package imports only what stands below it:
// in a lower layer, or further down in its own. Two absences carry the design:
// sipreg and its neighbours import neither contract nor platform, and platform
// imports none of them.
func All() []Layer {
	return []Layer{
		{"users", []Package{
			{"cmd/voxemu", "clock document emulator fault journal scenarios vox"},
			{"testkit", "clock emulator fault journal scenarios vox"},
		}},
		{"facade", []Package{
			{"emulator", ". accounts applications clock contract control fault inject journal lab listen platform requestlog scenarios scheduler sipreg store vox"},
		}},
		{"HTTP", []Package{
			// query: who may call from where is a table, and its rows are found by query.
			{"emulator/internal/platform", "contract fault inject journal query requestlog scheduler store vox"},
			{"emulator/internal/control", ". clock contract document fault inject journal lab requestlog scenarios vox"},
		}},
		{"behaviour", []Package{
			{"emulator/internal/lab", "broker callback clock fault inject journal listen requestlog scenarios scheduler sipreg store vox"},
			{"emulator/internal/callback", "query store vox"},
			{"emulator/internal/accounts", "query reference reply store vox"},
			// sipreg: what becomes of a registration whose application, rule or user goes
			{"emulator/internal/applications", "query reference reply sipreg store vox"},
			{"emulator/internal/sipreg", "billing query reference reply store vox"},
			{"emulator/internal/billing", "store vox"},
		}},
		{"look-ups, pages", []Package{
			{"emulator/internal/reference", "query store vox"},
			{"emulator/internal/reply", "query store"},
		}},
		{"files", []Package{
			{"scenarios", "document fault vox"},
			{"scenarios/document", "vox"},
		}},
		{"memory", []Package{
			{"emulator/internal/contract", "query vox"},
			{"emulator/internal/store", "query vox"},
		}},
		{"words", []Package{
			{"emulator/internal/query", ""},
			{"emulator/internal/requestlog", "broker journal"},
			{"emulator/internal/broker", ""},
			{"emulator/journal", "vox"},
			{"emulator/internal/inject", "fault vox"},
			{"emulator/fault", "vox"},
			{"emulator/internal/scheduler", "clock"},
		}},
		{"nouns, time", []Package{
			{"emulator/vox", ""},
			{"emulator/clock", ""},
			{".", ""}, // openapi.yaml
		}},
		{"sockets", []Package{{"emulator/internal/listen", ""}}},
	}
}

// Judges test the emulator from outside, or write about it: they may import only
// what users can, and most know it by its address alone.
func Judges() []Package {
	return []Package{
		{"emulator/internal/control/described", ""}, // for tests of control
		{"testkit/internal/conformance", ""},
		{"testkit/internal/conformance/generated", ""},
		{"testkit/internal/conformance/wire", ""},
		{"testkit/internal/docs", ". emulator layers scenarios"},
		{"testkit/internal/layers", ""},
		{"testkit/internal/peers", ""},
		{"testkit/internal/soak", ""},
	}
}
