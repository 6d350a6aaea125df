package emulator_test

import (
	"bytes"
	"compress/gzip"
	"encoding/hex"
	"fmt"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"text/template"

	"github.com/rogpeppe/go-internal/txtar"
)

// hostileCase is a section of testdata/hostile; the README there describes the format.
type hostileCase struct {
	theme, name string
	want        []expectation // one for each reply on the connection
	request     string        // before placeholders are replaced
}

// expectation is a line "want:".
type expectation struct {
	kind   string // error, result or status
	code   int    // of the API or of HTTP
	detail string // an error's field, or a part of the body
}

func hostileCases(t testing.TB) []hostileCase {
	t.Helper()
	files, err := filepath.Glob("testdata/hostile/*.txtar")
	if err != nil || len(files) == 0 {
		t.Fatal("no hostile requests found", err)
	}
	var cases []hostileCase
	for _, file := range files {
		archive, err := txtar.ParseFile(file)
		if err != nil {
			t.Fatal(err)
		}
		theme := strings.TrimSuffix(filepath.Base(file), ".txtar")
		for _, section := range archive.Files {
			c := hostileCase{theme: theme, name: theme + ": " + section.Name}
			if err := c.read(string(section.Data)); err != nil {
				t.Fatalf("%s: %s: %v", file, section.Name, err)
			}
			cases = append(cases, c)
		}
	}
	return cases
}

// read parses comments and expectations; the rest is the request.
func (c *hostileCase) read(text string) error {
	for {
		line, rest, more := strings.Cut(text, "\n")
		want, isWant := strings.CutPrefix(line, "want: ")
		switch {
		case !isWant && !strings.HasPrefix(line, "#"):
			if len(c.want) == 0 {
				return fmt.Errorf("there is no want: line")
			}
			c.request = text
			return nil
		case !more:
			return fmt.Errorf("there is no request")
		case isWant:
			e, err := readExpectation(want)
			if err != nil {
				return err
			}
			c.want = append(c.want, e)
		}
		text = rest
	}
}

func readExpectation(text string) (e expectation, err error) {
	kind, rest, _ := strings.Cut(text, " ")
	e.kind = kind
	if kind == "result" {
		e.detail = rest
		return e, nil
	}
	number, detail, _ := strings.Cut(rest, " ")
	e.detail = detail
	if e.code, err = strconv.Atoi(number); kind != "error" && kind != "status" {
		err = fmt.Errorf("want: %s: want error CODE FIELD, status CODE TEXT or result TEXT", text)
	}
	return e, err
}

// wire replaces placeholders, completes a request line without a version and returns
// everything that is sent, and its body.
func (c hostileCase) wire(t testing.TB) (all, body string) {
	t.Helper()
	parsed, err := template.New(c.name).Funcs(placeholders(t)).Parse(c.request)
	if err != nil {
		t.Fatal(err)
	}
	var filled strings.Builder
	if err := parsed.Execute(&filled, nil); err != nil {
		t.Fatal(err)
	}
	head, body, hasBody := strings.Cut(filled.String(), "\n\n")
	head = strings.TrimSuffix(head, "\n")
	first, headers, _ := strings.Cut(head, "\n")
	if !strings.Contains(head, "chunked") { // whose last chunk ends in an empty line
		body = strings.TrimSuffix(body, "\n")
	}
	if wireLines(head, first) {
		body = strings.ReplaceAll(body, "\n", "\r\n")
	}
	if !strings.Contains(first, "HTTP/") {
		head = complete(first, headers, len(body), hasBody)
	}
	head = strings.ReplaceAll(strings.ReplaceAll(head, "\n", "\r\n"), lineFeed, "\n")
	return head + "\r\n\r\n" + body, body
}

// wireLines reports whether the lines of a body end in CRLF.
func wireLines(head, first string) bool {
	lower := strings.ToLower(head)
	return strings.Contains(lower, "multipart/") || strings.Contains(lower, "chunked") || strings.Contains(first, "HTTP/")
}

// complete adds headers that every client sends.
func complete(first, headers string, length int, hasBody bool) string {
	lines := []string{first + " HTTP/1.1", "Host: localhost", "Connection: close"}
	if headers != "" {
		lines = append(lines, headers)
	}
	if hasBody {
		lines = append(lines, fmt.Sprintf("Content-Length: %d", length))
		if !strings.Contains(headers, "Content-Type") {
			lines = append(lines, "Content-Type: application/x-www-form-urlencoded")
		}
	}
	return strings.Join(lines, "\n")
}

// lineFeed replaces a bare line feed until the others have become CRLF.
const lineFeed = "\x00LF\x00"

// placeholders are the functions between double braces.
func placeholders(t testing.TB) template.FuncMap {
	return template.FuncMap{
		"demo":  func() string { return "account_id=1&api_key=demo-key" },
		"lf":    func() string { return lineFeed },
		"times": func(n int, text string) string { return strings.Repeat(text, n) },
		"hex": func(digits string) (string, error) {
			text, err := hex.DecodeString(strings.ReplaceAll(digits, " ", ""))
			return string(text), err
		},
		"gzip": func(text string) (string, error) {
			var out bytes.Buffer
			w := gzip.NewWriter(&out)
			if _, err := w.Write([]byte(text)); err != nil {
				return "", err
			}
			err := w.Close()
			return out.String(), err
		},
		"numbered": func(n int, format string) string {
			var out strings.Builder
			for i := range n {
				fmt.Fprintf(&out, format, i)
			}
			return out.String()
		},
		"token":    func(signer, header, claims string) (string, error) { return forge(t, signer, header, claims) },
		"rawToken": func(signer, header, claims string) (string, error) { return forgeRaw(t, signer, header, claims) },
	}
}
