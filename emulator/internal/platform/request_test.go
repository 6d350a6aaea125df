package platform

import (
	"bytes"
	"errors"
	"io"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/voxemu/voxemu/emulator/vox"
)

func readBody(t *testing.T, target, contentType, body string) (*call, error) {
	t.Helper()
	r := httptest.NewRequest("POST", target, strings.NewReader(body))
	r.Header.Set("Content-Type", contentType)
	c := read(httptest.NewRecorder(), r, "", false)
	return c, c.unread
}

func TestQueryAndBodyAreMergedAndKeepSemicolons(t *testing.T) {
	c, err := readBody(t, "/platform_api?cmd=X&rule_id=1;2&a=%3B", "application/x-www-form-urlencoded", "rule_id=3;4&b=x+y%2B")
	if err != nil {
		t.Fatal(err)
	}
	want := url.Values{"cmd": {"X"}, "rule_id": {"1;2", "3;4"}, "a": {";"}, "b": {"x y+"}}
	if diff := cmp.Diff(want, c.parameters); diff != "" {
		t.Errorf("parameters (-want +got):\n%s", diff)
	}
	if c.method != "X" || c.style != "cmd" {
		t.Errorf("method %q by %s", c.method, c.style)
	}
}

func TestJSONMembersAreReadLikeFormFields(t *testing.T) {
	c, err := readBody(t, "/platform_api", "application/json; charset=utf-8",
		`{"text":"a","number":1.50,"big":9007199254740993,"yes":true,"no":false,"nothing":null,"list":[1,"b",false],"empty":[]}`)
	if err != nil {
		t.Fatal(err)
	}
	want := url.Values{
		"text": {"a"}, "number": {"1.50"}, "big": {"9007199254740993"}, "yes": {"true"}, "no": {"false"},
		"list": {"1", "b", "false"},
	}
	if diff := cmp.Diff(want, c.parameters); diff != "" {
		t.Errorf("parameters (-want +got):\n%s", diff)
	}
}

func TestLatin1PartsAreDecoded(t *testing.T) {
	body := "--x\r\nContent-Disposition: form-data; name=\"a\"\r\nContent-Type: text/plain; charset=ISO-8859-1\r\n\r\nRen\xe9e\r\n--x--\r\n"
	c, err := readBody(t, "/platform_api", "multipart/form-data; boundary=x", body)
	if err != nil || c.parameters.Get("a") != "Renée" {
		t.Errorf("a = %q, error %v", c.parameters.Get("a"), err)
	}
}

func TestBodiesThatCannotBeReadAreRefused(t *testing.T) {
	for why, c := range map[string]struct{ contentType, body string }{
		"bad escape":         {"application/x-www-form-urlencoded", "a=%zz"},
		"no boundary":        {"multipart/form-data", "--x--"},
		"cut multipart":      {"multipart/form-data; boundary=x", "--x\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\nvalue"},
		"part without name":  {"multipart/form-data; boundary=x", "--x\r\nContent-Disposition: form-data\r\n\r\nv\r\n--x--\r\n"},
		"JSON list":          {"application/json", "[1]"},
		"JSON null":          {"application/json", "null"},
		"two JSON objects":   {"application/json", "{}{}"},
		"JSON and a bracket": {"application/json", "{}]"},
		"cut part header":    {"multipart/form-data; boundary=x", "--x\r\nContent-Disposition: form-data; na"},
		"cut JSON":           {"application/json", `{"a":`},
		"nested JSON object": {"application/json", `{"a":{"b":1}}`},
		"nested JSON list":   {"application/json", `{"a":[[1]]}`},
		"too large":          {"application/x-www-form-urlencoded", "a=" + strings.Repeat("x", 2<<20)},
		"too large JSON":     {"application/json", `{"a":"` + strings.Repeat("x", 2<<20) + `"}`},
		"too large part":     {"multipart/form-data; boundary=x", "--x\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\n" + strings.Repeat("x", 2<<20) + "\r\n--x--\r\n"},
	} {
		if _, err := readBody(t, "/platform_api", c.contentType, c.body); !errors.Is(err, vox.ErrInvalidArguments) {
			t.Errorf("%s: %v, want INVALID_ARGUMENTS", why, err)
		}
	}
}

func TestABodyOfAnotherTypeIsIgnoredWithAWarning(t *testing.T) {
	c, err := readBody(t, "/platform_api?a=1", "text/plain", "b=2")
	if err != nil || c.parameters.Has("b") || len(c.warnings) != 1 {
		t.Errorf("parameters %v, warnings %q, error %v", c.parameters, c.warnings, err)
	}
}

func FuzzRequest(f *testing.F) {
	f.Add("cmd=X&a=1;2", "application/x-www-form-urlencoded", []byte("b=%20&c"))
	f.Add("", "multipart/form-data; boundary=x", []byte("--x\r\nContent-Disposition: form-data; name=a\r\n\r\nv\r\n--x--\r\n"))
	f.Add("%zz", "application/json", []byte(`{"a":[1,"b",null]}`))
	f.Fuzz(func(t *testing.T, query, contentType string, body []byte) {
		r := httptest.NewRequest("POST", "/platform_api", io.NopCloser(bytes.NewReader(body)))
		r.URL.RawQuery = query
		r.Header.Set("Content-Type", contentType)
		c := read(httptest.NewRecorder(), r, "", false)
		err := c.unread
		if err != nil && !errors.Is(err, vox.ErrInvalidArguments) {
			t.Errorf("error without a name: %v", err)
		}
		for name, texts := range c.parameters {
			if err == nil && name != "" && len(texts) == 0 {
				t.Errorf("parameter %q without a value", name)
			}
		}
	})
}
