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

// version is the text that cobra prints after the name for --version. A template would
// make the linker keep all methods of all types, which adds half to the program's size
// and memory.
func version() string {
	return fmt.Sprintf("%s (%s %s/%s)", emulator.Version(), runtime.Version(), runtime.GOOS, runtime.GOARCH)
}
