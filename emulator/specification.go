package emulator

import (
	"runtime/debug"
	"sync"

	"github.com/voxemu/voxemu"
	"github.com/voxemu/voxemu/emulator/fault"
	"github.com/voxemu/voxemu/emulator/internal/contract"
	"github.com/voxemu/voxemu/emulator/internal/store"
	"github.com/voxemu/voxemu/emulator/vox"
	"github.com/voxemu/voxemu/scenarios"
)

// compiled is the specification, loaded once per process and shared between
// servers.
var compiled = sync.OnceValues(func() (*contract.Contract, error) {
	return contract.Load(voxemu.OpenAPI(), store.Filters())
})

// nameable is [compiled] as far as faults may name it, shared like it.
var nameable = sync.OnceValues(func() (fault.Known, error) {
	spec, err := compiled()
	if err != nil {
		return fault.Known{}, err
	}
	return known(spec), nil
})

// known is what the rules may name: the contract's methods, parameters and
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

// ScenarioReader reads scenario files as [Server.Load] does: it knows the
// methods, parameters and errors that fault rules may name. Error: the
// specification is broken.
func ScenarioReader() (scenarios.Reader, error) {
	names, err := nameable()
	return scenarios.Reader{Known: names}, err
}

// HasMethod reports whether the real service has a method of this exact name, be
// it emulated or not.
func (s *Server) HasMethod(name string) bool {
	_, emulated := s.contract.Method(name)
	return emulated || s.contract.NotEmulated(name)
}

// Assumptions lists what is believed about the real service and
// settled by no source; see docs/assumptions.md. Error: the
// specification is broken.
func Assumptions() ([]vox.Assumption, error) {
	spec, err := compiled()
	if err != nil {
		return nil, err
	}
	return spec.Assumptions(), nil
}

// Version is the module's version, or the revision that the binary was built
// from, or "devel".
func Version() string {
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
}
