package platform

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"mime"
	"mime/multipart"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"unicode/utf16"
	"unicode/utf8"

	"github.com/voxemu/voxemu/emulator/journal"
	"github.com/voxemu/voxemu/emulator/vox"
)

// readBody adds the body's parameters, by its content type. Bodies of other types are
// ignored with a warning.
func (c *call) readBody(r *http.Request) error {
	header := r.Header.Get("Content-Type")
	if coding := r.Header.Get("Content-Encoding"); coding != "" && !strings.EqualFold(coding, "identity") {
		c.ignored("Content-Encoding", "none: the body is not decoded")
	}
	mediaType, attributes, err := mime.ParseMediaType(header)
	if read := reader(mediaType); read != nil && err == nil {
		if mediaType != "multipart/form-data" {
			c.checkCharset("Content-Type", attributes)
		}
		return read(c, r.Body, attributes["boundary"])
	}
	first := make([]byte, 1)
	if n, _ := r.Body.Read(first); n > 0 {
		c.warn("a body of type %q is ignored; want urlencoded, multipart or JSON", header)
		c.notHonoured = append(c.notHonoured, journal.ParameterMistake{Parameter: "Content-Type", Allowed: "urlencoded, multipart or JSON: the body is ignored"})
	}
	return nil
}

// ignored notes a header of a request or a part that is not honoured. What the real service
// does with it is unknown.
func (c *call) ignored(header, want string) {
	mistake := journal.ParameterMistake{Parameter: header, Allowed: want}
	c.warn("%s", mistake)
	c.notHonoured = append(c.notHonoured, mistake)
}

func (c *call) checkCharset(header string, attributes map[string]string) {
	switch strings.ToLower(attributes["charset"]) {
	case "", "utf-8", "utf8", "us-ascii", "ascii":
	default:
		c.ignored(header, "the charset UTF-8: no other one is decoded")
	}
}

// reader returns the function that reads parameters of a media type; nil if the type is
// not accepted. openapi.yaml lists the types: urlencoded, and those of x-also-accepted.
func reader(mediaType string) func(c *call, body io.Reader, boundary string) error {
	switch mediaType {
	case "application/x-www-form-urlencoded":
		return (*call).readURLEncoded
	case "multipart/form-data":
		return (*call).readMultipart
	case "application/json":
		return (*call).readJSON
	}
	return nil
}

func (c *call) readURLEncoded(body io.Reader, _ string) error {
	c.encoding = vox.EncodingURLEncoded
	text, err := c.readAllOf(body)
	if err != nil {
		return broken(err, "a complete body")
	}
	values, err := parseForm(string(text))
	if err != nil {
		return err
	}
	if len(c.parameters) == 0 {
		c.parameters = values
		return nil
	}
	for name, texts := range values {
		c.parameters[name] = append(c.parameters[name], texts...)
	}
	return nil
}

// readAllOf reads the body, into memory of its size if that is known and not large.
func (c *call) readAllOf(body io.Reader) ([]byte, error) {
	const large = 4 << 10
	text := make([]byte, 0, min(max(c.body.length, 0), large)+1) // one more, for the end
	for {
		n, err := body.Read(text[len(text):cap(text)])
		text = text[:len(text)+n]
		if err == io.EOF {
			return text, nil
		}
		if err != nil {
			return text, err
		}
		text = slices.Grow(text, 1)
	}
}

// broken returns the limit's own error, or a refusal in place of any other error.
func broken(err error, want string) error {
	var cut *http.MaxBytesError
	if errors.As(err, &cut) {
		return err
	}
	return unreadable(want)
}

// readMultipart reads each part as a parameter, also parts with a file name: the PHP SDK
// uploads a value that happens to be the path of a file (docs/evidence.md#encodings).
func (c *call) readMultipart(body io.Reader, boundary string) error {
	c.encoding = vox.EncodingMultipart
	if boundary == "" {
		return unreadable("a multipart body with a boundary")
	}
	text, err := c.readAllOf(body)
	if err != nil {
		return broken(err, "a complete body")
	}
	if !bytes.Contains(text, []byte("--"+boundary+"--")) { // NextPart treats an end within a part's header as the last part
		return unreadable("a multipart body with a closing boundary")
	}
	reader := multipart.NewReader(bytes.NewReader(text), boundary)
	for {
		part, err := reader.NextPart()
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return broken(err, "a well-formed multipart body")
		}
		if err := c.readPart(part); err != nil {
			return err
		}
	}
}

