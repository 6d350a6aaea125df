// Package requestlog keeps the journal. It records requests while they are processed,
// masks secrets, keeps the latest requests up to a maximum number and notifies waiting
// readers.
package requestlog

import (
	"runtime/debug"
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
	listeners broker.Broker[*Recording] // called with mu held
	leaving   func(*journal.Request)    // called with mu held
	reading   atomic.Int64              // listeners that read each request
	lists     sync.Pool                 // of *[]*Recording, see snapshot

	mu        sync.Mutex // guards the fields below; held only briefly
	kept      []*Recording
	oldest    int // index in kept when it is full
	evicted   int64
	evictedOf map[int64]int64 // by account
}

// New returns a log that keeps the latest size requests; with 0 or less it keeps none and
// costs nothing.
func New(size int) *Log {
	return &Log{size: size, leaving: func(*journal.Request) {}}
}

// OnLeaving calls f with each request that the log drops: because it is full, or by Clear
// and ClearAccount. Call it before the first request. f must not use the log.
func (l *Log) OnLeaving(f func(*journal.Request)) { l.leaving = f }

func (l *Log) off() bool { return l.size <= 0 }

// Close completes the request; at is the emulator's time. Only the first call has an
// effect.
func (r *Recording) Close(at time.Time) {
	if r.closed {
		return
	}
	r.closed = true
	r.Latency = max(0, at.Sub(r.began))
	if !r.log.off() {
		r.letGo()
		r.log.add(r)
	}
}

// Abort records why no complete reply was sent. It can be called after Close, because
// some replies fail while they are sent. Only the first reason is kept.
func (r *Recording) Abort(reason journal.AbortReason) {
	switch {
	case r.Aborted != "":
	case r.closed:
		r.log.amend(r, func(amended *journal.Request) { amended.Aborted = reason })
	default:
		r.Aborted = reason
	}
}

// Differ records what the real service did otherwise, after Close.
func (r *Recording) Differ(differences []string) {
	r.log.amend(r, func(amended *journal.Request) { amended.Differences = differences })
}

// Closed reports whether Close was called.
func (r *Recording) Closed() bool { return r.closed }

