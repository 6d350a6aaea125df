package journal

import (
	"context"
	"fmt"
	"sync/atomic"
)

// watcher is told of new entries, under the journal's lock.
type watcher struct {
	criteria criteria
	found    func(*Recording)
}

func (w *watcher) see(r *Recording) {
	if w.criteria.fit(&r.Entry) {
		w.found(r)
	}
}

// watch adds a watcher; the lock must be held.
func (j *Journal) watch(w *watcher) {
	j.watchers[w] = struct{}{}
	j.watching.Add(1)
}

func (j *Journal) unwatch(w *watcher) {
	j.mu.Lock()
	defer j.mu.Unlock()
	if _, ok := j.watchers[w]; ok {
		delete(j.watchers, w)
		j.watching.Add(-1)
	}
}

// Wait returns once n entries match, those kept already included; a Clear
// meanwhile takes nothing away. Error: the context ended first; it says how many
// matched, and wraps the context's cause without repeating it.
func (j *Journal) Wait(ctx context.Context, f Filter, n int) error {
	if n <= 0 {
		return nil
	}
	enough := make(chan struct{})
	var seen atomic.Int64
	w := &watcher{criteria: f.criteria()}
	w.found = func(*Recording) {
		if seen.Add(1) == int64(n) {
			close(enough)
		}
	}
	j.mu.Lock()
	for _, r := range j.kept {
		w.see(r)
	}
	j.watch(w)
	j.mu.Unlock()
	defer j.unwatch(w)
	select {
	case <-enough:
		return nil
	case <-ctx.Done():
	}
	if got := seen.Load(); got < int64(n) {
		return &tooFew{n, int(got), f, context.Cause(ctx)}
	}
	return nil
}

// tooFew is why a wait was in vain.
type tooFew struct {
	wanted, came int
	filter       Filter
	cause        error
}

func (e *tooFew) Error() string {
	return fmt.Sprintf("waited in vain for %d %s: %d came", e.wanted, e.filter.inWords(e.wanted), e.came)
}

func (e *tooFew) Unwrap() error { return e.cause }

// Listen tells a function of each entry that matches, in the order in which they
// end, until stop is called. It is called while the journal is locked, one entry
// at a time: it must not wait, and not ask the journal.
func (j *Journal) Listen(f Filter, hear func(Entry)) (stop func()) {
	w := &watcher{f.criteria(), func(r *Recording) { hear(r.entry()) }}
	j.mu.Lock()
	defer j.mu.Unlock()
	j.watch(w)
	return func() { j.unwatch(w) }
}

// Subscription gives new entries as they come.
type Subscription struct {
	journal *Journal
	watcher *watcher
	entries chan Entry
	dropped atomic.Int64
}

// Subscribe gives the entries that match from now on. Nobody waits for a slow
// subscriber: what exceeds the buffer is dropped and counted. Close the
// subscription when done.
func (j *Journal) Subscribe(f Filter, buffer int) *Subscription {
	s := &Subscription{journal: j, entries: make(chan Entry, max(1, buffer))}
	s.watcher = &watcher{f.criteria(), s.offer}
	j.mu.Lock()
	defer j.mu.Unlock()
	j.watch(s.watcher)
	return s
}

func (s *Subscription) offer(r *Recording) {
	select {
	case s.entries <- r.entry():
	default:
		s.dropped.Add(1)
	}
}

// Entries is where the entries come, in the order in which they ended. It is
// never closed: select on the end of your own work beside it.
func (s *Subscription) Entries() <-chan Entry { return s.entries }

// Dropped is how many entries the subscriber was too slow for.
func (s *Subscription) Dropped() int64 { return s.dropped.Load() }

// Close ends the subscription; entries in the buffer stay readable.
func (s *Subscription) Close() { s.journal.unwatch(s.watcher) }
