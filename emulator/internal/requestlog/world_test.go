package requestlog

import (
	"net/http"
	"net/url"
	"testing"
	"time"

	"github.com/voxemu/voxemu/emulator/journal"
)

var noon = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)

// called records a request; pairs alternates names and values of parameters.
func called(j *Log, account int64, method string, pairs ...string) *Recording {
	r := j.Open(journal.APIRequest, noon.Add(time.Duration(j.numbers.Load())*time.Second))
	r.From("127.0.0.1:15060", "HTTP/1.1", "client/1.0")
	r.Verb, r.Method, r.Style, r.Encoding, r.AccountID = "POST", method, "path", "urlencoded", account
	values := url.Values{}
	for i := 0; i < len(pairs); i += 2 {
		values.Add(pairs[i], pairs[i+1])
	}
	r.Given(values)
	r.Replied(http.StatusOK, "application/json", []byte(`{"result":1}`))
	r.Close(r.At.Add(1500 * time.Microsecond))
	return r
}

func numbers(requests []journal.Request) []int64 {
	all := []int64{}
	for _, e := range requests {
		all = append(all, e.Number)
	}
	return all
}

func wantNumbers(t *testing.T, why string, got []journal.Request, want ...int64) {
	t.Helper()
	if len(got) != len(want) {
		t.Errorf("%s: %v, want %v", why, numbers(got), want)
		return
	}
	for i, e := range got {
		if e.Number != want[i] {
			t.Errorf("%s: %v, want %v", why, numbers(got), want)
		}
	}
}
