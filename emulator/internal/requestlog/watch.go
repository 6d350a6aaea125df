package requestlog

import (
	"context"
	"sync/atomic"

	"github.com/voxemu/voxemu/emulator/internal/broker"
	"github.com/voxemu/voxemu/emulator/journal"
)

// Wait returns once n requests match, those kept already included; a Clear meanwhile
// takes nothing away. Error: a *[journal.TooFew], because the context ended first.
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
	l.mu.Lock() // no request comes between those kept and those to come
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

// Listen has f called with each request that matches, in the order in which they
// end, until stop is called; see [broker.Broker.Listen]. f must not ask the log.
func (l *Log) Listen(filter journal.Filter, f func(journal.Request)) (stop func()) {
	matches := filter.Matcher()
	return l.listeners.Listen(func(r *Recording) {
		if matches(&r.Request) {
			f(r.seen())
		}
	})
}

// Subscription gives new requests as they come.
type Subscription struct {
	queue *broker.Queue[journal.Request]
	stop  func()
}

// Subscribe gives the requests that match from now on. Nobody waits for a slow
// subscriber: what exceeds the buffer is dropped and counted. Close the
// subscription when done.
func (l *Log) Subscribe(f journal.Filter, buffer int) *Subscription {
	queue := broker.NewQueue[journal.Request](buffer, nil)
	return &Subscription{queue, l.Listen(f, queue.Offer)}
}

// Requests is where the requests come, in the order in which they ended. It is
// never closed: select on the end of your own work beside it.
func (s *Subscription) Requests() <-chan journal.Request { return s.queue.Messages() }

// Dropped is how many requests the subscriber was too slow for.
func (s *Subscription) Dropped() int64 { return s.queue.Lost() }

// Close ends the subscription; requests in the buffer stay readable.
func (s *Subscription) Close() { s.stop() }
