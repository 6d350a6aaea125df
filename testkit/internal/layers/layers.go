// Package layers lists which package may import which. A test checks the module against
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

// Package is a package with all its imports of this module, except those of tests.
type Package struct {
	Path    string // relative to the module's folder
	imports string // names, separated by spaces
}

// Name returns the last element of the path.
func (p Package) Name() string { return path.Base(p.Path) }

// Imports returns the names of the imported packages.
func (p Package) Imports() []string { return strings.Fields(p.imports) }

// All returns the layers from the top. A package imports only packages below it: in a
// lower layer, or later in its own. Two absent imports are essential: sipreg and its
// neighbours import neither contract nor platform, and platform imports none of them.
func All() []Layer {
	return []Layer{
		{"users", []Package{
			{"cmd/voxemu", "apidocs clock document emulator evidence fault journal mcp report scenarios server sip stack vox"},
			{"cmd/voxemu/internal/mcp", ""},
			{"testkit/pbx", "server sip stack testkit"},
			{"testkit/pbx/server", ""}, // apart from testkit/pbx, for cmd/voxemu, which links no test helpers
			{"testkit", "clock emulator evidence fault journal scenarios sip vox"},
		}},
		{"evidence", []Package{
			// contract, platform: what values are, and how requests are read. listen: the
			// recorder's listeners.
			{"emulator/evidence", ". clock contract emulator journal listen origin platform scenarios vox"},
		}},
		{"facade", []Package{
			// Not store, so that an edit of it rebuilds neither emulator nor its tests.
			{"emulator", ". accounts applications clock contract control fault inject journal lab listen origin platform report requestlog scenarios scheduler sip sipreg tally vox"},
		}},
		{"HTTP", []Package{
			// query: for the table of allowed addresses.
			{"emulator/internal/platform", "contract fault inject journal jsontext origin query requestlog scheduler store vox"},
			{"emulator/internal/control", ". clock contract document fault inject journal lab origin report requestlog scenarios tally vox"},
		}},
		{"behaviour", []Package{
			{"emulator/internal/lab", "broker callback clock fault inject journal listen query registrar requestlog scenarios scheduler sip sipreg store vox"},
			{"emulator/internal/callback", "store vox"},
			{"emulator/internal/accounts", "query reference reply store vox"},
			// sipreg: for unbinding registrations when an application, rule or user is
			// deleted.
			{"emulator/internal/applications", "query reference reply sipreg store vox"},
			{"emulator/internal/sipreg", "billing jsontext query reference registrar reply sip store vox"},
			{"emulator/internal/registrar", "sip vox"},
			{"emulator/internal/billing", "store vox"},
		}},
		{"look-ups, pages", []Package{
			{"emulator/internal/tally", "contract fault journal report vox"},
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
			{"emulator/internal/requestlog", "broker journal vox"},
			{"emulator/internal/broker", ""},
			{"emulator/internal/jsontext", ""},
			{"emulator/journal", "vox"},
			{"emulator/report", "vox"},
			{"emulator/internal/inject", "fault vox"},
			{"emulator/fault", "vox"},
			{"emulator/internal/scheduler", "clock"},
		}},
		{"nouns, time", []Package{
			{"emulator/vox", ""},
			{"emulator/clock", ""},
			{"emulator/sip/stack", "sip"}, // with testkit/pbx/server all that imports the SIP library
			{"emulator/apidocs", ""},      // 1.4 MB: only cmd/voxemu imports it
			{"emulator/sip", ""},
			{".", ""}, // openapi.yaml
		}},
		{"sockets", []Package{{"emulator/internal/listen", ""}, {"emulator/internal/origin", ""}}},
	}
}

// Judges returns the packages that test or describe the emulator. They may import only
// what users can; most know only its address.
func Judges() []Package {
	return []Package{
		{"emulator/internal/control/described", ""}, // for tests of control
		{"testkit/internal/conformance", "."},       // the examples of openapi.yaml
		{"testkit/internal/conformance/generated", ""},
		{"testkit/internal/conformance/generators/ogen", ""},
		{"testkit/internal/conformance/generators/openapi-generator-go", ""},
		{"testkit/internal/conformance/sip", ""},
		{"testkit/internal/conformance/wire", ""},
		{"testkit/internal/dist", ""},
		{"testkit/internal/console", ""},
		{"testkit/internal/docs", ". emulator layers scenarios"},
		{"testkit/internal/layers", ""},
		{"testkit/internal/peers", ""},
		{"testkit/internal/soak", ""},
	}
}
