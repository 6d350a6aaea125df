//go:build !unix && !windows

package main

import "io"

// inForeground returns true, because terminals of this system are not supported.
func inForeground() bool { return true }

// isTerminal returns false, so that output is the same as to a file.
func isTerminal(io.Writer) bool { return false }

func showsColours(io.Writer) bool { return false }
