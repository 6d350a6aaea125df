// Package voxemu holds the contract of an emulator of the SIPRegistration part
// of the Voximplant Management API: openapi.yaml, from which request
// validation, roles, errors and the list of assumptions are compiled.
//
// The emulator is the package [github.com/voxemu/voxemu/emulator], the binary
// cmd/voxemu. A scenario file ([github.com/voxemu/voxemu/scenarios]) seeds its
// state. The nouns and error names are in
// [github.com/voxemu/voxemu/emulator/vox].
//
// No SIP is sent and no money is charged: teams that write software against the
// API run it on a laptop or in CI, with the official SDK of their language.
// README.md shows how; docs/architecture.md follows a request through the packages.
package voxemu

import (
	_ "embed"
	"slices"
)

// specification is openapi.yaml. It is embedded here because go:embed cannot
// reach upward.
//
//go:embed openapi.yaml
var specification []byte

// OpenAPI is the text of openapi.yaml, a copy.
func OpenAPI() []byte { return slices.Clone(specification) }
