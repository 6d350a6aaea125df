//go:build unix

package main

import (
	"io"
	"os"

	"golang.org/x/sys/unix"
)

// inForeground reports whether the terminal sends signals, for ^C for example, to this
// process and its children.
func inForeground() bool {
	terminal, err := os.Open("/dev/tty")
	if err != nil {
		return false // there is no terminal
	}
	defer terminal.Close()
	group, err := unix.IoctlGetInt(int(terminal.Fd()), unix.TIOCGPGRP)
	return err == nil && group == unix.Getpgrp()
}

// isTerminal reports whether out is a terminal.
func isTerminal(out io.Writer) bool {
	file, ok := out.(*os.File)
	if !ok {
		return false
	}
	_, err := unix.IoctlGetWinsize(int(file.Fd()), unix.TIOCGWINSZ)
	return err == nil
}

// showsColours returns isTerminal, because all Unix terminals support the colours used.
func showsColours(out io.Writer) bool { return isTerminal(out) }
