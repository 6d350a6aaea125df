package inject

import (
	"net/http"
	"strconv"
	"time"

	"golang.org/x/time/rate"

	"github.com/voxemu/voxemu/emulator/fault"
	"github.com/voxemu/voxemu/emulator/vox"
)

func refuseRate(r fault.RateLimit, x *Exchange) error {
	if r.Status == 0 {
		return x.canned(x.APIError(string(vox.ErrRateLimitExceeded), ""))
	}
	seconds := (x.claim.wait + time.Second - 1) / time.Second
	return sendHTTP(fault.HTTP{
		Status:  r.Status,
		Headers: map[string]string{"Retry-After": strconv.Itoa(int(seconds))},
		Body:    http.StatusText(r.Status) + "\n",
	}, x)
}

// bucket identifies the requests that are counted together.
type bucket struct {
	account int64
	key     string
}

// maxBuckets limits the memory for callers with many keys.
const maxBuckets = 10_000

// limiter holds the levels of a [fault.RateLimit]; the engine's lock guards it.
type limiter struct {
	limit   rate.Limit
	burst   int
	buckets map[bucket]*rate.Limiter
}

func newLimiter(r fault.RateLimit) *limiter {
	per := time.Second
	if r.Per > 0 {
		per = time.Duration(r.Per)
	}
	burst := r.Calls
	if r.Burst > 0 {
		burst = r.Burst
	}
	return &limiter{
		limit: rate.Limit(float64(r.Calls) / per.Seconds()), burst: int(burst),
		buckets: map[bucket]*rate.Limiter{},
	}
}

// refuses reports whether a request exceeds the limit, and how long the caller must wait.
func (l *limiter) refuses(call Call, now time.Time) (wait time.Duration, refused bool) {
	reservation := l.of(bucket{call.Account, call.Key}, now).ReserveN(now, 1)
	wait = reservation.DelayFrom(now)
	if wait > 0 {
		reservation.CancelAt(now)
	}
	return wait, wait > 0
}

// allows reports whether a request would be within the limit, without counting it.
func (l *limiter) allows(call Call, now time.Time) bool {
	level, ok := l.buckets[bucket{call.Account, call.Key}]
	return !ok || level.TokensAt(now) >= 1
}

func (l *limiter) of(b bucket, now time.Time) *rate.Limiter {
	if found, ok := l.buckets[b]; ok {
		return found
	}
	if len(l.buckets) >= maxBuckets {
		l.sweep(now)
	}
	made := rate.NewLimiter(l.limit, l.burst)
	l.buckets[b] = made
	return made
}

// sweep removes the callers whose full burst is available again, which changes nothing
// for them; if there are none, it removes all.
func (l *limiter) sweep(now time.Time) {
	for b, level := range l.buckets {
		if level.TokensAt(now) >= float64(l.burst) {
			delete(l.buckets, b)
		}
	}
	if len(l.buckets) >= maxBuckets {
		clear(l.buckets)
	}
}
