package main

import (
	"bytes"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"time"
)

const (
	starts      = 3                // number of measured starts
	startLimit  = 60 * time.Second // after which a server counts as not running
	idle        = time.Second      // idle time before memory is read
	betweenAsks = time.Millisecond // the precision of the start's time
)

// measureStart starts a server several times, records the median time to the first reply
// and the memory, and leaves it running for the load.
func (s *server) measureStart(folder string) error {
	var times []time.Duration
	for i := range starts {
		if i > 0 {
			s.stop()
		}
		took, err := s.start(s.command, folder)
		if err != nil {
			return err
		}
		times = append(times, took)
	}
	slices.Sort(times)
	s.started = times[len(times)/2]
	time.Sleep(idle)
	s.memory = resident(s.running.Process.Pid)
	if s.loaded == nil {
		return nil
	}
	s.stop()
	_, err := s.start(s.loaded, folder)
	return err
}

// start runs a command until it replies, and returns the time that this took.
func (s *server) start(command func(port string) []string, folder string) (time.Duration, error) {
	port, err := freePort()
	if err != nil {
		return 0, err
	}
	words := command(port)
	if _, err := exec.LookPath(words[0]); err != nil {
		return 0, fmt.Errorf("%s is not there", words[0])
	}
	var said bytes.Buffer
	s.address, s.running = "127.0.0.1:"+port, exec.Command(words[0], words[1:]...)
	s.running.Env = append(os.Environ(), "VOXEMU_CONFIG_DIR="+folder)
	s.running.Stderr = &said
	began := time.Now()
	if err := s.running.Start(); err != nil {
		s.running = nil
		return 0, err
	}
	for time.Since(began) < startLimit {
		if connection, err := net.Dial("tcp", s.address); err == nil {
			connection.Close()
			if _, err = s.ask(s.list); err == nil {
				return time.Since(began), nil
			}
		}
		time.Sleep(betweenAsks)
	}
	_, err = s.ask(s.list)
	s.stop()
	return 0, fmt.Errorf("no answer within %v: %v %.300s", startLimit, err, &said)
}

// ask sends one request on a new connection.
func (s *server) ask(q question) (string, error) {
	request, err := http.NewRequest(q.verb, "http://"+s.address+q.target, strings.NewReader(q.body))
	if err != nil {
		return "", err
	}
	request.Close = true
	if q.body != "" {
		request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	if q.header[0] != "" {
		request.Header.Set(q.header[0], q.header[1])
	}
	reply, err := http.DefaultClient.Do(request)
	if err != nil {
		return "", err
	}
	defer reply.Body.Close()
	text, err := io.ReadAll(reply.Body)
	if err != nil {
		return "", err
	}
	if reply.StatusCode != http.StatusOK || !strings.HasPrefix(string(text), q.begins) {
		return "", fmt.Errorf("%s answers %s: %.200s", s.name, reply.Status, text)
	}
	return string(text), nil
}

func (s *server) backToScenario() error {
	reply, err := http.Post("http://"+s.address+s.reset, "", nil)
	if err != nil {
		return err
	}
	defer reply.Body.Close()
	if reply.StatusCode != http.StatusOK {
		return fmt.Errorf("reset: %s", reply.Status)
	}
	return nil
}

// stop stops the server's process, first with SIGTERM.
func (s *server) stop() {
	if s.running == nil {
		return
	}
	_ = s.running.Process.Signal(syscall.SIGTERM) // fails if it has ended by itself
	kill := time.AfterFunc(5*time.Second, func() { _ = s.running.Process.Kill() })
	_ = s.running.Wait() // ending by a signal is not a failure
	kill.Stop()
	s.running = nil
}

// resident returns a process's memory in bytes; 0 without /proc.
func resident(pid int) int64 {
	text, _ := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	for line := range strings.Lines(string(text)) {
		if rest, ok := strings.CutPrefix(line, "VmRSS:"); ok {
			kilobytes, _ := strconv.ParseInt(strings.Fields(rest)[0], 10, 64)
			return kilobytes << 10
		}
	}
	return 0
}

// freePort returns a port that was free just now, because not all servers can choose one.
func freePort() (string, error) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	defer listener.Close()
	_, port, err := net.SplitHostPort(listener.Addr().String())
	return port, err
}
