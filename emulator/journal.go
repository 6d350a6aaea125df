package emulator

import (
	"context"

	"github.com/voxemu/voxemu/emulator/internal/requestlog"
	"github.com/voxemu/voxemu/emulator/journal"
)

// Journal contains the requests to the API and the attempts to deliver callbacks; see
// package journal. [Server.Load] and Reset do not clear it, so that a test can reset the
// state and still verify earlier requests.
type Journal struct{ log *requestlog.Log }

// Journal returns the server's journal.
func (s *Server) Journal() Journal { return Journal{s.journal} }

// Mistakes returns what a test should fail for in its requests, in words. The report's
// Untriggered is empty; see [Faults.Unspent].
func (s *Server) Mistakes(allowed journal.Allowed) journal.Report { return s.control.Mistakes(allowed) }

// Find returns the requests that match, in the order of their beginnings.
func (j Journal) Find(f journal.Filter) []journal.Request { return j.log.Find(f) }

// Count returns the number of requests that match.
func (j Journal) Count(f journal.Filter) int { return j.log.Count(f) }

// Verify checks the journal against an expectation. The error is a *[journal.Unmet]. If
// dropped requests could have matched, an upper bound is never met, because it cannot be
// verified.
func (j Journal) Verify(x journal.Expectation) error { return j.log.Verify(x) }

// VerifyOrder requires requests that match the filters, one each, in this order; other
// requests may come between. The error is a *[journal.Unmet] on the first step that was
// not found.
func (j Journal) VerifyOrder(steps ...journal.Filter) error { return j.log.VerifyOrder(steps...) }

// Wait returns when n requests match, including those already in the journal. A Clear
// meanwhile does not reduce the count. The error is a *[journal.TooFew] if the context
// ends first.
func (j Journal) Wait(ctx context.Context, f journal.Filter, n int) error {
	return j.log.Wait(ctx, f, n)
}

// Subscribe subscribes to the requests that match from now on. A slow subscriber blocks
// nothing: requests that do not fit into the buffer are dropped and counted. Close the
// subscription after use.
func (j Journal) Subscribe(f journal.Filter, buffer int) Subscription {
	return Subscription{j.log.Subscribe(f, buffer)}
}

// Clear removes all requests and resets the number of evicted ones. Numbers continue, and
// requests in progress are added when they end.
func (j Journal) Clear() { j.log.Clear() }

// ClearAccount removes the requests of one account, for tests that share a server.
func (j Journal) ClearAccount(accountID int64) { j.log.ClearAccount(accountID) }

// Stats returns the size of the journal.
func (j Journal) Stats() journal.Stats { return j.log.Stats() }

// Subscription delivers new requests of a [Journal].
type Subscription struct {
	requests *requestlog.Subscription
}

// Requests returns the channel of requests, in the order of their ends. It is never
// closed.
func (s Subscription) Requests() <-chan journal.Request { return s.requests.Requests() }

// Dropped returns the number of requests that did not fit into the buffer.
func (s Subscription) Dropped() int64 { return s.requests.Dropped() }

// Close ends the subscription. Buffered requests can still be read.
func (s Subscription) Close() { s.requests.Close() }
