// Package voxemu embeds openapi.yaml, the specification of an emulator of the
// SIPRegistration part of the Voximplant Management API. Request validation, roles,
// errors and the list of assumptions are compiled from it.
//
// The emulator is the package [github.com/voxemu/voxemu/emulator], the binary is
// cmd/voxemu. Its initial state comes from a scenario file
// ([github.com/voxemu/voxemu/scenarios]). The types of rows and the names of errors are
// in [github.com/voxemu/voxemu/emulator/vox].
//
// Teams that write software for the API run the emulator on a laptop or in CI, with the
// official SDK of their language. By default no SIP is sent, and no money is charged.
// README.md explains the use; docs/architecture.md follows a request through the
// packages.
package voxemu

import (
	_ "embed"
	"slices"
)

// specification is openapi.yaml. It is embedded here because go:embed cannot refer to
// parent folders.
//
//go:embed openapi.yaml
var specification []byte

// OpenAPI returns a copy of openapi.yaml.
func OpenAPI() []byte { return slices.Clone(specification) }
