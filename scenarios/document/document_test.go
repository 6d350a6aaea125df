package document_test

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/voxemu/voxemu/emulator/vox"
	"github.com/voxemu/voxemu/scenarios/document"
)

type shelf struct {
	Name  string            `yaml:"name"`
	Price vox.Money         `yaml:"price"`
	Since time.Time         `json:"since"`
	Books []book            `yaml:"books"`
	Notes map[string]string `yaml:"notes"`
}

type book struct {
	Pages  int64   `yaml:"pages"`
	Weight float64 `yaml:"weight"`
	Lent   bool    `yaml:"lent"`
	Secret string  `yaml:"token"`
}

func TestYAMLAndJSONReadAlike(t *testing.T) {
	var fromYAML, fromJSON shelf
	const asYAML = "name: caf\u00e9 😀\nprice: '1.50'\nsince: '2026-01-31'\nbooks:\n- pages: 7\n  weight: 0.5\n  lent: true\n- token: \"007\"\nnotes: {a.b: c}\n"
	const asJSON = `{"name": "caf\u00e9 \ud83d\ude00", "price": "1.50", "since": "2026-01-31",
		"books": [{"pages": 7, "weight": 0.5, "lent": true}, {"token": "007"}], "notes": {"a.b": "c"}}`
	if err := document.Read(document.Source{Text: []byte(asYAML)}, &fromYAML); err != nil {
		t.Fatal(err)
	}
	if err := document.ReadJSON(document.Source{Text: []byte(asJSON)}, &fromJSON); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(fromYAML, fromJSON); diff != "" || len(fromJSON.Books) != 2 || fromJSON.Notes["a.b"] != "c" {
		t.Errorf("%+v (-YAML +JSON):\n%s", fromJSON, diff)
	}
}

func TestAllMistakesComeAtOnceWithTheirPlaces(t *testing.T) {
	err := document.Read(document.Source{Name: "f", Text: []byte("name: 7\nname: x\nprcie: 1\nbooks:\n- {pages: 1.5, lent: yes, token: [s3cret]}\n- &a x\n- !t {}\nnotes: {a: }\n")}, new(shelf))
	want := []string{
		"f:1:7: name: want a text, found a number; put it in quotes",
		"f:2:1: name: is given twice",
		"f:3:1: prcie: unknown key; did you mean price?",
		"f:5:11: books[0].pages: want an integer, found a number",
		"f:5:22: books[0].lent: want true or false, found a text",
		"f:5:34: books[0].token: want a text, found a list; put it in quotes",
		"f:6:3: books[1]: want members such as \"name: value\", found an anchor or alias, which is not read here",
		"f:7:3: books[2]: want members such as \"name: value\", found a tag, which is not read here",
	}
	var got []string
	for _, line := range strings.Split(err.Error(), "\n") {
		if strings.HasPrefix(line, "f:") {
			got = append(got, line)
		}
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if strings.Contains(err.Error(), "s3cret") {
		t.Errorf("a secret is shown:\n%v", err)
	}
}

func TestJSONIsReadMoreStrictlyThanYAML(t *testing.T) {
	for text, want := range map[string]string{
		`{`:                          "1:2: is no JSON: unexpected end of JSON input, at byte 1",
		`{"name": null}`:             "1:10: name: null means nothing here; leave it out",
		`{"price": 1.50}`:            "1:11: price: want an amount of money such as 100.00",
		"{\"name\":\n\t\"\\ud83d\"}": "2:2: holds half of a pair of surrogates",
		`[]`:                         "1:1: want members such as \"name: value\", found a list",
		strings.Repeat("[", 101) + strings.Repeat("]", 101): "1:101: is nested more than 100 levels deep",
	} {
		err := document.ReadJSON(document.Source{Name: "f", Text: []byte(text)}, new(shelf))
		if err == nil || !strings.HasPrefix(err.Error(), "f:"+want) {
			t.Errorf("%.20s: %v, want %s", text, err, want)
		}
	}
}

// With time proportional to the square of the length, the test would take minutes.
func TestLargeTextsAreReadInTimeByTheirLength(t *testing.T) {
	for _, text := range []string{
		"books:\n" + strings.Repeat("- \n", 320_000),
		"{books: [" + strings.Repeat("{},", 100_000) + "]}",
		strings.Repeat("[", 8<<20), strings.Repeat("- ", 8<<20), strings.Repeat("{a: ", 4<<20), strings.Repeat("? ", 8<<20),
		strings.Repeat("name: a\n", 100_000), "name: |\n" + strings.Repeat("  a\n", 1<<20),
	} {
		start := time.Now()
		_ = document.Read(document.Source{Text: []byte(text)}, new(shelf))
		if took := time.Since(start); took > 20*time.Second {
			t.Errorf("%.20q: %v", text, took)
		}
	}
}

func FuzzRead(f *testing.F) {
	f.Add([]byte("name: x\nbooks: [{pages: 1}]\n"))
	f.Add([]byte(`{"notes": {"a": "\ud83d\ude00"}}`))
	f.Fuzz(func(t *testing.T, text []byte) {
		var first, second shelf
		source := document.Source{Text: text}
		if document.Read(source, &first) != nil {
			return
		}
		asJSON, err := document.ToJSON(source)
		if err != nil {
			t.Fatal(err)
		}
		if err := document.Read(document.Source{Text: asJSON}, &second); err != nil {
			t.Fatalf("%v in %s", err, asJSON)
		}
		if diff := cmp.Diff(first, second); diff != "" {
			t.Errorf("as JSON:\n%s", diff)
		}
	})
}
