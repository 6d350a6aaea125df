package main

import (
	"bytes"
	"errors"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"go.yaml.in/yaml/v4"
)

// manifest is what the test reads of a Kubernetes object.
type manifest struct {
	Kind string
	Data map[string]string
	Spec struct {
		Template struct {
			Spec struct {
				InitContainers []container `yaml:"initContainers"`
				Containers     []container
			}
		}
	}
}

type container struct {
	Image                                       string
	Args                                        []string
	StartupProbe, ReadinessProbe, LivenessProbe *healthProbe
}

type healthProbe struct {
	Exec    *struct{ Command []string }
	HTTPGet *struct {
		Path string
		Port int
	} `yaml:"httpGet"`
}

// The manifests of the page have flags, scenarios and probes that exist.
func TestTheManifestsForClustersSayWhatTheProgramUnderstands(t *testing.T) {
	var all []manifest
	for _, block := range fences(file(t, "../../docs/teams.md")) {
		if block.info != "yml" {
			continue
		}
		documents := yaml.NewDecoder(strings.NewReader(block.text))
		for {
			var m manifest
			err := documents.Decode(&m)
			if errors.Is(err, io.EOF) {
				break
			}
			if err != nil {
				t.Fatal(err)
			}
			all = append(all, m)
		}
	}
	files := t.TempDir()
	emulators := 0
	for _, m := range all {
		for name, text := range m.Data {
			if err := os.WriteFile(filepath.Join(files, name), []byte(text), 0o600); err != nil {
				t.Fatal(err)
			}
		}
	}
	for _, m := range all {
		for _, c := range slices.Concat(m.Spec.Template.Spec.InitContainers, m.Spec.Template.Spec.Containers) {
			if strings.Contains(c.Image, "/voxemu:") {
				emulators++
				understood(t, c, files)
			}
		}
	}
	if emulators != 2 {
		t.Errorf("%d containers of voxemu, want 2", emulators)
	}
}

func understood(t *testing.T, c container, files string) {
	t.Helper()
	var args []string
	for _, arg := range c.Args {
		args = append(args, strings.Replace(arg, "/scenario", files, 1))
	}
	command := newRoot()
	serve, rest, err := command.Find(args)
	if err != nil {
		t.Fatal(err)
	}
	var said bytes.Buffer
	serve.SetErr(&said)
	if err := serve.ParseFlags(rest); err != nil {
		t.Fatalf("%v: %v", c.Args, err)
	}
	for _, p := range []*healthProbe{c.StartupProbe, c.ReadinessProbe, c.LivenessProbe} {
		switch {
		case p == nil:
		case p.Exec != nil:
			if wait, rest, err := command.Find(p.Exec.Command[1:]); err != nil || wait.ParseFlags(rest) != nil || p.Exec.Command[0] != "/voxemu" {
				t.Errorf("%v: %v", p.Exec.Command, err)
			}
		case p.HTTPGet.Path != "/_voxemu/health" || p.HTTPGet.Port != 15060:
			t.Errorf("probe %+v", *p.HTTPGet)
		}
	}
	scenarios, err := serve.Flags().GetStringArray("scenario")
	if err != nil {
		t.Fatal(err)
	}
	for _, scenario := range scenarios {
		if code := run([]string{"check", scenario}, io.Discard, &said); code != 0 {
			t.Errorf("%s: %s", scenario, said.String())
		}
	}
}
