// Package requestlog keeps the journal: requests while they are carried out, with
// secrets masked, then the latest of them, bounded, with those who wait for more.
package requestlog

import (
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/voxemu/voxemu/emulator/internal/broker"
	"github.com/voxemu/voxemu/emulator/journal"
)

// Log keeps the latest requests. It is safe for concurrent use.
type Log struct {
	size      int
	numbers   atomic.Int64
	listeners broker.Broker[*Recording] // published to under mu

	mu        sync.Mutex // guards what follows; held for moments only
	kept      []*Recording
	oldest    int // index in kept, once it is full
	evicted   int64
	evictedOf map[int64]int64 // by account
}

// New makes a log that keeps the latest size requests; 0 or less: none, and
// it costs nothing.
func New(size int) *Log {
	return &Log{size: size, evictedOf: map[int64]int64{}}
}

func (l *Log) off() bool { return l.size <= 0 }

// Close ends the request; at is the emulator's time. Closing again does nothing.
func (r *Recording) Close(at time.Time) {
	if r.closed {
		return
	}
	r.closed = true
	r.Latency = max(0, at.Sub(r.began))
	if !r.log.off() {
		r.log.add(r)
	}
}

// Abort notes why no complete reply was sent. It also works after Close, because some
// replies fail while they are written; the first reason stays.
func (r *Recording) Abort(reason journal.AbortReason) {
	switch {
	case r.Aborted != "":
	case r.closed:
		r.log.amend(r, reason)
	default:
		r.Aborted = reason
	}
}

// Closed reports whether the request is closed.
func (r *Recording) Closed() bool { return r.closed }

func (l *Log) add(r *Recording) {
	if l.listeners.Active() {
		r.seen() // masks before the lock is taken
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if len(l.kept) < l.size {
		l.kept = append(l.kept, r)
	} else {
		l.evicted++
		l.evictedOf[l.kept[l.oldest].AccountID]++
		l.kept[l.oldest] = r
		l.oldest = (l.oldest + 1) % l.size
	}
	l.listeners.Publish(r)
}

// amend replaces a closed request by one with a reason; readers may hold the old
// one.
func (l *Log) amend(r *Recording, reason journal.AbortReason) {
	l.mu.Lock()
	defer l.mu.Unlock()
	at := slices.Index(l.kept, r)
	if at < 0 {
		return
	}
	amended := &Recording{Request: r.Request, log: l, began: r.began, closed: true, request: r.request, reply: r.reply}
	amended.Aborted = reason
	l.kept[at] = amended
}

// snapshot is what is kept now, in the order of numbers: calls that overlap may
// end in another order than they began.
func (l *Log) snapshot() []*Recording {
	l.mu.Lock()
	kept := slices.Concat(l.kept[l.oldest:], l.kept[:l.oldest])
	l.mu.Unlock()
	slices.SortFunc(kept, func(a, b *Recording) int { return int(a.Number - b.Number) })
	return kept
}

// Find gives the requests that match, in the order in which they began.
func (l *Log) Find(f journal.Filter) []journal.Request {
	matches := f.Matcher()
	var found []journal.Request
	for _, r := range l.snapshot() {
		if matches(&r.Request) {
			found = append(found, r.seen())
		}
	}
	return found
}

// Count is how many requests match.
func (l *Log) Count(f journal.Filter) int {
	matches := f.Matcher()
	n := 0
	for _, r := range l.snapshot() {
		if matches(&r.Request) {
			n++
		}
	}
	return n
}

// Clear forgets all requests, and how many were evicted. Numbers go on; calls
// that are running are entered when they end.
func (l *Log) Clear() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.kept, l.oldest, l.evicted = nil, 0, 0
	clear(l.evictedOf)
}

// ClearAccount is [Log.Clear] for the requests of one account: tests that
// share a server clear only their own.
func (l *Log) ClearAccount(accountID int64) {
	l.mu.Lock()
	defer l.mu.Unlock()
	kept := slices.Concat(l.kept[l.oldest:], l.kept[:l.oldest])
	l.kept, l.oldest = slices.DeleteFunc(kept, func(r *Recording) bool { return r.AccountID == accountID }), 0
	l.evicted -= l.evictedOf[accountID]
	delete(l.evictedOf, accountID)
}

// Stats says how full the journal is.
func (l *Log) Stats() journal.Stats {
	l.mu.Lock()
	defer l.mu.Unlock()
	return journal.Stats{Size: max(0, l.size), Requests: len(l.kept), Evicted: l.evicted}
}

// Evicted is how many requests of an account, or of all (0), were forgotten for
// lack of room since the last Clear.
func (l *Log) Evicted(accountID int64) int64 {
	l.mu.Lock()
	defer l.mu.Unlock()
	if accountID == 0 {
		return l.evicted
	}
	return l.evictedOf[accountID]
}

// Verify compares the log with an expectation; see [journal.Expectation.Verify].
func (l *Log) Verify(x journal.Expectation) error { return x.Verify(l.requests(), l.Evicted) }

// VerifyOrder compares the log with an order; see [journal.VerifyOrder].
func (l *Log) VerifyOrder(steps ...journal.Filter) error {
	return journal.VerifyOrder(l.requests(), l.Evicted, steps...)
}

// requests are those kept now, without their bodies.
func (l *Log) requests() []*journal.Request {
	kept := l.snapshot()
	requests := make([]*journal.Request, len(kept))
	for i, r := range kept {
		requests[i] = &r.Request
	}
	return requests
}
