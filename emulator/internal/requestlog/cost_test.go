package requestlog

import (
	"net/http"
	"net/url"
	"testing"
	"time"

	"github.com/voxemu/voxemu/emulator/journal"
)

// BenchmarkRequest measures the journal's cost per request.
func BenchmarkRequest(b *testing.B) {
	j := New(journal.DefaultSize)
	given := url.Values{"account_id": {"1"}, "api_key": {"secret"}, "sip_username": {"alice"}, "proxy": {"sip.example.com"}}
	body := []byte(`{"result":1,"sip_registration_id":7}`)
	now := time.Now()
	b.ReportAllocs()
	for b.Loop() {
		r := j.Open(journal.APIRequest, now)
		r.From("127.0.0.1:15060", "HTTP/1.1", "client/1.0")
		r.Given(given)
		r.Replied(http.StatusOK, "application/json", body)
		r.Close(now)
	}
}
