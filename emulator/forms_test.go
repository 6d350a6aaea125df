package emulator_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
)

// form is a way to encode a request (docs/evidence.md#addresses,
// docs/evidence.md#encodings).
type form struct {
	name string
	make func(t testing.TB, method string, parameters url.Values) *http.Request
}

// forms returns all ways that real clients use.
func forms() []form {
	return []form{
		{"GET, path", func(t testing.TB, m string, p url.Values) *http.Request {
			return httptest.NewRequest("GET", path(m)+"?"+p.Encode(), nil)
		}},
		{"GET, path with slash, raw semicolons", func(t testing.TB, m string, p url.Values) *http.Request {
			return httptest.NewRequest("GET", path(m)+"/?"+strings.ReplaceAll(p.Encode(), "%3B", ";"), nil)
		}},
		{"GET, cmd", func(t testing.TB, m string, p url.Values) *http.Request {
			return httptest.NewRequest("GET", "/platform_api/?"+with(p, "cmd", m).Encode(), nil)
		}},
		{"POST, path, urlencoded", func(t testing.TB, m string, p url.Values) *http.Request {
			return post(path(m), "application/x-www-form-urlencoded", strings.NewReader(p.Encode()))
		}},
		{"PUT, path, urlencoded", func(t testing.TB, m string, p url.Values) *http.Request {
			r := post(path(m), "application/x-www-form-urlencoded", strings.NewReader(p.Encode()))
			r.Method = http.MethodPut
			return r
		}},
		{"POST, cmd last, urlencoded", func(t testing.TB, m string, p url.Values) *http.Request {
			body := strings.NewReader(p.Encode() + "&cmd=" + m)
			return post("/platform_api", "application/x-www-form-urlencoded; charset=utf-8", body)
		}},
		{"POST, path and cmd, multipart", func(t testing.TB, m string, p url.Values) *http.Request {
			return multipartRequest(t, path(m), with(p, "cmd", m), `form-data; name="%s"`)
		}},
		{"POST, cmd, multipart, chunked", func(t testing.TB, m string, p url.Values) *http.Request {
			r := multipartRequest(t, "/platform_api", with(p, "cmd", m), `form-data; name="%s"`)
			r.ContentLength = -1
			r.TransferEncoding = []string{"chunked"}
			return r
		}},
		{"POST, path, multipart, unquoted part names", func(t testing.TB, m string, p url.Values) *http.Request {
			return multipartRequest(t, path(m), p, "form-data; name=%s")
		}},
		{"POST, path, multipart, parts with a file name", func(t testing.TB, m string, p url.Values) *http.Request {
			return multipartRequest(t, path(m), p, `form-data; name="%s"; filename="stream"`)
		}},
		{"POST, everything in the query, empty JSON object", func(t testing.TB, m string, p url.Values) *http.Request {
			return post(path(m)+"?"+p.Encode(), "application/json", strings.NewReader("{}"))
		}},
		{"POST, path, JSON members", func(t testing.TB, m string, p url.Values) *http.Request {
			body, err := json.Marshal(p)
			if err != nil {
				t.Fatal(err)
			}
			return post(path(m), "application/json", bytes.NewReader(body))
		}},
		{"POST, half in the query, half in the body", func(t testing.TB, m string, p url.Values) *http.Request {
			query, body := halves(p)
			return post(path(m)+"/?"+query.Encode(), "application/x-www-form-urlencoded", strings.NewReader(body.Encode()))
		}},
	}
}

// path returns the path of a method; the API's root if the method needs the parameter
// cmd.
func path(method string) string {
	return strings.TrimSuffix("/platform_api/"+method, "/")
}

func with(p url.Values, name, value string) url.Values {
	out := url.Values{name: {value}}
	for n, v := range p {
		out[n] = v
	}
	return out
}

func halves(p url.Values) (url.Values, url.Values) {
	query, body := url.Values{}, url.Values{}
	for name, values := range p {
		if len(name)%2 == 0 {
			query[name] = values
		} else {
			body[name] = values
		}
	}
	return query, body
}

func post(target, contentType string, body io.Reader) *http.Request {
	r := httptest.NewRequest("POST", target, body)
	r.Header.Set("Content-Type", contentType)
	return r
}

// multipartRequest sends each value as a part with the given disposition.
func multipartRequest(t testing.TB, target string, p url.Values, disposition string) *http.Request {
	t.Helper()
	var body bytes.Buffer
	w := multipart.NewWriter(&body)
	for name, values := range p {
		for _, value := range values {
			part, err := w.CreatePart(map[string][]string{"Content-Disposition": {fmt.Sprintf(disposition, name)}})
			if err != nil {
				t.Fatal(err)
			}
			if _, err := io.WriteString(part, value); err != nil {
				t.Fatal(err)
			}
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return post(target, w.FormDataContentType(), &body)
}

// answer sends a request to the handler and returns the body; it requires the status and
// type of all replies.
func answer(t testing.TB, handler http.Handler, r *http.Request) string {
	t.Helper()
	recorder := httptest.NewRecorder()
	handler.ServeHTTP(recorder, r)
	if recorder.Code != http.StatusOK {
		t.Fatalf("status %d, want 200: %s", recorder.Code, recorder.Body)
	}
	if got := recorder.Header().Get("Content-Type"); got != "application/json; charset=utf-8" {
		t.Fatalf("Content-Type %q", got)
	}
	return recorder.Body.String()
}
