package journal_test

import (
	"net/http"
	"net/url"
	"slices"
	"testing"
	"time"

	"github.com/voxemu/voxemu/emulator/journal"
	"github.com/voxemu/voxemu/emulator/vox"
)

var noon = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)

// kept is a journal of at most size requests, which drops the oldest.
type kept struct {
	size     int
	number   int64
	requests []*journal.Request
	evicted  map[int64]int64 // by account
}

func keep(size int) *kept { return &kept{size: size, evicted: map[int64]int64{}} }

// add gives a request its number and keeps it.
func (k *kept) add(r *journal.Request) *journal.Request {
	k.number++
	r.Number = k.number
	if len(k.requests) == k.size {
		k.evicted[0]++
		k.evicted[k.requests[0].AccountID]++
		k.requests = k.requests[1:]
	}
	k.requests = append(k.requests, r)
	return r
}

func (k *kept) find(f journal.Filter) []journal.Request {
	var found []journal.Request
	matches := f.Matcher()
	for _, r := range k.requests {
		if matches(r) {
			found = append(found, *r)
		}
	}
	return found
}

func (k *kept) verify(x journal.Expectation) error {
	return x.Verify(k.requests, func(accountID int64) int64 { return k.evicted[accountID] })
}

func (k *kept) verifyOrder(steps ...journal.Filter) error {
	return journal.VerifyOrder(k.requests, func(accountID int64) int64 { return k.evicted[accountID] }, steps...)
}

// called adds a request to the API; pairs alternates names and values of parameters.
func called(k *kept, account int64, method string, pairs ...string) *journal.Request {
	values := url.Values{}
	for pair := range slices.Chunk(pairs, 2) {
		name, value := pair[0], pair[1]
		if vox.IsSecretName(name) {
			value = "***"
		}
		values.Add(name, value)
	}
	return k.add(&journal.Request{
		Kind: journal.APIRequest, At: noon.Add(time.Duration(k.number) * time.Second), Latency: 1500 * time.Microsecond,
		AccountID: account, Status: http.StatusOK, ReplyType: "application/json", ReplyBytes: 12, Reply: `{"result":1}`,
		API: journal.API{
			Verb: "POST", Method: method, Style: journal.StylePath, Encoding: "urlencoded", Host: "127.0.0.1:15060",
			Protocol: "HTTP/1.1", UserAgent: "client/1.0", Parameters: values,
		},
	})
}

// delivered adds an attempt to deliver a callback.
func delivered(k *kept, account int64, kind vox.CallbackType) *journal.Request {
	body := `{"callbacks":[{"callback_id":5}]}`
	return k.add(&journal.Request{
		Kind: journal.CallbackRequest, At: noon, Latency: time.Second, AccountID: account,
		Status: http.StatusOK, ReplyType: "text/plain", ReplyBytes: 2, Reply: "ok", RequestBytes: int64(len(body)),
		Callback: journal.Callback{
			CallbackID: 5, CallbackType: kind, Attempt: 1, Request: body,
			URL: "http://***@127.0.0.1:9000/hook?token=***&a=1",
		},
	})
}

func wantNumbers(t *testing.T, why string, got []journal.Request, want ...int64) {
	t.Helper()
	var numbers []int64
	for _, r := range got {
		numbers = append(numbers, r.Number)
	}
	if !slices.Equal(numbers, want) {
		t.Errorf("%s: %v, want %v", why, numbers, want)
	}
}
