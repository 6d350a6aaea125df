package contract

import (
	"bytes"
	"crypto/sha256"
	_ "embed"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"sync"

	"github.com/voxemu/voxemu/emulator/vox"
)

// precompiled is the output of [Contract.Precompile] for openapi.yaml: a head, then one
// line per method, so that a diff shows the changed methods. Reading the YAML instead
// took 30 ms of the start for 25 methods.
//
//go:embed precompiled.jsonl
var precompiled []byte

type head struct {
	Source      string                   `json:"source"` // see fingerprint
	Errors      map[vox.Error]errorEntry `json:"errors"`
	Assumptions []vox.Assumption         `json:"assumptions"`
	NotEmulated map[string]Gap           `json:"notEmulated"`
	Common      map[string]bool          `json:"common"`
	Also        alsoAccepted             `json:"also"`
	Data        map[string]Data          `json:"data"`
}

type entry struct {
	Name       string            `json:"name"`
	Roles      []vox.Role        `json:"roles"`
	Errors     []vox.Error       `json:"errors"`
	Ignored    map[string]string `json:"ignored,omitempty"`
	Lists      string            `json:"lists,omitempty"`
	Parameters []*parameter      `json:"parameters"`
	Request    json.RawMessage   `json:"request"`
	Reply      json.RawMessage   `json:"reply"`
}

// Load returns the contract of a specification in its precompiled form, which must have
// been made from exactly this text. It does not fall back on [Compile], so that the
// compiler is in no program, nor in the tests of users: 1.1 MB.
func Load(spec []byte) (*Contract, error) {
	c, ok := read(precompiled, spec)
	if !ok {
		return nil, errors.New("openapi.yaml has changed since precompiled.jsonl was made from it: run make golden")
	}
	return c, nil
}

// Precompile writes the contract in the form that [Load] reads; spec is the text from
// which it was compiled.
func (c *Contract) Precompile(spec []byte) ([]byte, error) {
	var out bytes.Buffer
	lines := json.NewEncoder(&out)
	lines.SetEscapeHTML(false)
	if err := lines.Encode(head{fingerprint(spec), c.errors, c.assumptions, c.notEmulated, c.common, c.also, c.data}); err != nil {
		return nil, err
	}
	for _, m := range c.Methods() {
		request, err := json.Marshal(m.request())
		if err != nil {
			return nil, fmt.Errorf("%s: %w", m.Name, err)
		}
		reply, err := json.Marshal(m.reply())
		if err != nil {
			return nil, fmt.Errorf("%s: %w", m.Name, err)
		}
		if err := lines.Encode(entry{m.Name, m.Roles, m.Errors, m.Ignored, m.lists, m.parameters, request, reply}); err != nil {
			return nil, err
		}
	}
	return out.Bytes(), nil
}

// read reads the precompiled form; false if it was not made from spec. The head, a third
// of the text, is decoded concurrently with the methods, which saves a tenth of the
// start.
func read(text, spec []byte) (*Contract, bool) {
	first, rest, _ := bytes.Cut(text, []byte("\n"))
	lines := slices.Collect(bytes.Lines(rest))
	var h head
	var reading sync.WaitGroup
	reading.Go(func() {
		if json.Unmarshal(first, &h) != nil {
			h.Source = "" // never equals a fingerprint
		}
	})
	methods := make([]*Method, len(lines))
	for i, line := range lines {
		methods[i] = readMethod(line)
	}
	source := fingerprint(spec)
	reading.Wait()
	if h.Source != source || slices.Contains(methods, nil) {
		return nil, false
	}
	c := &Contract{
		errors: h.Errors, assumptions: h.Assumptions, notEmulated: h.NotEmulated, common: h.Common, also: h.Also, data: h.Data,
		methods: make(map[string]*Method, len(methods)),
	}
	for _, m := range methods {
		c.methods[m.Name] = m
	}
	return c, true
}

// readMethod returns nil if the text is not a method.
func readMethod(text []byte) *Method {
	var l entry
	if json.Unmarshal(text, &l) != nil {
		return nil
	}
	m := &Method{
		Name: l.Name, Roles: l.Roles, Errors: l.Errors, Ignored: l.Ignored, lists: l.Lists,
		parameters: l.Parameters, byName: make(map[string]*parameter, len(l.Parameters)),
		request: decoded(l.Request), reply: decoded(l.Reply),
	}
	for _, p := range l.Parameters {
		m.byName[p.Name] = p
	}
	return m
}

// fingerprint identifies a text of openapi.yaml.
func fingerprint(spec []byte) string {
	sum := sha256.Sum256(spec)
	return hex.EncodeToString(sum[:])
}
