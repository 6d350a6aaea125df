package scenarios_test

import (
	"fmt"
	"reflect"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/voxemu/voxemu/emulator/vox"
	"github.com/voxemu/voxemu/scenarios"
)

// planted are the ways in which a document can hold a secret; %[1]s is the name of its
// member and %[2]s the secret.
var planted = []string{
	"  - {id: 1, %[1]s: %[2]s, name: [7]}\n",
	"  - {id: x, nmae: a, \"%[1]s\": '%[2]s', balance: none}\n",
	"  - id: 1\n    %[1]s: %[2]s   # a comment\n    balance: none\n",
	"  - id: 1\n    %[1]s:\n      %[2]s\n    balance: none\n",
	"  - id: 1\n    %[1]s:   # %[2]s\n      - %[2]s\n      - {a: %[2]s}\n    balance: none\n",
	"  - id: 1\n    %[1]s: |\n      first\n      %[2]s\n    nmae: a\n",
	"  - id: 1\n    %[1]s: >-\n\n      %[2]s\n      %[2]s\n    nmae: a\n",
	"  - id: 1\n    %[1]s: \"first\n      %[2]s\n      last\"\n    nmae: a\n",
	"  - id: 1\n    %[1]s: first\n      %[2]s\n    nmae: a\n",
	"  - {\"id\": 1, \"%[1]s\":\n  \"%[2]s\", \"nmae\": 7}\n",
	"  - {id: 1, %[1]s:    [%[2]s,\n  %[2]s], nmae: 7}\n",
	"  - &anchor {id: 1, %[1]s: %[2]s}\n",
	"  - {id: 1, %[1]s: &anchor %[2]s, nmae: 7}\n",
	"  - !account\n    %[1]s:\n      %[2]s\n",
	"  - {id: 1, %[1]s: !text %[2]s, nmae: 7}\n",
	"  - {id: y, callback_url: 'http://user:%[2]s@localhost/'}\n",
	"  - {id: y, callback_url: 'http://localhost/?a=b&%[1]s=%[2]s&c=d'}\n",
	"  - {id: y, name: [a], # %[1]s: %[2]s\n     balance: 1}\n",
}

func TestNoExcerptShowsASecret(t *testing.T) {
	names := []string{"api_key", "password", "callback_salt", "private_key", "session_id", "Authorization", "apiKey", "api_kye"}
	rapid.Check(t, func(t *rapid.T) {
		text := "accounts:\n"
		for i, way := range rapid.SliceOfN(rapid.SampledFrom(planted), 1, 4).Draw(t, "ways") {
			name := rapid.SampledFrom(names).Draw(t, "name")
			text += strings.ReplaceAll(fmt.Sprintf(way, name, "hunter2-hunter2"), "&anchor", fmt.Sprintf("&a%d", i))
		}
		text += rapid.SampledFrom([]string{"", "  nonsense\n", "\"\n", "registrations: {]\n", "faults: [{}]\n"}).Draw(t, "end")
		end := rapid.IntRange(len(text)/3, len(text)).Draw(t, "cut")
		if _, err := scenarios.Read(source("f", text[:end])); err != nil && strings.Contains(err.Error(), "unter2") {
			t.Fatalf("%s\n\n%v", text[:end], err)
		}
	})
}

func TestAnExcerptHasItsMarkerBelowTheMistake(t *testing.T) {
	for text, want := range map[string]string{
		"accounts:\n  - {id: 1, api_key: k3y, nmae: x, name: d}":    "   2 |   - {id: 1, api_key: ***, nmae: x, name: d}\n                                 ^",
		"accounts:\n  - {id: 1, name: d, api_key: [k3y, k4y]}":      "   2 |   - {id: 1, name: d, api_key: ***\n                                     ^",
		"accounts:\n  - {id: 1, name: d, api_kye: k3y}":             "   2 |   - {id: 1, name: d, api_kye: ***\n                            ^",
		"faults:\n  - then: {http: {status: 9}} # token: k3y; more": "   2 |   - then: {http: {status: 9}} # token: ***\n                                 ^",
	} {
		_, err := scenarios.Read(source("f", text))
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s\ngot\n%v\nwant\n%s", text, err, want)
		}
	}
}

// Excerpts know secrets by their names only.
func TestEachSecretMemberHasTheNameOfASecret(t *testing.T) {
	seen := map[reflect.Type]bool{}
	var walk func(reflect.Type)
	walk = func(of reflect.Type) {
		switch of.Kind() {
		case reflect.Slice, reflect.Pointer, reflect.Map:
			walk(of.Elem())
		case reflect.Struct:
			if seen[of] {
				return
			}
			seen[of] = true
			for f := range of.Fields() {
				name, _, _ := strings.Cut(f.Tag.Get("yaml"), ",")
				if f.Tag.Get("secret") != "" && !vox.IsSecretName(name) {
					t.Errorf("%s.%s: %s", of, f.Name, name)
				}
				if f.IsExported() {
					walk(f.Type)
				}
			}
		}
	}
	walk(reflect.TypeFor[scenarios.Scenario]())
}
