package emulator_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"runtime"
	"strings"
	"testing"

	"github.com/voxemu/voxemu/emulator"
	"github.com/voxemu/voxemu/emulator/journal"
)

// The journal keeps a bounded part of each request, and nothing that holds the rest in
// memory, whichever part of a request is large.
func TestTheJournalDoesNotHoldLargeRequests(t *testing.T) {
	const count, size = 8, 1 << 20
	large := strings.Repeat("x", size)
	form := func(body string) func() *http.Request {
		return func() *http.Request {
			r := httptest.NewRequest(http.MethodPost, "/platform_api/CreateSipRegistration", strings.NewReader(strings.Clone(body)))
			r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
			return r
		}
	}
	parsed := func(text string) func() *http.Request { // as a server parses it: all of it is one text
		return func() *http.Request {
			r := httptest.NewRequest(http.MethodGet, strings.Clone(text), nil)
			line := strings.Clone("GET " + text + " HTTP/1.1")
			r.Method, r.Proto = line[:3], line[len(line)-8:]
			return r
		}
	}
	for place, request := range map[string]func() *http.Request{
		"value of a form":         form("account_id=1&sip_username=" + large),
		"beside values of a form": form("account_id=1&sip_username=john&proxy=http://a/&blob=" + large),
		"name of a form":          form("account_id=1&sip_username=john&" + large + "=1"),
		"names of a form":         form("account_id=1&proxy=p&" + strings.Repeat("unknown_parameter=1&", size/20)),
		"many names of a form":    form("account_id=1&" + manyNames(size)),
		"JSON": func() *http.Request {
			body, _ := json.Marshal(map[string]string{"account_id": "1", "sip_username": "john", "unknown": "1", "blob": large}) // cannot fail
			r := httptest.NewRequest(http.MethodPost, "/platform_api/CreateSipRegistration", bytes.NewReader(body))
			r.Header.Set("Content-Type", "application/json")
			return r
		},
		"multipart": func() *http.Request {
			var body bytes.Buffer
			w := multipart.NewWriter(&body)
			for name, value := range map[string]string{"account_id": "1", "sip_username": "john", "unknown": "1", "blob": large} {
				_ = w.WriteField(name, value) // cannot fail
			}
			_ = w.Close()
			r := httptest.NewRequest(http.MethodPost, "/platform_api/CreateSipRegistration", &body)
			r.Header.Set("Content-Type", w.FormDataContentType())
			return r
		},
		"query":          parsed("/platform_api/CreateSipRegistration?account_id=1&sip_username=john&unknown=1&blob=" + large),
		"cmd of a query": parsed("/platform_api?account_id=1&cmd=GetNonsense&blob=" + large),
		"path":           parsed("/platform_api/" + large),
		"other path":     parsed("/elsewhere/" + large),
		"headers": func() *http.Request {
			r := httptest.NewRequest(http.MethodGet, "/platform_api/GetSipRegistrations?account_id=1", nil)
			lines := strings.Clone("agent\x00host\x00Bearer token.token.token\x00" + large) // one text, as headers can be
			parts := strings.SplitN(lines, "\x00", 4)
			r.Host = parts[1]
			r.Header.Set("User-Agent", parts[0])
			r.Header.Set("Authorization", parts[2])
			r.Header.Set("Content-Type", parts[3])
			return r
		},
	} {
		t.Run(place, func(t *testing.T) {
			s := newServer(t, emulator.WithScenario("demo"))
			handler := s.Handler()
			handler.ServeHTTP(httptest.NewRecorder(), request()) // what is made on first use
			before := heap()
			for range count {
				handler.ServeHTTP(httptest.NewRecorder(), request())
			}
			if grown := heap() - before; grown > count*size/4 {
				t.Errorf("%d requests of 1 MiB hold %d KiB", count, grown>>10)
			}
			if got := s.Journal().Count(journal.Filter{}); got == 0 && place != "other path" {
				t.Error("nothing is recorded")
			}
		})
	}
}

func manyNames(size int) string {
	var text strings.Builder
	for i := 0; text.Len() < size; i++ {
		fmt.Fprintf(&text, "unknown_%d=1&", i)
	}
	return text.String()
}

// heap returns the number of bytes in use.
func heap() int64 {
	runtime.GC()
	var memory runtime.MemStats
	runtime.ReadMemStats(&memory)
	return int64(memory.HeapAlloc)
}
