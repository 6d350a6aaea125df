package main

import (
	"errors"
	"os"
	"os/exec"
	"os/signal"
	"syscall"
)

// catchSignals receives the signals that are forwarded to the command.
func catchSignals() (signals <-chan os.Signal, stop func()) {
	caught := make(chan os.Signal, 16)
	signal.Notify(caught, forwarded()...)
	return caught, func() { signal.Stop(caught) }
}

// runChild runs the command and forwards signals to it. The error is nil if it exits with
// 0.
func runChild(child *exec.Cmd, signals <-chan os.Signal) error {
	if err := child.Start(); err != nil {
		return cannotRun(child.Path, err)
	}
	defer reapOrphans(child.Process.Pid)()
	ended := make(chan error, 1)
	go func() { ended <- child.Wait() }()
	for {
		select {
		case s := <-signals:
			// The terminal sends ^C to the command too. A second one makes test runners
			// skip their cleanup.
			if typed := s == syscall.SIGINT || s == syscall.SIGQUIT; !typed || !inForeground() {
				_ = child.Process.Signal(s) // fails if the command has already ended
			}
		case err := <-ended:
			return exitOf(err)
		}
	}
}

// exitOf returns an error with the command's exit code.
func exitOf(err error) error {
	const signalled = 128 // shells exit with 128 plus the signal's number
	exit := (*exec.ExitError)(nil)
	if !errors.As(err, &exit) {
		return err
	}
	if status, ok := exit.Sys().(syscall.WaitStatus); ok && status.Signaled() {
		return exitError{code: signalled + int(status.Signal())}
	}
	return exitError{code: exit.ExitCode()}
}
