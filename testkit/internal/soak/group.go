package main

import (
	"errors"
	"sync"
)

// group runs functions concurrently and collects their errors.
type group struct {
	running sync.WaitGroup
	mu      sync.Mutex
	errs    []error
}

func (g *group) run(fn func() error) {
	g.running.Go(func() { g.add(fn()) })
}

func (g *group) add(err error) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.errs = append(g.errs, err)
}

// wait waits for all functions and joins their errors.
func (g *group) wait() error {
	g.running.Wait()
	return errors.Join(g.errs...)
}
