package emulator

import (
	"runtime/debug"
	"sync"

	"github.com/voxemu/voxemu"
	"github.com/voxemu/voxemu/emulator/fault"
	"github.com/voxemu/voxemu/emulator/internal/contract"
	"github.com/voxemu/voxemu/emulator/vox"
	"github.com/voxemu/voxemu/scenarios"
)

// compiled is the specification, loaded once per process and shared by all servers.
var compiled = sync.OnceValues(func() (*contract.Contract, error) {
	return contract.Load(voxemu.OpenAPI())
})

// nameable is the names of [compiled] that faults may use, also loaded once.
var nameable = sync.OnceValues(func() (fault.Known, error) {
	spec, err := compiled()
	if err != nil {
		return fault.Known{}, err
	}
	return known(spec), nil
})

// known returns the names that rules may use: the contract's methods, parameters and
// errors.
func known(c *contract.Contract) fault.Known {
	names := fault.Known{Parameters: map[string][]string{}, Errors: map[string]int{}}
	for _, method := range c.Methods() {
		names.Parameters[method.Name] = c.ParameterNames(method)
	}
	for _, name := range c.ErrorNames() {
		names.Errors[string(name)], _, _ = c.Explain(vox.Refusal{Name: name})
	}
	return names
}

// ScenarioReader returns the reader of scenario files that [Server.Load] uses, which
// checks the methods, parameters and errors in fault rules. It returns an error if the
// specification is invalid.
func ScenarioReader() (scenarios.Reader, error) {
	names, err := nameable()
	return scenarios.Reader{Known: names}, err
}

// HasMethod reports whether the real service has a method of this exact name, emulated or
// not.
func (s *Server) HasMethod(name string) bool {
	_, emulated := s.contract.Method(name)
	return emulated || s.contract.NotEmulated(name)
}

// Assumptions returns the assumptions about the real service; see docs/assumptions.md. It
// returns an error if the specification is invalid.
func Assumptions() ([]vox.Assumption, error) {
	spec, err := compiled()
	if err != nil {
		return nil, err
	}
	return spec.Assumptions(), nil
}

// release is the version of a binary that make dist builds, set by the linker.
var release string

// Version returns the version of a released binary, else the module's, or the revision
// from which the binary was built, or "devel".
func Version() string { return version() }

// version reads the build information once, because that takes 15 µs.
var version = sync.OnceValue(func() string {
	if release != "" {
		return release
	}
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return "devel"
	}
	if v := info.Main.Version; v != "" && v != "(devel)" {
		return v
	}
	for _, setting := range info.Settings {
		if setting.Key == "vcs.revision" {
			return setting.Value[:min(12, len(setting.Value))]
		}
	}
	return "devel"
})
