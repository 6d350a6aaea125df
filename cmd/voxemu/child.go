package main

import (
	"errors"
	"os"
	"os/exec"
	"os/signal"
	"syscall"
)

// catchSignals receives the signals to pass on to the command.
func catchSignals() (signals <-chan os.Signal, stop func()) {
	caught := make(chan os.Signal, 16)
	signal.Notify(caught, syscall.SIGINT, syscall.SIGTERM, syscall.SIGHUP, syscall.SIGQUIT)
	return caught, func() { signal.Stop(caught) }
}

// runChild runs the command and passes signals on. The error is nil if it exits
// with 0.
func runChild(child *exec.Cmd, signals <-chan os.Signal) error {
	if err := child.Start(); err != nil {
		return cannotRun(child.Path, err)
	}
	ended := make(chan error, 1)
	go func() { ended <- child.Wait() }()
	for {
		select {
		case s := <-signals:
			// A terminal sends ^C to voxemu and the command alike; a second one
			// makes test runners skip their cleanup.
			if typed := s == syscall.SIGINT || s == syscall.SIGQUIT; !typed || !inForeground() {
				_ = child.Process.Signal(s) // it may have ended meanwhile
			}
		case err := <-ended:
			return exitOf(err)
		}
	}
}

// exitOf passes a command's exit code on.
func exitOf(err error) error {
	const signalled = 128 // what shells add to a signal's number
	exit := (*exec.ExitError)(nil)
	if !errors.As(err, &exit) {
		return err
	}
	if status, ok := exit.Sys().(syscall.WaitStatus); ok && status.Signaled() {
		return exitError{code: signalled + int(status.Signal())}
	}
	return exitError{code: exit.ExitCode()}
}
