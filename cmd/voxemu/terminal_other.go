//go:build !unix

package main

import "io"

// inForeground: the system itself sends ^C to every program of a console.
func inForeground() bool { return true }

// isTerminal: consoles differ in the colours that they know, so none are sent.
func isTerminal(io.Writer) bool { return false }
