package main

import (
	"bufio"
	"os"
	"os/exec"
	"strings"
	"testing"

	"golang.org/x/sys/unix"
)

// A process whose parent has ended is removed, the command is not: its exit code is
// needed. The test takes the place of process 1.
func TestEndedProcessesWithoutParentAreRemoved(t *testing.T) {
	if err := unix.Prctl(unix.PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = unix.Prctl(unix.PR_SET_CHILD_SUBREAPER, 0, 0, 0, 0) })
	if _, err := os.ReadFile("/proc/thread-self/children"); err != nil {
		t.Fatal("the system does not list children:", err)
	}
	parent := exec.CommandContext(t.Context(), "sh", "-c", `sleep 0 & echo $!; exec >&-; exit 5`)
	out, err := parent.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := parent.Start(); err != nil {
		t.Fatal(err)
	}
	line, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		t.Fatal(err)
	}
	orphan := "/proc/" + strings.TrimSpace(line)
	for range 1000 {
		reap(parent.Process.Pid)
	}
	if err := parent.Wait(); parent.ProcessState.ExitCode() != 5 {
		t.Errorf("the command: %v, want exit code 5", err)
	}
	for { // until it has ended; the test's deadline is the limit
		reap(parent.Process.Pid)
		if _, err := os.Stat(orphan); os.IsNotExist(err) {
			return
		}
	}
}
