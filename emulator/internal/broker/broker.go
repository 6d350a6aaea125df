// Package broker distributes messages to listeners without waiting for them.
package broker

import (
	"sync"
	"sync/atomic"
)

// Broker calls its listeners with each message. The zero value has none. It is safe for
// concurrent use.
type Broker[M any] struct {
	listening atomic.Int64

	mu        sync.Mutex // guards listeners and the order of messages
	listeners map[*func(M)]struct{}
}

// Active reports whether there are listeners. Without any, no message needs to be
// created.
func (b *Broker[M]) Active() bool { return b.listening.Load() > 0 }

// Listen calls f with each message, one at a time, until stop is called. stop can be
// called more than once. f must not block and must not call the broker.
func (b *Broker[M]) Listen(f func(M)) (stop func()) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.listeners == nil {
		b.listeners = map[*func(M)]struct{}{}
	}
	b.listeners[&f] = struct{}{}
	b.listening.Add(1)
	return func() {
		b.mu.Lock()
		defer b.mu.Unlock()
		if _, ok := b.listeners[&f]; ok {
			delete(b.listeners, &f)
			b.listening.Add(-1)
		}
	}
}

// Publish calls all listeners.
func (b *Broker[M]) Publish(message M) {
	if !b.Active() {
		return
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	for f := range b.listeners {
		(*f)(message)
	}
}

// Queue stores up to a number of messages for one reader; it drops and counts further
// ones. It is safe for concurrent use.
type Queue[M any] struct {
	messages chan M
	notice   func(lost int64) M

	mu     sync.Mutex // guards the fields below
	missed int64      // since the last stored message
	lost   int64
}

// NewQueue returns a queue for size messages, at least 1. If notice is not nil, the
// reader receives its result in place of dropped messages.
func NewQueue[M any](size int, notice func(lost int64) M) *Queue[M] {
	return &Queue[M]{messages: make(chan M, max(1, size)), notice: notice}
}

// Messages returns the channel of messages. It is never closed.
func (q *Queue[M]) Messages() <-chan M { return q.messages }

// Lost returns the number of dropped messages.
func (q *Queue[M]) Lost() int64 {
	q.mu.Lock()
	defer q.mu.Unlock()
	return q.lost
}

// Offer stores a message, or drops it if the queue is full.
func (q *Queue[M]) Offer(message M) {
	q.mu.Lock()
	defer q.mu.Unlock()
	noticed := q.missed == 0 || q.notice == nil || q.put(q.notice(q.missed))
	if noticed {
		q.missed = 0
	}
	if !noticed || !q.put(message) {
		q.missed++
		q.lost++
	}
}

func (q *Queue[M]) put(message M) bool {
	select {
	case q.messages <- message:
		return true
	default:
		return false
	}
}
