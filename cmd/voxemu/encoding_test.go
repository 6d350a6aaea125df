package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/spf13/cobra"
)

// FuzzFilesWithAMarkAreReadAsWithout reads each text as a token, as a file and from
// standard input, with and without a byte order mark.
func FuzzFilesWithAMarkAreReadAsWithout(f *testing.F) {
	f.Add([]byte("secret\n"))
	f.Add([]byte("then: {hang: {}}\n"))
	f.Add([]byte("s\x00e\x00"))
	f.Add([]byte("\xff\xfes\x00"))
	folder := f.TempDir()
	f.Fuzz(func(t *testing.T, text []byte) {
		if bytes.HasPrefix(text, []byte("\uFEFF")) {
			return
		}
		read := func(text []byte) [3]string {
			path := filepath.Join(folder, "file")
			if err := os.WriteFile(path, text, 0o600); err != nil {
				t.Fatal(err)
			}
			c := &cobra.Command{}
			c.SetIn(bytes.NewReader(text))
			var got [3]string
			token, err := controlFlags{tokenFile: path}.readToken()
			got[0] = outcome(token, err)
			for i, name := range []string{path, "-"} {
				content, err := readInput(c, name)
				got[i+1] = outcome(string(content), err)
			}
			return got
		}
		without := read(text)
		if utf8.Valid(text) && !bytes.ContainsRune(text, 0) {
			if with := read(append([]byte("\uFEFF"), text...)); with != without {
				t.Errorf("%q with a byte order mark: %q, without: %q", text, with, without)
			}
		}
		for _, got := range without {
			if bytes.HasPrefix(text, []byte("\xff\xfe")) && !strings.Contains(got, "is UTF-16; want UTF-8") {
				t.Errorf("%q: %s", text, got)
			}
		}
	})
}

func outcome(text string, err error) string {
	if err != nil {
		return "error: " + err.Error()
	}
	return text
}
