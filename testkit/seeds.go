package testkit

import (
	"sync"

	"github.com/voxemu/voxemu/emulator"
	"github.com/voxemu/voxemu/scenarios"
)

// builtins are the built-in scenarios. Each is loaded on first use and shared by all
// emulators of the process that start at [Start]. Reading one takes milliseconds, the
// rest of Run a twentieth of that.
var builtins = func() map[string]func() (*emulator.Seed, error) {
	all := map[string]func() (*emulator.Seed, error){}
	for _, name := range scenarios.Names() {
		all[name] = sync.OnceValues(func() (*emulator.Seed, error) {
			o := options{start: Start()}
			return o.load(name)
		})
	}
	return all
}()

// builtin returns the seed of a built-in scenario.
func (o *options) builtin(name string) (*emulator.Seed, error) {
	if o.start.Equal(Start()) {
		return builtins[name]()
	}
	return o.load(name)
}

func (o *options) load(name string) (*emulator.Seed, error) {
	scenario, err := read(func(r scenarios.Reader) (scenarios.Scenario, error) { return r.Load(name) })
	return o.fresh(scenario, err, name)
}

// read reads a scenario and checks the names in its faults.
func read(load func(scenarios.Reader) (scenarios.Scenario, error)) (scenarios.Scenario, error) {
	reader, err := emulator.ScenarioReader()
	if err != nil {
		return scenarios.Scenario{}, err
	}
	return load(reader)
}
