package document_test

import (
	"encoding/binary"
	"fmt"
	"strings"
	"testing"
	"time"
	"unicode/utf16"
	"unicode/utf8"

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
		if took := time.Since(start); took > time.Minute { // a second on a quiet machine; by its square, hours
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

// encoded returns the forms in which editors save a text.
func encoded(text string) (withMark, utf16Little, utf16Big []byte) {
	withMark = []byte("\uFEFF" + text)
	utf16Little, utf16Big = []byte{0xFF, 0xFE}, []byte{0xFE, 0xFF}
	for _, unit := range utf16.Encode([]rune(text)) {
		utf16Little = binary.LittleEndian.AppendUint16(utf16Little, unit)
		utf16Big = binary.BigEndian.AppendUint16(utf16Big, unit)
	}
	return withMark, utf16Little, utf16Big
}

// readers are all ways to read a document.
var readers = map[string]func(document.Source) (any, error){
	"Read": func(s document.Source) (any, error) {
		var got shelf
		err := document.Read(s, &got)
		return got, err
	},
	"ReadJSON": func(s document.Source) (any, error) {
		var got shelf
		err := document.ReadJSON(s, &got)
		return got, err
	},
	"ToJSON": func(s document.Source) (any, error) {
		got, err := document.ToJSON(s)
		return string(got), err
	},
}

func FuzzEveryReaderTakesAMarkAndNamesUTF16(f *testing.F) {
	f.Add("name: x\nbooks: [{pages: 1, code: s3cret, pgaes: 2}]\n")
	f.Add(`{"name": "x", "code": "s3cret"}`)
	f.Add("code: [s3cret]")
	f.Add("")
	f.Fuzz(func(t *testing.T, text string) {
		if !utf8.ValidString(text) || strings.HasPrefix(text, "\uFEFF") || strings.Contains(text, "\x00") {
			return
		}
		withMark, little, big := encoded(text)
		for name, read := range readers {
			want, wantErr := read(document.Source{Name: "f", Text: []byte(text)})
			got, err := read(document.Source{Name: "f", Text: withMark})
			if diff := cmp.Diff(want, got); diff != "" || fmt.Sprint(err) != fmt.Sprint(wantErr) {
				t.Errorf("%s: %q with a byte order mark: %v, without: %v\n%s", name, text, err, wantErr, diff)
			}
			for _, text := range [][]byte{little, big} {
				if _, err := read(document.Source{Name: "f", Text: text}); err == nil || !strings.HasPrefix(err.Error(), "f: is UTF-16; want UTF-8") {
					t.Errorf("%s: UTF-16 %q: %v", name, text, err)
				}
			}
		}
	})
}

func TestOtherEncodingsAreNamed(t *testing.T) {
	for text, want := range map[string]string{
		"\xff\xfea\x00":   "is UTF-16;",
		"\xfe\xff\x00a":   "is UTF-16;",
		"a\x00:\x00":      "is UTF-16;",
		"\x00a\x00:":      "is UTF-16;",
		"name: caf\xe9":   "is no UTF-8 text",
		"name: \x00":      "is no UTF-8 text",
		"\"na\xffme\": 1": "is no UTF-8 text",
	} {
		for name, read := range readers {
			if _, err := read(document.Source{Name: "f", Text: []byte(text)}); err == nil || !strings.Contains(err.Error(), want) {
				t.Errorf("%s: %q: %v, want %s", name, text, err, want)
			}
		}
	}
}

func TestDirectivesAreNoDocuments(t *testing.T) {
	for text, want := range map[string]string{
		"%YAML 1.2\n---\nname: x\n":                     "",
		"%YAML 1.1\n---\nname: x\n":                     "",
		"%YAML 1.2 # why\r\n--- # start\r\nname: x\r\n": "",
		"\uFEFF%YAML 1.2\n---\nname: x\n":               "",
		"# a\n\n%YAML 1.2\n# b\n---\nname: x\n...\n":    "",
		"%TAG ! tag:a,2000:\n%YAML 1.2\n---\nname: x\n": "",
		"%YAML 1.2\n--- {name: x}\n":                    "",
		"%YAML 1.2\n---\nname: x\n---\nname: y\n":       "f:4:1: holds several documents",
		"%YAML 1.2\n---\nname: 7\n":                     "f:3:7: name: want a text",
		"%YAML 2.0\n---\nname: x\n":                     "f:1:1: no YAML: ",
		"%YAML 1.2\nname: x\n":                          "f:",
		"notes: {a: |\n%YAML 1.2\n}\n---\n":             "f:",
	} {
		var got shelf
		err := document.Read(document.Source{Name: "f", Text: []byte(text)}, &got)
		switch {
		case want == "" && (err != nil || got.Name != "x"):
			t.Errorf("%q: %+v, %v", text, got, err)
		case want != "" && (err == nil || !strings.HasPrefix(err.Error(), want)):
			t.Errorf("%q: %v, want %s", text, err, want)
		}
	}
	var got shelf
	const kept = "notes:\n  a: |\n    x\n    %YAML 1.2\n"
	if err := document.Read(document.Source{Text: []byte(kept)}, &got); err != nil || got.Notes["a"] != "x\n%YAML 1.2\n" {
		t.Errorf("%q, %v", got.Notes["a"], err)
	}
}
