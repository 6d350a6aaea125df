package platform

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"mime"
	"mime/multipart"
	"net/http"
	"strings"

	"github.com/voxemu/voxemu/emulator/vox"
)

// readBody adds the body's parameters, by its content type. Bodies of other types are
// ignored with a warning.
func (c *call) readBody(r *http.Request) error {
	header := r.Header.Get("Content-Type")
	mediaType, attributes, err := mime.ParseMediaType(header)
	if read := reader(mediaType); read != nil && err == nil {
		return read(c, r.Body, attributes["boundary"])
	}
	first := make([]byte, 1)
	if n, _ := r.Body.Read(first); n > 0 {
		c.warn("a body of type %q is ignored; want urlencoded, multipart or JSON", header)
	}
	return nil
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
	text, err := io.ReadAll(body)
	if err != nil {
		return broken(err, "a complete body")
	}
	values, err := parseForm(string(text))
	if err != nil {
		return err
	}
	for name, texts := range values {
		c.parameters[name] = append(c.parameters[name], texts...)
	}
	return nil
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
	text, err := io.ReadAll(body)
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
	_, attributes, _ := mime.ParseMediaType(part.Header.Get("Content-Type"))
	if strings.EqualFold(attributes["charset"], "ISO-8859-1") {
		value = latin1(value)
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
	text, err := io.ReadAll(body)
	if err != nil {
		return broken(err, "a complete body")
	}
	if len(bytes.TrimSpace(text)) == 0 {
		return nil
	}
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.UseNumber()
	var object map[string]any
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
func scalars(value any) ([]string, bool) {
	switch v := value.(type) {
	case nil:
		return nil, true
	case string:
		return []string{v}, true
	case json.Number:
		return []string{v.String()}, true
	case bool:
		if v {
			return []string{"true"}, true
		}
		return []string{"false"}, true
	case []any:
		var all []string
		for _, item := range v {
			if _, nested := item.([]any); nested {
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
	return nil, false
}
