package main

import (
	"io"
	"os"

	"golang.org/x/sys/windows"
)

// inForeground returns true because Windows sends ^C to all programs of a console.
func inForeground() bool { return true }

// isTerminal reports whether out is a console.
func isTerminal(out io.Writer) bool {
	_, _, ok := console(out)
	return ok
}

// showsColours enables escape sequences; false for consoles before Windows 10, which have
// none.
func showsColours(out io.Writer) bool {
	handle, mode, ok := console(out)
	return ok && windows.SetConsoleMode(handle, mode|windows.ENABLE_VIRTUAL_TERMINAL_PROCESSING) == nil
}

// console returns the console that out writes to, and its mode.
func console(out io.Writer) (handle windows.Handle, mode uint32, ok bool) {
	file, ok := out.(*os.File)
	if !ok {
		return 0, 0, false
	}
	handle = windows.Handle(file.Fd())
	err := windows.GetConsoleMode(handle, &mode)
	return handle, mode, err == nil
}
