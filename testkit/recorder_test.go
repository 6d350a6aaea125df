package testkit_test

import (
	"fmt"
	"slices"
	"strings"
	"sync"
)

// recorder is a test that records its failures. Fatalf panics, in place of
// runtime.Goexit.
type recorder struct {
	name string

	mu       sync.Mutex
	failures []string
	logs     []string
	cleanups []func()
}

type fatal struct{}

func (r *recorder) Helper()      {}
func (r *recorder) Name() string { return r.name }

func (r *recorder) Cleanup(fn func()) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.cleanups = append(r.cleanups, fn)
}

func (r *recorder) Errorf(format string, args ...any) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.failures = append(r.failures, fmt.Sprintf(format, args...))
}

func (r *recorder) Fatalf(format string, args ...any) {
	r.Errorf(format, args...)
	panic(fatal{})
}

func (r *recorder) Logf(format string, args ...any) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.logs = append(r.logs, fmt.Sprintf(format, args...))
}

// try runs fn as the body of a test, to its end or to a Fatalf.
func (r *recorder) try(fn func()) {
	defer func() {
		if p := recover(); p != nil && p != (fatal{}) {
			panic(p)
		}
	}()
	fn()
}

// end runs the cleanups, the last one first.
func (r *recorder) end() {
	for _, fn := range slices.Backward(r.cleanups) {
		r.try(fn)
	}
	r.cleanups = nil
}

func (r *recorder) text() string { return strings.Join(r.failures, "\n") }
