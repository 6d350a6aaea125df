package main

import (
	"encoding/json"
	"time"

	"github.com/spf13/cobra"
)

// completionTimeout limits the wait after a press of Tab.
const completionTimeout = time.Second

func complete(c *cobra.Command, flag string, with cobra.CompletionFunc) {
	if err := c.RegisterFlagCompletionFunc(flag, with); err != nil {
		panic(err) // no such flag, or set twice: a bug
	}
}

// completeFrom offers the words that pick finds in a reply of the running emulator, or
// nothing if there is none.
func completeFrom[T any](path string, pick func(T) []string) cobra.CompletionFunc {
	return func(c *cobra.Command, _ []string, _ string) ([]string, cobra.ShellCompDirective) {
		const nothingElse = cobra.ShellCompDirectiveNoFileComp
		emulator, err := newControlClient(c.Flag("host").Value.String())
		if err != nil {
			return nil, nothingElse
		}
		emulator.http.Timeout = completionTimeout
		reply, err := emulator.get(c.Context(), path)
		var read T
		if err != nil || json.Unmarshal(reply, &read) != nil {
			return nil, nothingElse
		}
		return pick(read), nothingElse
	}
}
