package platform

import (
	"encoding/json"
	"strings"
	"testing"
	"unicode/utf8"
)

func TestTextsOfJSONThatAreNoUnicodeStaySo(t *testing.T) {
	for quoted, want := range map[string]string{
		`"caf\u00e9 \ud83d\ude00"`: "café 😀",
		`"\b\f\n\r\t\"\\\/"`:       "\b\f\n\r\t\"\\/",
		`"\u005c\u0022"`:           `\"`,
		`"a\ud83d"`:                "a\xed\xa0\xbd",
		`"\ude00b"`:                "\xed\xb8\x80b",
		`"\ud83d\ud83d\ude00"`:     "\xed\xa0\xbd😀",
		"\"a\xff\"":                "a\xff",
		`"\ufffd"`:                 "\uFFFD",
	} {
		if got := jsonText([]byte(quoted)); got != want {
			t.Errorf("%s: %q, want %q", quoted, got, want)
		}
	}
}

func FuzzTextOfJSON(f *testing.F) {
	f.Add(`"caf\u00e9 \ud83d\ude00"`)
	f.Add(`"a\ud83d\u0041"`)
	f.Fuzz(func(t *testing.T, quoted string) {
		var want string
		if !strings.HasPrefix(quoted, `"`) || json.Unmarshal([]byte(quoted), &want) != nil {
			return
		}
		quoted = strings.TrimRight(quoted, " \t\r\n")
		got := jsonText([]byte(quoted))
		if utf8.ValidString(got) && got != want {
			t.Errorf("%q: %q, want %q", quoted, got, want)
		}
		if !utf8.ValidString(got) && !strings.Contains(want, "\uFFFD") {
			t.Errorf("%q: %q is no Unicode, but the text is: %q", quoted, got, want)
		}
	})
}
