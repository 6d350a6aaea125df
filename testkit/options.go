package testkit

import (
	"fmt"
	"io/fs"
	"log/slog"
	"time"

	"github.com/voxemu/voxemu/emulator"
	"github.com/voxemu/voxemu/emulator/sip"
	"github.com/voxemu/voxemu/emulator/vox"
	"github.com/voxemu/voxemu/scenarios"
)

// Option configures [Run], [RunTLS] and [Shared].
type Option func(*options)

type options struct {
	scenario func() (*emulator.Seed, error) // nil: demo
	source   string                         // the option that set scenario
	clashes  error

	rows []func(TB, *scenarios.Scenario) // each adds one row to a scenario

	start  time.Time
	tls    bool
	live   bool
	strict bool
	logger *slog.Logger

	openSIP sip.Open
	sip     sip.Config

	allowUnknown bool
	allowed      []CallMatcher // requests whose mistakes are allowed
}

// from sets the source of the scenario; a second one is an error.
func (o *options) from(source string, load func() (*emulator.Seed, error)) {
	if o.source != "" {
		o.clashes = fmt.Errorf("%s and %s: give one of them; a text or file can say extends: demo", o.source, source)
	}
	o.source, o.scenario = source, load
}

func (o *options) seed() (*emulator.Seed, error) {
	switch {
	case o.clashes != nil:
		return nil, o.clashes
	case o.scenario == nil:
		return o.builtin("demo")
	}
	return o.scenario()
}

// fresh returns a seed that is not shared.
func (o *options) fresh(scenario scenarios.Scenario, err error, names ...string) (*emulator.Seed, error) {
	if err != nil {
		return nil, err
	}
	return emulator.NewSeed(scenario, o.start, names...)
}

// Scenario sets the scenarios to start with; several are merged in order. Names are
// built-in ones such as demo (the default) and empty, or paths of files. A single
// built-in scenario is read once per process and costs nothing afterwards.
func Scenario(names ...string) Option {
	return func(o *options) {
		o.from("Scenario", func() (*emulator.Seed, error) {
			if len(names) == 1 {
				if _, ok := builtins[names[0]]; ok {
					return o.builtin(names[0])
				}
			}
			scenario, err := read(func(r scenarios.Reader) (scenarios.Scenario, error) { return r.Load(names...) })
			return o.fresh(scenario, err, names...)
		})
	}
}

// ScenarioYAML sets the scenario to start with, as a text. It can extend a built-in one:
//
//	testkit.ScenarioYAML(`
//	extends: empty
//	billing: {monthly_fee: 30.00}
//	`)
func ScenarioYAML(text string) Option {
	return func(o *options) {
		o.from("ScenarioYAML", func() (*emulator.Seed, error) {
			source := scenarios.Source{Name: "ScenarioYAML", Text: []byte(text)}
			scenario, err := read(func(r scenarios.Reader) (scenarios.Scenario, error) { return r.Read(source) })
			return o.fresh(scenario, err, "ScenarioYAML")
		})
	}
}

// ScenarioFS is [Scenario] with files of a file system, for example an embed.FS.
func ScenarioFS(fsys fs.FS, names ...string) Option {
	return func(o *options) {
		o.from("ScenarioFS", func() (*emulator.Seed, error) {
			scenario, err := read(func(r scenarios.Reader) (scenarios.Scenario, error) { return r.LoadFS(fsys, names...) })
			return o.fresh(scenario, err, names...)
		})
	}
}

// With adds a row of any kind to the scenario; see [Add].
func With[R any](row R) Option {
	return func(o *options) {
		o.rows = append(o.rows, func(tb TB, s *scenarios.Scenario) {
			tb.Helper()
			if list := rowsOf[R](tb, s); list != nil {
				*list = append(*list, row)
			}
		})
	}
}

// WithAccount adds an account to the scenario; see [Emulator.AddAccount].
func WithAccount(a vox.Account) Option { return With(a) }

// WithKey adds a service-account key; see [Emulator.AddKey].
func WithKey(k vox.Key) Option { return With(k) }

// WithApplication adds an application; see [Emulator.AddApplication].
func WithApplication(a vox.Application) Option { return With(a) }

// WithRule adds a rule; see [Emulator.AddRule].
func WithRule(r vox.Rule) Option { return With(r) }

// WithUser adds a user; see [Emulator.AddUser].
func WithUser(u vox.User) Option { return With(u) }

// WithRegistration adds a registration; see [Emulator.AddRegistration].
func WithRegistration(r vox.Registration) Option { return With(r) }

// At sets the time at which the clock starts; default: [Start]. The clock section of a
// scenario has precedence.
func At(start time.Time) Option { return func(o *options) { o.start = start } }

// LiveClock makes the emulator's clock run in real time. Default: it is stopped until
// [Emulator.Advance].
func LiveClock() Option { return func(o *options) { o.live = true } }

// Strict refuses unknown parameters with error 492 and validates all replies against the
// specification. Default: unknown parameters are ignored, as by the real service, and the
// test fails at its end.
func Strict() Option { return func(o *options) { o.strict = true } }

// WithLogger sets the emulator's logger; default: none.
func WithLogger(logger *slog.Logger) Option { return func(o *options) { o.logger = logger } }

// WithSIP makes registrations real; see [emulator.WithSIP]. Package testkit/pbx has a PBX
// for them, whose Real option is shorter. Default: all registrars are simulated.
func WithSIP(open sip.Open, c sip.Config) Option {
	return func(o *options) { o.openSIP, o.sip = open, c }
}

// AllowUnknown allows methods and parameters that the API does not have. Default: the
// test fails at its end, because the real service ignores such parameters without a
// warning.
func AllowUnknown() Option { return func(o *options) { o.allowUnknown = true } }

// AllowMistakes allows requests that the specification does not allow, such as one
// without a required parameter: those that one of the matchers matches or, without
// matchers, all. Default: the test fails at its end.
func AllowMistakes(calls ...CallMatcher) Option {
	return func(o *options) {
		if len(calls) == 0 {
			calls = []CallMatcher{AnyCall()}
		}
		o.allowed = append(o.allowed, calls...)
	}
}
