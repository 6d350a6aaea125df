package main

import (
	"bufio"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime/debug"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"
)

// BenchmarkStart measures the built binary: the time from the start of the process to the
// first reply of the API, and the memory of the idle process.
func BenchmarkStart(b *testing.B) {
	binary := filepath.Join(b.TempDir(), "voxemu")
	build := exec.Command("go", "build", "-trimpath", "-ldflags", "-s -w", "-o", binary, ".")
	build.Env = append(os.Environ(), "CGO_ENABLED=0") // like make build
	if out, err := build.CombinedOutput(); err != nil {
		b.Fatalf("%v\n%s", err, out)
	}
	b.Setenv("VOXEMU_CONFIG_DIR", b.TempDir())
	startOnce(b, binary) // creates the certificate authority
	var took time.Duration
	var memory float64
	for b.Loop() {
		t, m := startOnce(b, binary)
		took, memory = took+t, memory+m
	}
	b.ReportMetric(float64(took.Microseconds())/1000/float64(b.N), "ms/start")
	b.ReportMetric(memory/float64(b.N), "MB-idle")
	b.ReportMetric(0, "ns/op") // the default metric includes a pause, so it is hidden
}

// startOnce starts the binary, sends one request and stops it.
func startOnce(b *testing.B, binary string) (took time.Duration, megabytes float64) {
	b.Helper()
	command := exec.Command(binary, "serve", "--addr", "127.0.0.1:0", "--tls-addr", "127.0.0.1:0")
	log, err := command.StderrPipe()
	if err != nil {
		b.Fatal(err)
	}
	began := time.Now()
	if err := command.Start(); err != nil {
		b.Fatal(err)
	}
	ready, err := bufio.NewReader(log).ReadString('\n')
	url := regexp.MustCompile(`http=(\S+)`).FindStringSubmatch(ready)
	if err != nil || url == nil {
		b.Fatalf("not ready: %q, %v", ready, err)
	}
	reply, err := http.Get(url[1] + "/platform_api/GetSipRegistrations?account_id=1&api_key=demo-key")
	if err != nil || reply.StatusCode != http.StatusOK {
		b.Fatal(reply, err)
	}
	took = time.Since(began)
	_ = reply.Body.Close() // only the time matters
	megabytes = resident(b, command.Process.Pid)
	if err := command.Process.Signal(syscall.SIGTERM); err != nil {
		b.Fatal(err)
	}
	if err := command.Wait(); err != nil {
		b.Fatal(err)
	}
	return took, megabytes
}

// resident returns a process's memory in MB; 0 if the system does not provide it.
func resident(b *testing.B, pid int) float64 {
	b.Helper()
	status, err := os.ReadFile("/proc/" + strconv.Itoa(pid) + "/status")
	if err != nil {
		return 0
	}
	for line := range strings.Lines(string(status)) {
		if fields := strings.Fields(line); len(fields) > 1 && fields[0] == "VmRSS:" {
			kilobytes, err := strconv.ParseFloat(fields[1], 64)
			if err != nil {
				b.Fatal(err)
			}
			return kilobytes / 1024
		}
	}
	return 0
}

// What a package prepares when a program starts, every command pays for: a repetition such
// as {1,100} in a regular expression is 1,000 allocations. What is needed only sometimes is
// prepared then.
func TestPackagesPrepareLittleWhenAProgramStarts(t *testing.T) {
	const most = 300 // allocations; the highest number was 275 in November 2026
	start := exec.CommandContext(t.Context(), os.Args[0], "-test.run", "^$")
	start.Env = append(os.Environ(), "GODEBUG=inittrace=1")
	out, err := start.CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	found := regexp.MustCompile(`(?m)^init github\.com/voxemu/(\S+) .*, (\d+) allocs`).FindAllStringSubmatch(string(out), -1)
	if len(found) < 10 {
		t.Fatalf("%d packages were found in:\n%s", len(found), out)
	}
	for _, match := range found {
		if allocations, err := strconv.Atoi(match[2]); err != nil || allocations > most {
			t.Errorf("%s: %s allocations before main, want at most %d", match[1], match[2], most)
		}
	}
}

// A collection took a quarter of the processor time of a start. The race detector makes
// package initialisation allocate more, so that a program with it may collect once. The
// program of the tests is voxemu if it is called so.
func TestAStartWithASmallScenarioCollectsNoGarbage(t *testing.T) {
	most := 0
	if build, ok := debug.ReadBuildInfo(); ok && slices.Contains(build.Settings, debug.BuildSetting{Key: "-race", Value: "true"}) {
		most = 1
	}
	command := exec.CommandContext(t.Context(), os.Args[0], "serve", "--addr", "127.0.0.1:0", "--tls-addr", "127.0.0.1:0")
	command.Args[0] = "voxemu"
	command.Env = append(os.Environ(), "GODEBUG=gctrace=1", "GOGC=", "VOXEMU_CONFIG_DIR="+t.TempDir())
	out, err := command.StderrPipe()
	if err == nil {
		err = command.Start()
	}
	if err != nil {
		t.Fatal(err)
	}
	lines, ready := bufio.NewScanner(out), false
	var collections []string
	for !ready && lines.Scan() {
		ready = strings.HasPrefix(lines.Text(), "voxemu ready")
		if strings.HasPrefix(lines.Text(), "gc ") {
			collections = append(collections, lines.Text())
		}
	}
	if len(collections) > most {
		t.Errorf("%d collections, want at most %d:\n%s", len(collections), most, strings.Join(collections, "\n"))
	}
	if err := command.Process.Kill(); err != nil || !ready {
		t.Errorf("ready: %v, %v", ready, err)
	}
	_ = command.Wait() // it was killed
}
