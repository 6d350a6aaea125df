package main

import (
	"io"
	"os"

	"golang.org/x/sys/windows"
)

// inForeground: the system itself sends ^C to every program of a console.
func inForeground() bool { return true }

// isTerminal reports whether people read what is written there.
func isTerminal(out io.Writer) bool {
	_, _, ok := console(out)
	return ok
}

// showsColours switches the console to escape sequences; consoles before Windows 10
// have none.
func showsColours(out io.Writer) bool {
	handle, mode, ok := console(out)
	return ok && windows.SetConsoleMode(handle, mode|windows.ENABLE_VIRTUAL_TERMINAL_PROCESSING) == nil
}

// console is the console that out writes to, and its mode.
func console(out io.Writer) (handle windows.Handle, mode uint32, ok bool) {
	file, ok := out.(*os.File)
	if !ok {
		return 0, 0, false
	}
	handle = windows.Handle(file.Fd())
	err := windows.GetConsoleMode(handle, &mode)
	return handle, mode, err == nil
}
