package main

import (
	"cmp"
	"fmt"
	"runtime"
	"runtime/debug"

	"github.com/spf13/cobra"

	"github.com/voxemu/voxemu/emulator"
)

func versionCommand() *cobra.Command {
	return &cobra.Command{
		Use:     "version",
		Short:   "Print the version",
		Long:    "Print the version of voxemu, the commit it was built from, and the version of Go.",
		Example: "  voxemu version",
		Args:    cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			_, err := fmt.Fprintln(c.OutOrStdout(), "voxemu version", version())
			return err
		},
	}
}

// version is the text that cobra prints after the name for --version. A template would
// make the linker keep all methods of all types, which adds half to the program's size
// and memory.
func version() string {
	return fmt.Sprintf("%s (commit %s, %s %s/%s)", emulator.Version(), commit(), runtime.Version(), runtime.GOOS, runtime.GOARCH)
}

// releaseCommit is the commit of a binary that make dist builds, set by the linker.
var releaseCommit string

// commit returns the commit from which the program was built, with + if files had been
// changed; unknown without Git, as for go install.
func commit() string {
	if releaseCommit != "" {
		return releaseCommit
	}
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return "unknown"
	}
	settings := map[string]string{}
	for _, setting := range info.Settings {
		settings[setting.Key] = setting.Value
	}
	revision := cmp.Or(settings["vcs.revision"], "unknown")
	if settings["vcs.modified"] == "true" {
		revision += "+"
	}
	return revision
}