func (c *call) readPart(part *multipart.Part) error {
	name := part.FormName()
	if name == "" {
		return unreadable("a name on every part")
	}
	value, err := io.ReadAll(part)
	if err != nil {
		return broken(err, "a well-formed multipart body")
	}
	switch coding := strings.ToLower(part.Header.Get("Content-Transfer-Encoding")); coding {
	case "", "7bit", "8bit", "binary": // quoted-printable is decoded by the reader
	default:
		c.ignored("Content-Transfer-Encoding of a part", "7bit, 8bit, binary or quoted-printable: no other one is decoded")
	}
	_, attributes, _ := mime.ParseMediaType(part.Header.Get("Content-Type"))
	if strings.EqualFold(attributes["charset"], "ISO-8859-1") {
		value = latin1(value)
	} else {
		c.checkCharset("Content-Type of a part", attributes)
	}
	c.parameters.Add(name, string(value))
	return nil
}

// latin1 decodes the charset that the Java SDK declares (docs/evidence.md#encodings).
func latin1(text []byte) []byte {
	runes := make([]rune, len(text))
	for i, b := range text {
		runes[i] = rune(b)
	}
	return []byte(string(runes))
}

// readJSON reads the members of an object as parameters (A26). The samples of the
// documentation send an empty object and all parameters in the query.
func (c *call) readJSON(body io.Reader, _ string) error {
	text, err := c.readAllOf(body)
	if err != nil {
		return broken(err, "a complete body")
	}
	if len(bytes.TrimSpace(text)) == 0 {
		return nil
	}
	decoder := json.NewDecoder(bytes.NewReader(text))
	var object map[string]json.RawMessage
	if err := decoder.Decode(&object); err != nil || object == nil {
		return unreadable("one JSON object")
	}
	if _, err := decoder.Token(); err != io.EOF { // More treats a closing bracket as the end
		return unreadable("one JSON object")
	}
	if len(object) > 0 {
		c.encoding = vox.EncodingJSON
	}
	for name, value := range object {
		texts, ok := scalars(value)
		if !ok {
			return unreadable("texts, numbers, booleans or lists of them as members of the JSON object")
		}
		for _, text := range texts {
			c.parameters.Add(name, text)
		}
	}
	return nil
}

// scalars returns the texts that a form would contain for a member; a list is a repeated
// parameter.
func scalars(value json.RawMessage) ([]string, bool) {
	switch value[0] {
	case '"':
		return []string{jsonText(value)}, true
	case 'n': // null
		return nil, true
	case '{':
		return nil, false
	case '[':
		var items []json.RawMessage
		_ = json.Unmarshal(value, &items) // cannot fail: it was parsed before
		var all []string
		for _, item := range items {
			if item[0] == '[' { // before it is parsed again, at each level
				return nil, false
			}
			texts, ok := scalars(item)
			if !ok {
				return nil, false
			}
			all = append(all, texts...)
		}
		return all, true
	}
	return []string{string(value)}, true // a number or a boolean
}

// jsonText decodes a JSON string. What is no Unicode text stays so, for it is refused as in
// a form: encoding/json would replace invalid bytes and single surrogates by U+FFFD.
func jsonText(quoted []byte) string {
	if utf8.Valid(quoted) && !bytes.Contains(quoted, []byte(`\u`)) {
		var text string
		_ = json.Unmarshal(quoted, &text) // cannot fail: it was parsed before
		return text
	}
	escapes := strings.NewReplacer("b", "\b", "f", "\f", "n", "\n", "r", "\r", "t", "\t")
	inner := quoted[1 : len(quoted)-1]
	out := make([]byte, 0, len(inner))
	for i := 0; i < len(inner); i++ {
		switch {
		case inner[i] != '\\':
			out = append(out, inner[i])
			continue
		case inner[i+1] != 'u':
			out = append(out, escapes.Replace(string(inner[i+1]))...)
			i++
			continue
		}
		unit := codeUnit(inner[i:])
		i += 5
		if pair := utf16.DecodeRune(unit, codeUnit(inner[i+1:])); pair != utf8.RuneError {
			out = utf8.AppendRune(out, pair)
			i += 6
		} else if utf16.IsSurrogate(unit) {
			out = append(out, 0xE0|byte(unit>>12), 0x80|byte(unit>>6)&0x3F, 0x80|byte(unit)&0x3F)
		} else {
			out = utf8.AppendRune(out, unit)
		}
	}
	return string(out)
}

// codeUnit returns the number of an escape such as \u00e9 at the start of a text; 0 if there
// is none.
func codeUnit(text []byte) rune {
	if len(text) < 6 || text[0] != '\\' || text[1] != 'u' {
		return 0
	}
	unit, _ := strconv.ParseUint(string(text[2:6]), 16, 16) // cannot fail: it was parsed before
	return rune(unit)
}
