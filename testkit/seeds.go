package testkit

import (
	"sync"

	"github.com/voxemu/voxemu/emulator"
	"github.com/voxemu/voxemu/scenarios"
)

// builtins are the built-in scenarios, each loaded when first asked for and
// shared between all emulators of the process that begin at [Start]. Reading
// one takes milliseconds, the rest of Run a twentieth of that.
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

// builtin is the seed of a built-in scenario.
func (o *options) builtin(name string) (*emulator.Seed, error) {
	if o.start.Equal(Start()) {
		return builtins[name]()
	}
	return o.load(name)
}

func (o *options) load(name string) (*emulator.Seed, error) {
	scenario, err := scenarios.Load(name)
	return o.fresh(scenario, err, name)
}
