package inject

import (
	"fmt"
	"testing"
	"time"

	"github.com/voxemu/voxemu/emulator/fault"
)

// flood makes one request for each of a number of keys.
func flood(t *testing.T, l *limiter, keys int, now time.Time) {
	t.Helper()
	for n := range keys {
		if _, refused := l.refuses(Call{Account: now.Unix(), Key: fmt.Sprint(n)}, now); refused {
			t.Fatalf("the first call of key %d is refused", n)
		}
	}
	if len(l.buckets) > maxBuckets {
		t.Errorf("%d callers remembered, want at most %d", len(l.buckets), maxBuckets)
	}
}

func TestInventedKeysDoNotFillTheMemoryOfARateLimit(t *testing.T) {
	flood(t, newLimiter(fault.RateLimit{Calls: 1}), 2*maxBuckets, time.Now())
}

func TestARateLimitForgetsIdleCallersAndRemembersBusyOnes(t *testing.T) {
	l, now, busy := newLimiter(fault.RateLimit{Calls: 1}), time.Now(), Call{Key: "busy"}
	flood(t, l, maxBuckets-1, now)
	now = now.Add(time.Minute)
	if _, refused := l.refuses(busy, now); refused {
		t.Error("the first call is refused")
	}
	flood(t, l, 10, now)
	if len(l.buckets) != 11 {
		t.Errorf("%d callers remembered, want the 11 busy ones", len(l.buckets))
	}
	if wait, refused := l.refuses(busy, now); !refused || wait != time.Second {
		t.Errorf("refused: %v, wait %v, want 1s", refused, wait)
	}
}
