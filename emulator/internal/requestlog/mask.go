package requestlog

import (
	"bytes"
	"net/url"
	"strings"

	"github.com/voxemu/voxemu/emulator/vox"
)

// masked replaces secrets.
const masked = "***"

// longestName is the maximum length of a name of a method or parameter that is recorded.
const longestName = 64

// Name returns the name of a method or parameter, or *** if the text cannot be a name.
// For example, a JSON body sent as a form is one long name that contains secrets.
func Name(text string) string {
	if len(text) > longestName {
		return masked
	}
	for i := range len(text) {
		c := text[i]
		letter := 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || '0' <= c && c <= '9'
		if !letter && !strings.ContainsRune("_-.[]", rune(c)) {
			return masked
		}
	}
	return text
}

// maskURL masks user information and secret parameters of a URL.
func maskURL(text string) string {
	u, err := url.Parse(text)
	if err != nil {
		return masked
	}
	if u.User != nil {
		u.User = url.User(masked)
	}
	pairs := strings.Split(u.RawQuery, "&")
	for i, pair := range pairs {
		raw, _, _ := strings.Cut(pair, "=")
		if name, err := url.QueryUnescape(raw); err != nil || vox.IsSecretName(name) {
			pairs[i] = raw + "=" + masked
		}
	}
	u.RawQuery = strings.Join(pairs, "&")
	return strings.ReplaceAll(u.String(), "%2A%2A%2A@", masked+"@")
}

// MaskBody masks the values of secret members. It searches for names and values without
// parsing, because a body can be cut or, with a fault, malformed.
func MaskBody(text []byte) string {
	var out []byte
	kept := 0
	for i := 0; i < len(text); {
		quote := bytes.IndexByte(text[i:], '"')
		if quote < 0 {
			break
		}
		start := i + quote
		i = endOfString(text, start)
		colon := endOfSpace(text, i)
		if colon == len(text) || text[colon] != ':' || !vox.IsSecretName(string(text[start:i])) {
			continue
		}
		value := endOfSpace(text, colon+1)
		out = append(append(out, text[kept:value]...), `"`+masked+`"`...)
		i = endOfValue(text, value)
		kept = i
	}
	return strings.ToValidUTF8(string(append(out, text[kept:]...)), "\uFFFD")
}

// endOfString returns the index after the string that begins at start.
func endOfString(text []byte, start int) int {
	for i := start + 1; i < len(text); i++ {
		switch text[i] {
		case '\\':
			i++
		case '"':
			return i + 1
		}
	}
	return len(text)
}

func endOfSpace(text []byte, i int) int {
	for i < len(text) && strings.IndexByte(" \t\r\n", text[i]) >= 0 {
		i++
	}
	return i
}

// endOfValue returns the index after the JSON value that begins at start.
func endOfValue(text []byte, start int) int {
	depth := 0
	for i := start; i < len(text); i++ {
		switch text[i] {
		case '"':
			i = endOfString(text, i) - 1
		case '{', '[':
			depth++
		case '}', ']':
			depth--
			if depth < 0 {
				return i
			}
		case ',':
			if depth == 0 {
				return i
			}
		}
	}
	return len(text)
}
