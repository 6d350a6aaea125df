package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"os/exec"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/voxemu/voxemu/emulator"
	"github.com/voxemu/voxemu/emulator/apidocs"
	"github.com/voxemu/voxemu/emulator/sip"
	"github.com/voxemu/voxemu/emulator/sip/stack"
	"github.com/voxemu/voxemu/emulator/vox"
)

type execFlags struct {
	scenarios     []string
	requireFaults bool
	noCredentials bool
	report        reportFlags
}

func execCommand() *cobra.Command {
	var flags execFlags
	c := &cobra.Command{
		Use:   "exec [flags] -- COMMAND [ARGUMENT]…",
		Short: "Run a command with an emulator of its own",
		Long: `Start an emulator on free ports of 127.0.0.1, run a command whose environment
points at it, stop the emulator. The command has voxemu's input, output and
signals. Its environment is that of voxemu plus

` + variablesInWords + `

The service-account key is the scenario's first with the role Owner; certificate
and keys are made for this run in a temporary folder, which VOXEMU_CONFIG_DIR
names. Requests that do not fit the API are listed on standard error at the end.

Exit code: the command's; 128 and the number of the signal that ended it; 127 when
it is not found, 126 when it cannot be run; 1 when the emulator cannot be started,
or when the command exited with 0 and --require-faults, --fail-under or --baseline
is not met. Mistakes in requests do not change it: a test may send them on
purpose.`,
		Example: `  voxemu exec -- npm test
  voxemu exec --scenario low-balance.yaml -- pytest -q
  voxemu exec --report coverage --baseline coverage.txt -- npm test`,
		Args: cobra.MinimumNArgs(1),
		RunE: func(c *cobra.Command, args []string) error { return execute(c, flags, args) },
	}
	f := c.Flags()
	f.SetInterspersed(false) // the command's flags are not voxemu's, even without --
	scenarioFlag(c, &flags.scenarios)
	f.BoolVar(&flags.requireFaults, "require-faults", false, "exit with 1 if the command succeeds and an armed fault was never triggered, or not as often as it should be; if all are optional, one must be triggered")
	noCredentialsFlag(c, &flags.noCredentials)
	flags.report.add(c)
	return c
}

func execute(c *cobra.Command, flags execFlags, args []string) error {
	if _, err := exec.LookPath(args[0]); err != nil {
		return cannotRun(args[0], err)
	}
	check, err := flags.report.check()
	if err != nil {
		return err
	}
	if len(flags.report.methods) > 0 && !flags.report.given() {
		return wrongUsage("--methods: want --report, --fail-under or --baseline as well")
	}
	signals, stopSignals := catchSignals()
	defer stopSignals()
	dir, err := os.MkdirTemp("", "voxemu-exec-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	server, err := startFor(c.ErrOrStderr(), dir, flags.scenarios)
	if err != nil {
		return err
	}
	defer closeServer(c.Context(), server)
	mistakes := collectMistakes(server.Journal())
	child, err := prepare(c, server, dir, flags.noCredentials, args)
	if err != nil {
		return err
	}
	result := runChild(child, signals)
	closeServer(c.Context(), server) // before the report, so that it includes running requests
	mistakes.report(c.ErrOrStderr())
	missed := flags.requireFaults && !reportUntriggered(c.ErrOrStderr(), server.Faults())
	if flags.report.given() {
		enough, err := check.finish(server.Report(), result == nil, c.ErrOrStderr())
		if err != nil {
			fmt.Fprintf(c.ErrOrStderr(), "voxemu: %v\n", err)
		}
		missed = missed || !enough
	}
	if missed && result == nil {
		return exitError{code: exitFailed}
	}
	return result
}

// startFor starts an emulator that logs only errors.
func startFor(log io.Writer, dir string, scenarios []string) (*emulator.Server, error) {
	collectRarely()
	logger := slog.New(newTextHandler(log, slog.LevelError))
	server, err := emulator.New(emulator.WithScenario(scenarios...), emulator.WithListen("127.0.0.1:0", "127.0.0.1:0"),
		emulator.WithConfigDir(dir), emulator.WithLogger(logger), emulator.WithSIP(stack.Open, sip.Config{}),
		emulator.WithAPIDocs(apidocs.Script()))
	if err != nil {
		return nil, err
	}
	return server, server.Start()
}

// closeServer gives running requests time to end. Closing again has no effect.
func closeServer(ctx context.Context, server *emulator.Server) {
	closing, cancel := context.WithTimeout(context.WithoutCancel(ctx), closeTimeout)
	defer cancel()
	_ = server.Close(closing) // requests that do not end in time end with the process
}

func prepare(c *cobra.Command, server *emulator.Server, dir string, noCredentials bool, args []string) (*exec.Cmd, error) {
	key, err := ownerKey(server)
	if err != nil {
		return nil, err
	}
	if noCredentials {
		key = ""
	}
	variables, err := findVariables(c.Context(), os.Environ(), dir, server.URL(), key)
	if err != nil {
		return nil, err
	}
	child := exec.Command(args[0], args[1:]...)
	child.Env = environment(os.Environ(), append(variables, variable{configDirVar, dir}))
	child.Stdin, child.Stdout, child.Stderr = c.InOrStdin(), c.OutOrStdout(), c.ErrOrStderr()
	return child, nil
}

// ownerKey returns the id of the first service-account key with the role Owner; empty:
// none.
func ownerKey(server *emulator.Server) (string, error) {
	state, err := server.State()
	if err != nil {
		return "", err
	}
	at := slices.IndexFunc(state.Keys, func(k vox.Key) bool { return slices.Contains(k.Roles, vox.Owner) })
	if at < 0 {
		return "", nil
	}
	return state.Keys[at].ID, nil
}

// environment adds variables to the inherited ones, without credentials of other
// emulators and real accounts.
func environment(inherited []string, variables []variable) []string {
	list := slices.DeleteFunc(slices.Clone(inherited), func(entry string) bool {
		name, _, _ := strings.Cut(entry, "=")
		return slices.Contains([]string{credentialsVar, credentialsPHP, tokenVar}, name)
	})
	for _, v := range variables {
		list = append(list, v.name+"="+v.value) // the last value is used
	}
	return list
}

// cannotRun returns an error with the exit code that shells use.
func cannotRun(name string, err error) error {
	const cannotExecute, notFound = 126, 127
	if inner := (*exec.Error)(nil); errors.As(err, &inner) {
		err = inner.Err
	}
	if errors.Is(err, exec.ErrNotFound) || errors.Is(err, os.ErrNotExist) {
		return exitError{notFound, fmt.Errorf("%s: command not found", name)}
	}
	return exitError{cannotExecute, fmt.Errorf("%s: %w", name, err)}
}