func (l *Log) add(r *Recording) {
	if l.reading.Load() > 0 {
		r.seen() // masks before the lock is taken
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if len(l.kept) < l.size {
		l.kept = append(l.kept, r)
	} else {
		if l.evicted++; l.evictedOf == nil {
			l.evictedOf = map[int64]int64{}
		}
		l.evictedOf[l.kept[l.oldest].AccountID]++
		l.leaving(&l.kept[l.oldest].Request)
		l.kept[l.oldest] = r
		l.oldest = (l.oldest + 1) % l.size
	}
	l.listeners.Publish(r)
}

// amend replaces a closed request by a changed copy, because readers may still use the
// original.
func (l *Log) amend(r *Recording, change func(*journal.Request)) {
	l.mu.Lock()
	defer l.mu.Unlock()
	at := slices.Index(l.kept, r)
	if at < 0 {
		return
	}
	amended := &Recording{Request: r.Request, log: l, began: r.began, closed: true, request: r.request, reply: r.reply}
	change(&amended.Request)
	l.kept[at] = amended
}

// snapshot returns the kept requests by number. They are stored in the order of their
// ends, which can differ. The caller calls release when it no longer uses the list.
func (l *Log) snapshot() []*Recording { return l.snapshotWith(func() {}) }

// release keeps the memory of a snapshot for the next one, so that a query does not
// allocate for requests that it does not return.
func (l *Log) release(list []*Recording) {
	clear(list)
	l.lists.Put(&list)
}

// snapshotWith is snapshot; it calls meanwhile while no request is added or leaves.
func (l *Log) snapshotWith(meanwhile func()) []*Recording {
	var kept []*Recording
	if last, ok := l.lists.Get().(*[]*Recording); ok {
		kept = (*last)[:0]
	}
	l.mu.Lock()
	kept = append(append(kept, l.kept[l.oldest:]...), l.kept[:l.oldest]...)
	meanwhile()
	l.mu.Unlock()
	slices.SortFunc(kept, func(a, b *Recording) int { return int(a.Number - b.Number) })
	return kept
}

// Find returns the requests that match, in the order of their beginnings.
func (l *Log) Find(f journal.Filter) []journal.Request {
	matches := f.Matcher()
	var found []journal.Request
	kept := l.snapshot()
	defer l.release(kept)
	for _, r := range kept {
		if matches(&r.Request) {
			found = append(found, r.seen())
		}
	}
	return found
}

// Last returns the last n requests that match, in the order of their beginnings.
func (l *Log) Last(f journal.Filter, n int) []journal.Request {
	matches := f.Matcher()
	kept := l.snapshot()
	defer l.release(kept)
	first, left := len(kept), n
	for ; first > 0 && left > 0; first-- {
		if matches(&kept[first-1].Request) {
			left--
		}
	}
	found := make([]journal.Request, 0, n-left)
	for _, r := range kept[first:] {
		if matches(&r.Request) {
			found = append(found, r.seen())
		}
	}
	return found
}

// Get returns the request with a number, if it is kept.
func (l *Log) Get(number int64) (journal.Request, bool) {
	l.mu.Lock()
	at := slices.IndexFunc(l.kept, func(r *Recording) bool { return r.Number == number })
	var r *Recording
	if at >= 0 {
		r = l.kept[at]
	}
	l.mu.Unlock()
	if r == nil {
		return journal.Request{}, false
	}
	return r.seen(), true
}

// Mistaken returns the API requests of an account, or of all (0), above a number that have
// a mistake or want a method that is not emulated. Each test asks at its end, so this costs
// less than Find.
func (l *Log) Mistaken(accountID, after int64) []journal.Request {
	var found []journal.Request
	kept := l.snapshot()
	defer l.release(kept)
	for _, r := range kept {
		if r.Kind == journal.APIRequest && r.Number > after && (accountID == 0 || r.AccountID == accountID) &&
			(r.NotEmulated || r.Has(journal.AnyMistake)) {
			found = append(found, r.seen())
		}
	}
	return found
}

// Count returns the number of requests that match.
func (l *Log) Count(f journal.Filter) int {
	matches := f.Matcher()
	n := 0
	kept := l.snapshot()
	defer l.release(kept)
	for _, r := range kept {
		if matches(&r.Request) {
			n++
		}
	}
	return n
}

// Clear removes all requests and resets the number of evicted ones. Numbers continue, and
// requests in progress are added when they end.
// The memory of many requests is given back to the system.
func (l *Log) Clear() {
	l.mu.Lock()
	many := len(l.kept) >= manyRequests
	for _, r := range l.kept {
		l.leaving(&r.Request)
	}
	l.kept, l.oldest, l.evicted = nil, 0, 0
	clear(l.evictedOf)
	l.mu.Unlock()
	if many {
		debug.FreeOSMemory() // takes some milliseconds
	}
}

// manyRequests is the number of requests whose memory is worth a garbage collection.
const manyRequests = 1000

// ClearAccount removes the requests of one account, like [Log.Clear], for tests that
// share a server.
func (l *Log) ClearAccount(accountID int64) {
	l.mu.Lock()
	defer l.mu.Unlock()
	kept := slices.Concat(l.kept[l.oldest:], l.kept[:l.oldest])
	l.kept, l.oldest = slices.DeleteFunc(kept, func(r *Recording) bool {
		if r.AccountID != accountID {
			return false
		}
		l.leaving(&r.Request)
		return true
	}), 0
	l.evicted -= l.evictedOf[accountID]
	delete(l.evictedOf, accountID)
}

// Latest returns the highest number given to a request by now.
func (l *Log) Latest() int64 { return l.numbers.Load() }

// Stats returns the size of the journal.
func (l *Log) Stats() journal.Stats {
	l.mu.Lock()
	defer l.mu.Unlock()
	return journal.Stats{Size: max(0, l.size), Requests: len(l.kept), Evicted: l.evicted}
}

// Evicted returns how many requests of an account, or of all accounts (0), were dropped
// since the last Clear because the journal was full.
func (l *Log) Evicted(accountID int64) int64 {
	l.mu.Lock()
	defer l.mu.Unlock()
	if accountID == 0 {
		return l.evicted
	}
	return l.evictedOf[accountID]
}

// Verify checks the log against an expectation; see [journal.Expectation.Verify].
func (l *Log) Verify(x journal.Expectation) error { return x.Verify(l.requests(), l.Evicted) }

// VerifyOrder checks the log against an order; see [journal.VerifyOrder].
func (l *Log) VerifyOrder(steps ...journal.Filter) error {
	return journal.VerifyOrder(l.requests(), l.Evicted, steps...)
}

// requests returns the kept requests without their bodies.
func (l *Log) requests() []*journal.Request { return l.Kept(func() {}) }

// Kept returns the kept requests without their bodies, by number. It calls meanwhile while
// no request is added or leaves.
func (l *Log) Kept(meanwhile func()) []*journal.Request {
	kept := l.snapshotWith(meanwhile)
	defer l.release(kept)
	requests := make([]*journal.Request, len(kept))
	for i, r := range kept {
		requests[i] = &r.Request
	}
	return requests
}
