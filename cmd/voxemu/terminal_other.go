//go:build !unix && !windows

package main

import "io"

// inForeground: nothing is known of terminals here.
func inForeground() bool { return true }

// isTerminal: nothing is known of terminals here, so output is as in a file.
func isTerminal(io.Writer) bool { return false }

func showsColours(io.Writer) bool { return false }
