package main

import (
	"errors"
	"os"
	"os/exec"
	"os/signal"
	"syscall"
)

// catchSignals gives the signals that are for the command.
func catchSignals() (signals <-chan os.Signal, stop func()) {
	caught := make(chan os.Signal, 16)
	signal.Notify(caught, syscall.SIGINT, syscall.SIGTERM, syscall.SIGHUP, syscall.SIGQUIT)
	return caught, func() { signal.Stop(caught) }
}

// runChild runs the command to its end and hands signals on. The error is nil
// when it exits with 0.
func runChild(child *exec.Cmd, signals <-chan os.Signal) error {
	if err := child.Start(); err != nil {
		return cannotRun(child.Path, err)
	}
	ended := make(chan error, 1)
	go func() { ended <- child.Wait() }()
	for {
		select {
		case s := <-signals:
			// A terminal sends ^C to voxemu and the command alike; twice, it makes
			// test runners skip their cleaning up.
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
