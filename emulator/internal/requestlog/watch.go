package requestlog

import (
	"context"
	"sync/atomic"

	"github.com/voxemu/voxemu/emulator/journal"
)

// watcher is told of new entries, under the journal's lock.
type watcher struct {
	matches func(*journal.Request) bool
	found   func(*Recording)
}

func (w *watcher) see(r *Recording) {
	if w.matches(&r.Request) {
		w.found(r)
	}
}

// watch adds a watcher; the lock must be held.
func (l *Log) watch(w *watcher) {
	l.watchers[w] = struct{}{}
	l.watching.Add(1)
}

func (l *Log) unwatch(w *watcher) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if _, ok := l.watchers[w]; ok {
		delete(l.watchers, w)
		l.watching.Add(-1)
	}
}

// Wait returns once n entries match, those kept already included; a Clear
// meanwhile takes nothing away. Error: a
// *[journal.TooFew], because the context ended first.
func (l *Log) Wait(ctx context.Context, f journal.Filter, n int) error {
	if n <= 0 {
		return nil
	}
	enough := make(chan struct{})
	var seen atomic.Int64
	w := &watcher{matches: f.Matcher()}
	w.found = func(*Recording) {
		if seen.Add(1) == int64(n) {
			close(enough)
		}
	}
	l.mu.Lock()
	for _, r := range l.kept {
		w.see(r)
	}
	l.watch(w)
	l.mu.Unlock()
	defer l.unwatch(w)
	select {
	case <-enough:
		return nil
	case <-ctx.Done():
	}
	if got := seen.Load(); got < int64(n) {
		return &journal.TooFew{Wanted: n, Came: int(got), Filter: f, Cause: context.Cause(ctx)}
	}
	return nil
}

// Listen tells a function of each entry that matches, in the order in which they
// end, until stop is called. It is called while the journal is locked, one entry
// at a time: it must not wait, and not ask the journal.
func (l *Log) Listen(f journal.Filter, hear func(journal.Request)) (stop func()) {
	w := &watcher{f.Matcher(), func(r *Recording) { hear(r.seen()) }}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.watch(w)
	return func() { l.unwatch(w) }
}

// Subscription gives new entries as they come.
type Subscription struct {
	log      *Log
	watcher  *watcher
	requests chan journal.Request
	dropped  atomic.Int64
}

// Subscribe gives the entries that match from now on. Nobody waits for a slow
// subscriber: what exceeds the buffer is dropped and counted. Close the
// subscription when done.
func (l *Log) Subscribe(f journal.Filter, buffer int) *Subscription {
	s := &Subscription{log: l, requests: make(chan journal.Request, max(1, buffer))}
	s.watcher = &watcher{f.Matcher(), s.offer}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.watch(s.watcher)
	return s
}

func (s *Subscription) offer(r *Recording) {
	select {
	case s.requests <- r.seen():
	default:
		s.dropped.Add(1)
	}
}

// Requests is where the requests come, in the order in which they ended. It is
// never closed: select on the end of your own work beside it.
func (s *Subscription) Requests() <-chan journal.Request { return s.requests }

// Dropped is how many requests the subscriber was too slow for.
func (s *Subscription) Dropped() int64 { return s.dropped.Load() }

// Close ends the subscription; entries in the buffer stay readable.
func (s *Subscription) Close() { s.log.unwatch(s.watcher) }
