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
			_, err := fmt.Fprintln(c.OutOrStdout(), version())
			return err
		},
	}
}

func version() string {
	return fmt.Sprintf("voxemu %s (%s %s/%s)", emulator.Version(), runtime.Version(), runtime.GOOS, runtime.GOARCH)
}
