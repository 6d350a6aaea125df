package main

import (
	"fmt"
	"runtime"

	"github.com/spf13/cobra"

	"github.com/voxemu/voxemu/emulator"
)

func versionCommand() *cobra.Command {
	return &cobra.Command{
		Use:     "version",
		Short:   "Print the version",
		Long:    "Print the version of voxemu, or the revision it was built from, and that of Go.",
		Example: "  voxemu version",
		Args:    cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			_, err := fmt.Fprintln(c.OutOrStdout(), "voxemu version", version())
			return err
		},
	}
}

// version is what cobra prints for --version behind the words of [versionCommand].
// A template of ours for it would make the linker keep every method of every
// type: half as much again of program and memory.
func version() string {
	return fmt.Sprintf("%s (%s %s/%s)", emulator.Version(), runtime.Version(), runtime.GOOS, runtime.GOARCH)
}
