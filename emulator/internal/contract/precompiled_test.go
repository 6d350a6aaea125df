package contract

import (
	"bytes"
	"flag"
	"net/url"
	"os"
	"reflect"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/voxemu/voxemu"
	"github.com/voxemu/voxemu/emulator/internal/store"
)

var update = flag.Bool("update", false, "rewrite precompiled.jsonl")

func compiled(t testing.TB) *Contract {
	t.Helper()
	c, err := Compile(voxemu.OpenAPI(), store.Filters())
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func TestThePrecompiledFormIsThatOfOpenAPIYAML(t *testing.T) {
	want, err := compiled(t).Precompile(voxemu.OpenAPI())
	if err != nil {
		t.Fatal(err)
	}
	if *update {
		if err := os.WriteFile("precompiled.jsonl", want, 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	if !bytes.Equal(want, precompiled) {
		t.Error("precompiled.jsonl is out of date: run make golden")
	}
	if bytes.Contains(want, []byte(`"$ref"`)) {
		t.Error("a schema refers to another one, which is not in the precompiled form: see bare")
	}
}

func TestWhatIsLoadedEqualsWhatIsCompiled(t *testing.T) {
	want := compiled(t)
	text, err := want.Precompile(voxemu.OpenAPI())
	if err != nil {
		t.Fatal(err)
	}
	got, ok := read(text, voxemu.OpenAPI())
	if !ok {
		t.Fatal("not read")
	}
	again, err := got.Precompile(voxemu.OpenAPI())
	if diff := cmp.Diff(string(text), string(again)); diff != "" || err != nil {
		t.Errorf("%v, written and read (-want +got):\n%s", err, diff)
	}
	for _, m := range got.Methods() {
		from, _ := want.Method(m.Name)
		for i, p := range m.parameters {
			if m.byName[p.Name] != p || !reflect.DeepEqual(from.parameters[i].Default, p.Default) {
				t.Errorf("%s %s differs", m.Name, p.Name)
			}
		}
	}
}

func TestAnotherTextIsRefused(t *testing.T) {
	if _, err := Load([]byte(specimen)); err == nil || !strings.Contains(err.Error(), "make golden") {
		t.Errorf("error %v, want one that says what to do", err)
	}
	for _, text := range []string{"", "{}", "{\n", `{"source":"` + fingerprint([]byte("a")) + `"}` + "\n{"} {
		if _, ok := read([]byte(text), []byte("a")); ok {
			t.Errorf("%q was read", text)
		}
	}
}

// Four allocations are kin-openapi's, two are the values', and each text has one.
func TestJudgingACallTakesAtMostEightAllocations(t *testing.T) {
	spec, err := Load(voxemu.OpenAPI())
	if err != nil {
		t.Fatal(err)
	}
	for name, given := range map[string]url.Values{
		"CreateSipRegistration": {"account_id": {"1"}, "api_key": {"k"}, "sip_username": {"user"}, "proxy": {"sip.example.com"}},
		"GetSipRegistrations":   {"account_id": {"1"}, "api_key": {"k"}, "count": {"20"}, "application_id": {"1;2"}},
	} {
		m, _ := spec.Method(name)
		allocations := testing.AllocsPerRun(100, func() {
			if _, err = m.Parse(given, spec.Common); err != nil {
				t.Error(name, err)
			}
		})
		if allocations > 8 {
			t.Errorf("%s: %v allocations", name, allocations)
		}
	}
}

// BenchmarkStart compares a start with and without the precompiled form.
func BenchmarkStart(b *testing.B) {
	for name, get := range map[string]func([]byte) (*Contract, error){
		"Load":    Load,
		"Compile": func(spec []byte) (*Contract, error) { return Compile(spec, store.Filters()) },
	} {
		b.Run(name, func(b *testing.B) {
			spec := voxemu.OpenAPI()
			for b.Loop() {
				if _, err := get(spec); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
