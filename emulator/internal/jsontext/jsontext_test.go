package jsontext_test

import (
	"encoding/json"
	"testing"

	"pgregory.net/rapid"

	"github.com/voxemu/voxemu/emulator/internal/jsontext"
)

func TestStringsAreWrittenAsEncodingJSONDoes(t *testing.T) {
	check := func(t rapid.TB, s string) {
		want, err := json.Marshal(s)
		if got := jsontext.AppendString(nil, s); err != nil || string(got) != string(want) {
			t.Errorf("%q: %s, want %s, %v", s, got, want, err)
		}
	}
	for c := range 256 {
		check(t, "a"+string([]byte{byte(c)})+"b")
	}
	rapid.Check(t, func(t *rapid.T) { check(t, rapid.String().Draw(t, "text")) })
}

func TestAnObjectHasItsMembersInOrder(t *testing.T) {
	got := jsontext.Begin([]byte("[")).Text("a", "x\n").OptText("b", "").OptText("c", "y").Int("d", -1).OptInt("e", 0).OptInt("f", 2).Bool("g", true).End()
	if want := `[{"a":"x\n","c":"y","d":-1,"f":2,"g":true}`; string(got) != want {
		t.Errorf("%s, want %s", got, want)
	}
}
