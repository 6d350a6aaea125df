package platform

import (
	"errors"
	"fmt"

	"github.com/gorilla/mux"

	"github.com/voxemu/voxemu/emulator/internal/contract"
	"github.com/voxemu/voxemu/emulator/internal/store"
	"github.com/voxemu/voxemu/emulator/vox"
)

// Method connects a name of the contract with the functions that do it.
type Method struct {
	name    string
	writes  bool
	binder  func(*contract.Method) (func(contract.Values) any, error)
	prepare step // nil: there is nothing to prepare
	handle  step
}

// step is a function of a method whose types are known to its maker only.
type step func(tx *store.Tx, caller vox.Principal, arguments any) (any, error)

// endpoint is a connected [Method].
type endpoint struct {
	Method
	spec *contract.Method
	bind func(contract.Values) any
}

// Write makes a method that changes state: one transaction, all or nothing, the
// entry in the audit log included.
func Write[P, R any](name string, handle func(*store.Tx, vox.Principal, P) (R, error)) Method {
	return Method{name: name, writes: true, binder: binder[P], handle: untyped(handle)}
}

// WriteAfter is [Write] for work of which the longest part needs no state: prepare
// sees a snapshot, refuses what cannot be done and makes what the transaction then
// stores, while other requests go on. Handle has to look again at whatever may have
// changed meanwhile, except who the caller is and may do.
func WriteAfter[P, A, R any](name string, prepare func(*store.Tx, vox.Principal, P) (A, error), handle func(*store.Tx, vox.Principal, A) (R, error)) Method {
	return Method{name: name, writes: true, binder: binder[P], prepare: untyped(prepare), handle: untyped(handle)}
}

// Read makes a method that only looks: it sees one snapshot and never waits.
func Read[P, R any](name string, handle func(*store.Tx, vox.Principal, P) (R, error)) Method {
	return Method{name: name, binder: binder[P], handle: untyped(handle)}
}

func binder[P any](spec *contract.Method) (func(contract.Values) any, error) {
	b, err := contract.NewBinder[P](spec)
	return func(values contract.Values) any { return b.Bind(values) }, err
}

func untyped[P, R any](fn func(*store.Tx, vox.Principal, P) (R, error)) step {
	return func(tx *store.Tx, caller vox.Principal, arguments any) (any, error) {
		return fn(tx, caller, arguments.(P))
	}
}

// Table is the methods connected with the contract, and the paths where they are
// called. It never changes and is shared between servers.
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
	for _, mediaType := range c.Bodies() {
		if reader(mediaType) == nil {
			complaints = append(complaints, fmt.Errorf("openapi.yaml: x-also-accepted: no body of type %s can be read", mediaType))
		}
	}
	return Table{endpoints, paths(c, endpoints)}, errors.Join(complaints...)
}

func (m Method) connect(c *contract.Contract) (endpoint, error) {
	spec, ok := c.Method(m.name)
	if !ok {
		return endpoint{}, fmt.Errorf("%s: a handler does it, but openapi.yaml does not describe it", m.name)
	}
	bind, err := m.binder(spec)
	return endpoint{m, spec, bind}, err
}
