package emulator

import (
	"context"

	"github.com/voxemu/voxemu/emulator/internal/requestlog"
	"github.com/voxemu/voxemu/emulator/journal"
)

// Journal knows every request to the API and every attempt to deliver a callback;
// see package journal. [Server.Load] and Reset leave it alone: a test may reset the
// state half-way and still ask what its client did. Clear it yourself.
type Journal struct{ log *requestlog.Log }

// Journal is the server's journal.
func (s *Server) Journal() Journal { return Journal{s.journal} }

// Find gives the requests that match, in the order in which they began.
func (j Journal) Find(f journal.Filter) []journal.Request { return j.log.Find(f) }

// Count is how many requests match.
func (j Journal) Count(f journal.Filter) int { return j.log.Count(f) }

// Verify compares the journal with an expectation. The error is a *[journal.Unmet].
// When requests were forgotten that could have mattered, an upper bound is unmet
// even if it seems to hold: nobody knows.
func (j Journal) Verify(x journal.Expectation) error { return j.log.Verify(x) }

// VerifyOrder requires requests that match the filters, one each, in this order;
// others may come between. The error is a *[journal.Unmet] about the first step that
// was not found.
func (j Journal) VerifyOrder(steps ...journal.Filter) error { return j.log.VerifyOrder(steps...) }

// Wait returns once n requests match, those kept already included; a Clear meanwhile
// takes nothing away. Error: a *[journal.TooFew], because the context ended first.
func (j Journal) Wait(ctx context.Context, f journal.Filter, n int) error {
	return j.log.Wait(ctx, f, n)
}

// Subscribe gives the requests that match from now on. Nobody waits for a slow
// subscriber: what exceeds the buffer is dropped and counted. Close the subscription
// when done.
func (j Journal) Subscribe(f journal.Filter, buffer int) Subscription {
	return Subscription{j.log.Subscribe(f, buffer)}
}

// Clear forgets all requests, and how many were evicted. Numbers go on; requests that
// are under way are entered when they end.
func (j Journal) Clear() { j.log.Clear() }

// ClearAccount is Clear for the requests of one account: tests that share a server
// clear only their own.
func (j Journal) ClearAccount(accountID int64) { j.log.ClearAccount(accountID) }

// Stats says how full the journal is.
func (j Journal) Stats() journal.Stats { return j.log.Stats() }

// Subscription gives new requests of a [Journal] as they come.
type Subscription struct {
	requests *requestlog.Subscription
}

// Requests is where they come, in the order in which they ended. It is never closed:
// select on the end of your own work beside it.
func (s Subscription) Requests() <-chan journal.Request { return s.requests.Requests() }

// Dropped is how many requests the subscriber was too slow for.
func (s Subscription) Dropped() int64 { return s.requests.Dropped() }

// Close ends the subscription; requests in the buffer stay readable.
func (s Subscription) Close() { s.requests.Close() }
