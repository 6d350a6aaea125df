package scheduler

import (
	"context"
	"time"
)

// Sleep waits for d; on a stopped clock it does not wait at all, because nobody
// could tell. The error is the context's, when that ends first or has ended.
func (c *Clock) Sleep(ctx context.Context, d time.Duration) error {
	if c.IsStopped() || d <= 0 {
		return ctx.Err()
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
