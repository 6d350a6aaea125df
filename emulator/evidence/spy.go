package evidence

import (
	"bytes"
	"context"
	"crypto/x509"
	"encoding/json"
	"fmt"
	"maps"
	"net/url"
	"slices"
	"time"

	"github.com/voxemu/voxemu/emulator/internal/contract"
	"github.com/voxemu/voxemu/emulator/vox"
)

// Spy returns a function for emulator.WithSpy: it asks a real service, with these
// credentials only, and returns how its replies differ from the emulator's in form: the
// error, members and their types. Rows and values are not compared, because both have
// their own. The service's certificate may be of the authorities roots; nil: of the system's.
// Error: [ErrConfig].
func Spy(upstream string, credentials vox.Credentials, roots *x509.CertPool) (func(method string, parameters url.Values, reply []byte) []string, error) {
	spec, err := specification()
	if err != nil {
		return nil, err
	}
	if _, err := (Config{Upstream: upstream, Out: "-"}).check(func(string) bool { return true }); err != nil {
		return nil, err
	}
	client := upstreamOnly(roots)
	first := &probe{}
	if first.token(credentials, time.Now(), time.Hour); first.err != nil {
		return nil, first.err
	}
	return func(method string, parameters url.Values, reply []byte) []string {
		ctx, cancel := context.WithTimeout(context.Background(), 30*time.Second)
		defer cancel()
		p := &probe{ProbeConfig: ProbeConfig{Upstream: upstream}, ctx: ctx, client: client, spec: spec}
		theirs := p.send(method, parameters, p.token(credentials, time.Now(), time.Hour), nil)
		if p.err != nil {
			return []string{"the real service does not answer"}
		}
		decoder := json.NewDecoder(bytes.NewReader(reply))
		decoder.UseNumber()
		var ours object
		if decoder.Decode(&ours) != nil {
			return nil // a reply of a fault
		}
		return inForm(spec, method, theirs, ours)
	}, nil
}

// inForm compares two replies in form. Texts name members of the specification, and others
// if they are spelt like a name.
func inForm(spec *contract.Contract, method string, theirs, ours object) []string {
	if a, b := theirs.code(), ours.code(); a != b {
		return []string{fmt.Sprintf("the real service %s, the emulator %s", codeText(a), codeText(b))}
	}
	m := newMasker(spec)
	here, there := map[string][]string{}, map[string][]string{}
	forms(m, method, "", "", map[string]any(ours), here)
	forms(m, method, "", "", map[string]any(theirs), there)
	var differences []string
	for _, path := range slices.Sorted(maps.Keys(there)) {
		known, ok := here[path]
		switch {
		case !ok && there[path][0] == "unknown member":
			differences = append(differences, fmt.Sprintf("%s: the real service sends it, the emulator does not", path))
		case ok && known[0] != there[path][0] && known[0] != "null" && there[path][0] != "null":
			differences = append(differences, fmt.Sprintf("%s: the real service sends a %s, the emulator a %s", path, there[path][0], known[0]))
		}
	}
	return differences
}

// forms collects the types of members by path.
func forms(m *masker, method, path, name string, value any, into map[string][]string) {
	kind := typeOf(value)
	if name != "" && m.of(method, name) == contract.DataUnknown && name != "msg" && name != "field_name" {
		kind = "unknown member"
	}
	if path != "" {
		into[path] = append(into[path], kind)
	}
	if kind == "unknown member" {
		return
	}
	switch value := value.(type) {
	case map[string]any:
		for member, of := range value {
			forms(m, method, join(path, m.name(member)), member, of, into)
		}
	case []any:
		for _, item := range value {
			forms(m, method, path+"[]", name, item, into)
		}
	}
}
