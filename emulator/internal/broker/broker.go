// Package broker passes on what happens and never waits for anybody.
package broker

import (
	"sync"
	"sync/atomic"
)

// Broker calls its listeners with each message. The zero value has none. It is safe
// for concurrent use.
type Broker[M any] struct {
	listening atomic.Int64

	mu        sync.Mutex // guards what follows, and orders messages
	listeners map[*func(M)]struct{}
}

// Active reports whether anybody listens: else no message need be prepared.
func (b *Broker[M]) Active() bool { return b.listening.Load() > 0 }

// Listen has f called with each message, one at a time, until stop is called, which
// may happen twice. f must not wait, and not call the broker.
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

// Publish calls the listeners.
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

// Queue keeps messages for one reader, up to a number; what exceeds it is lost and
// counted. It is safe for concurrent use.
type Queue[M any] struct {
	messages chan M
	notice   func(lost int64) M

	mu     sync.Mutex // guards what follows
	missed int64      // since the last message was kept
	lost   int64
}

// NewQueue makes a queue of a size of at least 1. If notice is given, the reader gets
// its message in the place of those that were lost.
func NewQueue[M any](size int, notice func(lost int64) M) *Queue[M] {
	return &Queue[M]{messages: make(chan M, max(1, size)), notice: notice}
}

// Messages is where they come. It is never closed.
func (q *Queue[M]) Messages() <-chan M { return q.messages }

// Lost is how many messages were lost so far.
func (q *Queue[M]) Lost() int64 {
	q.mu.Lock()
	defer q.mu.Unlock()
	return q.lost
}

// Offer keeps a message, or loses it.
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
