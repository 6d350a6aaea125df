package main

import (
	"os"
	"os/signal"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
)

// reapOrphans removes ended processes whose parents ended before them, which the system
// hands to process 1 of a container. It never waits for the command, whose exit code is
// needed. Elsewhere than in process 1 it has nothing to do.
func reapOrphans(command int) (stop func()) {
	if os.Getpid() != 1 {
		return func() {}
	}
	ended := make(chan os.Signal, 1) // one notice is enough: all ended processes are looked for
	signal.Notify(ended, syscall.SIGCHLD)
	done := make(chan struct{})
	go func() {
		for {
			select {
			case <-ended:
				reap(command)
			case <-done:
				return
			}
		}
	}()
	return func() { signal.Stop(ended); close(done) }
}

// reap removes the ended children of this process, except one.
func reap(except int) {
	lists, _ := filepath.Glob("/proc/self/task/*/children") // the pattern is valid
	for _, list := range lists {
		text, err := os.ReadFile(list)
		if err != nil {
			continue // the thread has ended
		}
		for _, word := range strings.Fields(string(text)) {
			if pid, err := strconv.Atoi(word); err == nil && pid != except {
				_, _ = syscall.Wait4(pid, nil, syscall.WNOHANG, nil) // fails if it is gone
			}
		}
	}
}
