// Package journal knows what crossed the wire, in and out: every call of the
// API and every attempt to deliver a callback. It can be asked ([Journal.Find],
// [Journal.Count]), waited for ([Journal.Wait]), listened to
// ([Journal.Subscribe]), held against an expectation ([Journal.Verify],
// [Journal.VerifyOrder]) and written as JSON lines or HAR ([WriteJSONLines],
// [WriteHAR]).
//
//	failed := journal.Filter{Method: "CreateSipRegistration", Error: "INVALID_PROXY"}
//	for _, call := range emu.Journal().Find(failed.With("sip_username", "alice")) {
//		fmt.Println(call, call.Explain())
//	}
//
// Secrets never enter an entry: they are replaced by ***. Times are the
// emulator's, so the same scenario, seed and calls on a frozen clock give the
// same entries: the calls in their order, and each account's callbacks in theirs.
// Which of two comes first that overlap, a callback and the next call for example,
// is up to the receiver: nobody but Settle waits for it. The journal is bounded; it
// forgets the oldest entries first and says how many.
package journal

import (
	"slices"
	"sync"
	"sync/atomic"
	"time"
)

// DefaultSize is the usual number of entries that are kept.
const DefaultSize = 10_000

// Journal keeps the latest entries. It is safe for concurrent use.
type Journal struct {
	size     int
	numbers  atomic.Int64
	watching atomic.Int64 // the number of watchers

	mu        sync.Mutex // guards what follows; held for moments only
	kept      []*Recording
	oldest    int // index in kept, once it is full
	evicted   int64
	evictedOf map[int64]int64 // by account
	watchers  map[*watcher]struct{}
}

// New makes a journal that keeps the latest size entries; 0 or less: none, and
// it costs nothing.
func New(size int) *Journal {
	return &Journal{size: size, evictedOf: map[int64]int64{}, watchers: map[*watcher]struct{}{}}
}

func (j *Journal) off() bool { return j.size <= 0 }

// Close ends the entry; at is the emulator's time. Closing again does nothing.
func (r *Recording) Close(at time.Time) {
	if r.closed {
		return
	}
	r.closed = true
	r.Latency = max(0, at.Sub(r.began))
	if !r.journal.off() {
		r.journal.add(r)
	}
}

// Abort notes why no complete reply was sent: [AbortedByClient],
// [AbortedByFault] or [AbortedByPanic]. It also works after Close, because some
// replies fail while they are written; the first reason stays.
func (r *Recording) Abort(reason string) {
	switch {
	case r.Aborted != "":
	case r.closed:
		r.journal.amend(r, reason)
	default:
		r.Aborted = reason
	}
}

// Closed reports whether the entry is closed.
func (r *Recording) Closed() bool { return r.closed }

func (j *Journal) add(r *Recording) {
	if j.watching.Load() > 0 {
		r.entry() // masks before the lock is taken
	}
	j.mu.Lock()
	defer j.mu.Unlock()
	if len(j.kept) < j.size {
		j.kept = append(j.kept, r)
	} else {
		j.evicted++
		j.evictedOf[j.kept[j.oldest].AccountID]++
		j.kept[j.oldest] = r
		j.oldest = (j.oldest + 1) % j.size
	}
	for w := range j.watchers {
		w.see(r)
	}
}

// amend replaces a closed entry by one with a reason; readers may hold the old
// one.
func (j *Journal) amend(r *Recording, reason string) {
	j.mu.Lock()
	defer j.mu.Unlock()
	at := slices.Index(j.kept, r)
	if at < 0 {
		return
	}
	amended := &Recording{Entry: r.Entry, journal: j, began: r.began, closed: true, request: r.request, reply: r.reply}
	amended.Aborted = reason
	j.kept[at] = amended
}

// snapshot is what is kept now, in the order of numbers: calls that overlap may
// end in another order than they began.
func (j *Journal) snapshot() []*Recording {
	j.mu.Lock()
	kept := slices.Concat(j.kept[j.oldest:], j.kept[:j.oldest])
	j.mu.Unlock()
	slices.SortFunc(kept, func(a, b *Recording) int { return int(a.Number - b.Number) })
	return kept
}

// Find gives the entries that match, in the order in which they began.
func (j *Journal) Find(f Filter) []Entry {
	criteria := f.criteria()
	var found []Entry
	for _, r := range j.snapshot() {
		if criteria.fit(&r.Entry) {
			found = append(found, r.entry())
		}
	}
	return found
}

// Count tells how many entries match.
func (j *Journal) Count(f Filter) int {
	criteria := f.criteria()
	n := 0
	for _, r := range j.snapshot() {
		if criteria.fit(&r.Entry) {
			n++
		}
	}
	return n
}

// Clear forgets all entries, and how many were evicted. Numbers go on; calls
// that are running are entered when they end.
func (j *Journal) Clear() {
	j.mu.Lock()
	defer j.mu.Unlock()
	j.kept, j.oldest, j.evicted = nil, 0, 0
	clear(j.evictedOf)
}

// ClearAccount is [Journal.Clear] for the entries of one account: tests that
// share a server clear only their own.
func (j *Journal) ClearAccount(accountID int64) {
	j.mu.Lock()
	defer j.mu.Unlock()
	kept := slices.Concat(j.kept[j.oldest:], j.kept[:j.oldest])
	j.kept, j.oldest = slices.DeleteFunc(kept, func(r *Recording) bool { return r.AccountID == accountID }), 0
	j.evicted -= j.evictedOf[accountID]
	delete(j.evictedOf, accountID)
}

// Stats says how full a journal is.
type Stats struct {
	// Size is how many entries can be kept.
	Size int `json:"size"`
	// Entries is how many are kept.
	Entries int `json:"entries"`
	// Evicted is how many were forgotten for lack of room since the last
	// Clear.
	Evicted int64 `json:"evicted"`
}

// Stats says how full the journal is.
func (j *Journal) Stats() Stats {
	j.mu.Lock()
	defer j.mu.Unlock()
	return Stats{Size: max(0, j.size), Entries: len(j.kept), Evicted: j.evicted}
}

// Evicted is how many entries of an account, or of all (0), were forgotten for
// lack of room since the last Clear.
func (j *Journal) Evicted(accountID int64) int64 {
	j.mu.Lock()
	defer j.mu.Unlock()
	if accountID == 0 {
		return j.evicted
	}
	return j.evictedOf[accountID]
}
