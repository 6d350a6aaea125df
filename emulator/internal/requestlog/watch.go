package requestlog

import (
	"context"
	"sync"
	"sync/atomic"

	"github.com/voxemu/voxemu/emulator/internal/broker"
	"github.com/voxemu/voxemu/emulator/journal"
)

// Wait returns when n requests match, including those already kept. A Clear meanwhile
// does not reduce the count. The error is a *[journal.TooFew] if the context ends first.
func (l *Log) Wait(ctx context.Context, f journal.Filter, n int) error {
	if n <= 0 {
		return nil
	}
	matches := f.Matcher()
	enough := make(chan struct{})
	var seen atomic.Int64
	count := func(r *Recording) {
		if matches(&r.Request) && seen.Add(1) == int64(n) {
			close(enough)
		}
	}
	l.mu.Lock() // no request may end between listing the kept ones and listening
	for _, r := range l.kept {
		count(r)
	}
	stop := l.listeners.Listen(count)
	l.mu.Unlock()
	defer stop()
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

// Listen calls f with each request that matches, in the order of their ends, until stop
// is called; see [broker.Broker.Listen]. f must not use the log.
func (l *Log) Listen(filter journal.Filter, f func(journal.Request)) (stop func()) {
	l.reading.Add(1)
	stopped := l.ListenUnread(filter, func(read func() journal.Request) { f(read()) })
	ended := sync.OnceFunc(func() { l.reading.Add(-1) })
	return func() {
		stopped()
		ended()
	}
}

// ListenUnread is [Log.Listen] for listeners that read a request later, or not at all, by
// calling read: its bodies are masked only then, so that clients do not wait for it.
func (l *Log) ListenUnread(filter journal.Filter, f func(read func() journal.Request)) (stop func()) {
	matches := filter.Matcher()
	return l.listeners.Listen(func(r *Recording) {
		if matches(&r.Request) {
			f(r.seen)
		}
	})
}

// Subscription delivers new requests.
type Subscription struct {
	queue *broker.Queue[journal.Request]
	stop  func()
}

// Subscribe subscribes to the requests that match from now on. A slow subscriber blocks
// nothing: requests that do not fit into the buffer are dropped and counted. Close the
// subscription after use.
func (l *Log) Subscribe(f journal.Filter, buffer int) *Subscription {
	queue := broker.NewQueue[journal.Request](buffer, nil)
	return &Subscription{queue, l.Listen(f, queue.Offer)}
}

// Requests returns the channel of requests, in the order of their ends. It is never
// closed.
func (s *Subscription) Requests() <-chan journal.Request { return s.queue.Messages() }

// Dropped returns the number of requests that did not fit into the buffer.
func (s *Subscription) Dropped() int64 { return s.queue.Lost() }

// Close ends the subscription. Buffered requests can still be read.
func (s *Subscription) Close() { s.stop() }
