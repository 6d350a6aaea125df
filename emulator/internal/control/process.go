package control

import (
	"context"
	"fmt"
	"net/http"

	"github.com/voxemu/voxemu/emulator/vox"
)

// Process is what the running emulator tells of itself.
type Process struct {
	// Health describes the running emulator.
	Health func() any
	// Config tells how it was started, without secrets.
	Config func() any
	// Coverage tells which methods of the real service are emulated.
	Coverage func() Coverage
	// Metrics gives the counters in the text format of Prometheus.
	Metrics func() http.Handler
	// CA is the certificate of the authority behind HTTPS, PEM.
	CA func() ([]byte, error)
	// Shutdown asks the process to stop, without waiting; nil: it may not.
	Shutdown func()
}

// Coverage lists the real service's methods by what the emulator does.
type Coverage struct {
	// Emulated methods do what the real ones do.
	Emulated []string `json:"emulated"`
	// Partly are methods with parameters that have no effect: why, by method and
	// parameter.
	Partly map[string]map[string]string `json:"partly"`
	// NotEmulated methods are answered with error 103 and a warning: why, by
	// method.
	NotEmulated map[string]string `json:"not_emulated"`
}

func (p Process) health(context.Context, nothing) (any, error)        { return p.Health(), nil }
func (p Process) config(context.Context, nothing) (any, error)        { return p.Config(), nil }
func (p Process) coverage(context.Context, nothing) (Coverage, error) { return p.Coverage(), nil }

func (p Process) metrics(w http.ResponseWriter, r *http.Request) {
	if err := read(w, r, &nothing{}); err != nil {
		fail(w, err)
		return
	}
	p.Metrics().ServeHTTP(w, r)
}

func (p Process) ca(context.Context, nothing) (document, error) {
	pem, err := p.CA()
	return document{"application/x-pem-file", pem}, err
}

func (p Process) shutdown(context.Context, nothing) (done, error) {
	if p.Shutdown == nil {
		return done{}, fmt.Errorf("%w: start with --allow-shutdown (emulator.WithShutdown) to be stopped from here", vox.ErrForbidden)
	}
	p.Shutdown()
	return ok, nil
}
