package document

import (
	"bytes"
	"errors"
	"unicode/utf8"
)

// The byte order mark in UTF-8, which editors on Windows write, and in UTF-16.
var (
	mark8  = []byte("\uFEFF")
	mark16 = [][]byte{{0xFF, 0xFE}, {0xFE, 0xFF}}
)

var (
	errUTF16  = errors.New("is UTF-16; want UTF-8: save it with this encoding")
	errNoUTF8 = errors.New("is no UTF-8 text")
)

// UTF8 returns a text without its byte order mark. All files and bodies that people write
// are read with it. It returns an error for texts that are not UTF-8 or contain NUL.
func UTF8(text []byte) ([]byte, error) {
	switch {
	case isUTF16(text):
		return nil, errUTF16
	case !utf8.Valid(text) || bytes.IndexByte(text, 0) >= 0:
		return nil, errNoUTF8
	}
	return withoutMark(text), nil
}

// withoutMark does not copy the text.
func withoutMark(text []byte) []byte { return bytes.TrimPrefix(text, mark8) }

// isUTF16 reports whether a text begins with the mark of UTF-16, or with a character of
// ASCII in UTF-16.
func isUTF16(text []byte) bool {
	for _, mark := range mark16 {
		if bytes.HasPrefix(text, mark) {
			return true
		}
	}
	return len(text) >= 2 && len(text)%2 == 0 && (text[0] == 0) != (text[1] == 0)
}
