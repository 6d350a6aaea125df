package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/spf13/cobra"
)

// Exit codes.
const (
	exitFine = iota
	exitFailed
	exitUsage
)

// usageError is a usage error that cobra does not detect.
type usageError struct{ error }

func wrongUsage(format string, args ...any) error { return usageError{fmt.Errorf(format, args...)} }

// exitError sets the exit code; if its error is nil, nothing is printed.
type exitError struct {
	code int
	error
}

func run(args []string, stdout, stderr io.Writer) int {
	return runWith(context.Background(), args, os.Stdin, stdout, stderr)
}

// runWith runs a command line until it ends or ctx does, and returns its exit code.
func runWith(ctx context.Context, args []string, stdin io.Reader, stdout, stderr io.Writer) int {
	started := false
	root := newRoot()
	root.PersistentPreRun = func(*cobra.Command, []string) { started = true }
	root.SetArgs(args)
	root.SetIn(stdin)
	root.SetOut(stdout)
	root.SetErr(stderr)
	command, err := root.ExecuteContextC(ctx)
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
VOXEMU_CONTROL_TOKEN      the bearer token of the control API, if it requires one

Exit codes: 0 fine, 1 failed, 2 wrong usage.

What the commands below do to a running emulator, other languages do with its
control API: curl http://` + defaultHost + `/_voxemu/openapi.yaml`,
		Example: `  voxemu serve &               the scenario demo, on 127.0.0.1:15060 and 15061
  voxemu wait                  until it answers
  eval "$(voxemu env)"         points SDKs at it
  your-program
  voxemu requests              what it sent
  voxemu advance 31d           a month later
  voxemu reset                 back to the scenario`,
		Version:       version(),
		SilenceErrors: true,
		SilenceUsage:  true,
	}
	root.SetHelpCommand(helpCommand())
	for _, group := range groups() {
		root.AddGroup(&cobra.Group{ID: group.title, Title: group.title})
		for _, c := range group.commands {
			c.GroupID = group.title
			root.AddCommand(c)
		}
	}
	root.SetHelpCommandGroupID(aboutTitle)
	root.SetCompletionCommandGroupID(aboutTitle)
	return root
}

// aboutTitle is the title of a group, to which cobra's own commands are added.
const aboutTitle = "About voxemu:"

type group struct {
	title    string
	commands []*cobra.Command
}

func groups() []group {
	return []group{
		{"Run an emulator:", []*cobra.Command{serveCommand(), execCommand(), pbxCommand()}},
		{"Point programs at it:", []*cobra.Command{waitCommand(), envCommand(), credentialsCommand(), caCommand(), mcpCommand()}},
		{"Inspect and change it:", []*cobra.Command{
			requestsCommand(), verifyCommand(), reportCommand(), eventsCommand(), callbacksCommand(),
			registrationsCommand(), sipCommand(), answerCommand(), accountsCommand(), keysCommand(),
			faultsCommand(), advanceCommand(), clockCommand(),
			loadCommand(), resetCommand(), snapshotsCommand(), stateCommand(),
		}},
		{"Hold it against the real service:", []*cobra.Command{recordCommand(), compareCommand(), probeCommand()}},
		{"Write scenarios:", []*cobra.Command{checkCommand(), explainCommand(), scenariosCommand(), schemaCommand()}},
		{aboutTitle, []*cobra.Command{assumptionsCommand(), versionCommand()}},
	}
}

// helpCommand is cobra's help command, except that an unknown command is a usage error.
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
