package vox_test

import (
	"bufio"
	"net/http"
	"strings"
	"testing"

	"github.com/voxemu/voxemu/emulator/vox"
)

func TestACallbackURLCanBeSentAsARequestTarget(t *testing.T) {
	for text, want := range map[string]string{
		"http://127.0.0.1:8080/callbacks":        "",
		"https://[::1]/a?b=c%20d&e=%D0%B6":       "",
		"http://user:password@localhost/a b":     "", // a path is escaped when it is sent
		"http://localhost?x={id}":                "",
		"":                                       "want an http or https URL",
		"localhost/hook":                         "want an http or https URL",
		"ftp://localhost/":                       "want an http or https URL",
		"http:///hook":                           "want an http or https URL",
		"http://:80/":                            "want an http or https URL",
		"http://localhost\r\nX-Injected: 1/":     "want an http or https URL",
		"http://localhost:70000/":                "want a port from 1 to 65535",
		"http://localhost:0/":                    "want a port from 1 to 65535",
		"http://localhost/?a b":                  `want %-escapes in the query, as in a%20b, instead of ' '`,
		"http://localhost/?name=\u0436":          `want %-escapes in the query, as in a%20b, instead of 'ж'`,
		"http://localhost/hook?a=1 HTTP/1.0&b=2": `want %-escapes in the query`,
	} {
		_, err := vox.ParseCallbackURL(text)
		if got := errorText(err); want == "" && err != nil || !strings.Contains(got, want) {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
	}
}

func FuzzCallbackURL(f *testing.F) {
	f.Add("http://localhost/?a b")
	f.Add("https://[::1]:443/a?b#c")
	f.Fuzz(func(t *testing.T, text string) {
		u, err := vox.ParseCallbackURL(text)
		if err != nil {
			return
		}
		sent := new(strings.Builder)
		r, err := http.NewRequest(http.MethodPost, u.String(), nil)
		if err == nil {
			err = r.Write(sent)
		}
		if err != nil {
			return // the host has no ASCII form
		}
		received, err := http.ReadRequest(bufio.NewReader(strings.NewReader(sent.String())))
		if err != nil {
			t.Fatalf("%q is sent as %q, which cannot be read: %v", text, sent, err)
		}
		if received.RequestURI != u.RequestURI() {
			t.Fatalf("%q is read as %q, want %q", text, received.RequestURI, u.RequestURI())
		}
	})
}

func errorText(err error) string {
	if err == nil {
		return ""
	}
	return err.Error()
}
