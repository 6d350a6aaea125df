package platform

import (
	"errors"
	"fmt"
	"reflect"

	"github.com/gorilla/mux"

	"github.com/voxemu/voxemu/emulator/internal/contract"
	"github.com/voxemu/voxemu/emulator/internal/store"
	"github.com/voxemu/voxemu/emulator/vox"
)

// Method connects a method's name in the contract with its functions.
type Method struct {
	name    string
	writes  bool
	params  reflect.Type
	prepare step // nil: no preparation
	handle  step
}

// step is a function of a method, with its types erased. arguments is a pointer.
type step func(tx *store.Tx, caller vox.Principal, arguments any) (any, error)

type endpoint struct {
	Method
	spec *contract.Method
	bind func(contract.Values) any
}

// Write returns a method that changes state. It runs in one transaction, together with
// its entry in the audit log.
func Write[P, R any](name string, handle func(*store.Tx, vox.Principal, P) (R, error)) Method {
	return Method{name: name, writes: true, params: reflect.TypeFor[P](), handle: untyped(handle)}
}

// WriteAfter is [Write] for methods whose longest part needs no transaction. prepare runs
// on a snapshot, in parallel with other requests; it returns an error or what handle
// needs. handle must check again everything that can have changed meanwhile, except the
// caller and its roles.
func WriteAfter[P, A, R any](name string, prepare func(*store.Tx, vox.Principal, P) (A, error), handle func(*store.Tx, vox.Principal, A) (R, error)) Method {
	prepared := func(tx *store.Tx, caller vox.Principal, params P) (*A, error) {
		arguments, err := prepare(tx, caller, params)
		return &arguments, err
	}
	return Method{name: name, writes: true, params: reflect.TypeFor[P](), prepare: untyped(prepared), handle: untyped(handle)}
}

// Read returns a method that changes nothing. It runs on a snapshot and never waits.
func Read[P, R any](name string, handle func(*store.Tx, vox.Principal, P) (R, error)) Method {
	return Method{name: name, params: reflect.TypeFor[P](), handle: untyped(handle)}
}

func untyped[P, R any](fn func(*store.Tx, vox.Principal, P) (R, error)) step {
	return func(tx *store.Tx, caller vox.Principal, arguments any) (any, error) {
		return fn(tx, caller, *arguments.(*P))
	}
}

// Table contains the connected methods and their paths. It is immutable, and servers
// share it.
type Table struct {
	endpoints map[string]endpoint
	paths     *mux.Router
}

// Connect connects the methods with the contract. The error lists all methods of the
// contract without a handler, handlers without a method, and parameters that do not
// match.
func Connect(c *contract.Contract, methods ...Method) (Table, error) {
	endpoints := map[string]endpoint{}
	var mistakes []error
	for _, m := range methods {
		e, err := m.connect(c)
		mistakes = append(mistakes, err)
		endpoints[m.name] = e
	}
	for _, m := range c.Methods() {
		if _, ok := endpoints[m.Name]; !ok {
			mistakes = append(mistakes, fmt.Errorf("%s: openapi.yaml describes it, but no handler does it", m.Name))
		}
	}
	for _, mediaType := range c.Bodies() {
		if reader(mediaType) == nil {
			mistakes = append(mistakes, fmt.Errorf("openapi.yaml: x-also-accepted: no body of type %s can be read", mediaType))
		}
	}
	return Table{endpoints, paths(c, endpoints)}, errors.Join(mistakes...)
}

func (m Method) connect(c *contract.Contract) (endpoint, error) {
	spec, ok := c.Method(m.name)
	if !ok {
		return endpoint{}, fmt.Errorf("%s: a handler does it, but openapi.yaml does not describe it", m.name)
	}
	binder, err := contract.NewBinder(spec, m.params)
	return endpoint{m, spec, binder.Bind}, err
}
