//go:build !unix

package main

// inForeground: where there are no signals to send to a process, the system
// itself tells every program of a console about ^C.
func inForeground() bool { return true }
