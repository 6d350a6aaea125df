package scheduler

import (
	"context"
	"time"
)

// Sleep waits for d. On a stopped clock it returns at once, because no time passes there.
// The error is that of the context if it has ended or ends first.
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
