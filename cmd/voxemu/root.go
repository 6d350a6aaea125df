package main

import (
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"
)

// Exit codes (design: 0 fine, 1 failed, 2 wrong usage).
const (
	exitFine = iota
	exitFailed
	exitUsage
)

// usageError is a mistake in how a command was called that only the command
// itself can see.
type usageError struct{ error }

func wrongUsage(format string, args ...any) error { return usageError{fmt.Errorf(format, args...)} }

// exitError ends the program with a code of its own; without an error inside
// there is nothing to say.
type exitError struct {
	code int
	error
}

// run is the whole program; it returns the exit code.
func run(args []string, stdout, stderr io.Writer) int {
	started := false
	root := newRoot()
	root.PersistentPreRun = func(*cobra.Command, []string) { started = true }
	root.SetArgs(args)
	root.SetOut(stdout)
	root.SetErr(stderr)
	command, err := root.ExecuteC()
	if err == nil {
		return exitFine
	}
	coded := exitError{code: exitFailed}
	if errors.As(err, &coded) && coded.error == nil {
		return coded.code
	}
	fmt.Fprintf(stderr, "voxemu: %s\n", strings.TrimSpace(err.Error()))
	if wrong := (usageError{}); !started || errors.As(err, &wrong) {
		fmt.Fprintf(stderr, "Run '%s --help' for usage.\n", command.CommandPath())
		return exitUsage
	}
	return coded.code
}

func newRoot() *cobra.Command {
	root := &cobra.Command{
		Use:   "voxemu",
		Short: "Emulates the SIPRegistration part of the Voximplant Management API",
		Long: `voxemu emulates the SIPRegistration part of the Voximplant Management API.

VOXIMPLANT_EMULATOR_HOST  the running emulator that commands talk to,
                          default ` + defaultHost + `
VOXEMU_CONFIG_DIR         where the certificate authority and keys are kept,
                          default voxemu in the user's configuration folder
VOXEMU_CONTROL_TOKEN      the token that the control door asks for, if any

Exit codes: 0 fine, 1 failed, 2 wrong usage.`,
		Example:       "  voxemu serve",
		Version:       version(),
		SilenceErrors: true,
		SilenceUsage:  true,
	}
	root.SetVersionTemplate("{{.Version}}\n")
	root.CompletionOptions.HiddenDefaultCmd = true
	root.SetHelpCommand(helpCommand())
	root.AddCommand(
		serveCommand(), execCommand(), resetCommand(), advanceCommand(), stateCommand(), faultsCommand(), requestsCommand(), verifyCommand(), eventsCommand(), credentialsCommand(), caCommand(), envCommand(), waitCommand(),
		checkCommand(), assumptionsCommand(), versionCommand(),
		scenariosCommand(),
	)
	return root
}

// helpCommand is cobra's, except that an unknown command is wrong usage.
func helpCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "help [COMMAND]",
		Short: "Print how a command is used",
		RunE: func(c *cobra.Command, args []string) error {
			about, _, err := c.Root().Find(args)
			if err != nil {
				return usageError{err}
			}
			return about.Help()
		},
	}
}
