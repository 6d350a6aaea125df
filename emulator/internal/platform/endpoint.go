package platform

import (
	"errors"
	"fmt"
	"time"

	"github.com/gorilla/mux"

	"github.com/voxemu/voxemu/emulator/internal/contract"
	"github.com/voxemu/voxemu/emulator/internal/store"
	"github.com/voxemu/voxemu/emulator/vox"
)

// Method connects a name of the contract with the function that does it.
type Method struct {
	name    string
	writes  bool
	prepare func(*contract.Method) (run, error)
}

// run does one call that was admitted and judged.
type run func(state *store.Store, now time.Time, c *call, values contract.Values) (any, error)

// endpoint is a connected [Method].
type endpoint struct {
	spec   *contract.Method
	writes bool
	run    run
}

// Write makes a method that changes state: one transaction, all or nothing, the
// entry in the audit log included.
func Write[P, R any](name string, handle func(*store.Tx, vox.Principal, P) (R, error)) Method {
	return newMethod(name, true, func(s *store.Store, now time.Time, c *call, values contract.Values, params P) (R, error) {
		return write(s, now, c, values, params, handle)
	})
}

// WriteAfter is [Write] for work of which the longest part needs no state: prepare
// sees a snapshot, refuses what cannot be done and makes what the transaction then
// stores, while other calls go on. Handle has to look again at whatever may have
// changed meanwhile.
func WriteAfter[P, A, R any](name string, prepare func(*store.Tx, vox.Principal, P) (A, error), handle func(*store.Tx, vox.Principal, A) (R, error)) Method {
	return newMethod(name, true, func(s *store.Store, now time.Time, c *call, values contract.Values, params P) (reply R, err error) {
		var made A
		err = s.Read(now, func(tx *store.Tx) (err error) {
			made, err = prepare(tx, c.caller, params)
			return err
		})
		if err != nil {
			return reply, err
		}
		return write(s, now, c, values, made, handle)
	})
}

// Read makes a method that only looks: it sees one snapshot and never waits.
func Read[P, R any](name string, handle func(*store.Tx, vox.Principal, P) (R, error)) Method {
	return newMethod(name, false, func(s *store.Store, now time.Time, c *call, _ contract.Values, params P) (reply R, err error) {
		err = s.Read(now, func(tx *store.Tx) (err error) {
			reply, err = handle(tx, c.caller, params)
			return err
		})
		return reply, err
	})
}

func write[A, R any](s *store.Store, now time.Time, c *call, values contract.Values, with A, handle func(*store.Tx, vox.Principal, A) (R, error)) (reply R, err error) {
	err = s.Write(now, func(tx *store.Tx) (err error) {
		if reply, err = handle(tx, c.caller, with); err != nil {
			return err
		}
		return audit(tx, c, values)
	})
	return reply, err
}

func newMethod[P, R any](name string, writes bool, do func(*store.Store, time.Time, *call, contract.Values, P) (R, error)) Method {
	prepare := func(spec *contract.Method) (run, error) {
		binder, err := contract.NewBinder[P](spec)
		return func(state *store.Store, now time.Time, c *call, values contract.Values) (any, error) {
			return do(state, now, c, values, binder.Bind(values))
		}, err
	}
	return Method{name, writes, prepare}
}

// Table is the methods connected with the contract, and the paths where they are
// called. It never changes and is shared between doors.
type Table struct {
	endpoints map[string]endpoint
	paths     *mux.Router
}

// Connect connects the methods with the contract. It refuses, all complaints at
// once, a method of the contract without a handler, a handler without a method,
// and parameters that do not fit.
func Connect(c *contract.Contract, methods ...Method) (Table, error) {
	endpoints := map[string]endpoint{}
	var complaints []error
	for _, m := range methods {
		e, err := m.connect(c)
		complaints = append(complaints, err)
		endpoints[m.name] = e
	}
	for _, m := range c.Methods() {
		if _, ok := endpoints[m.Name]; !ok {
			complaints = append(complaints, fmt.Errorf("%s: openapi.yaml describes it, but no handler does it", m.Name))
		}
	}
	return Table{endpoints, paths(c, endpoints)}, errors.Join(complaints...)
}

func (m Method) connect(c *contract.Contract) (endpoint, error) {
	spec, ok := c.Method(m.name)
	if !ok {
		return endpoint{}, fmt.Errorf("%s: a handler does it, but openapi.yaml does not describe it", m.name)
	}
	run, err := m.prepare(spec)
	return endpoint{spec, m.writes, run}, err
}
