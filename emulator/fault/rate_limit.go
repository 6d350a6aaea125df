package fault

import (
	"net/http"
	"strconv"
	"time"

	"golang.org/x/time/rate"
)

// RateLimit refuses calls that come too fast, per account and key, on the
// emulator's clock. Calls within the limit are left to the rules behind it and
// do not count as hits.
type RateLimit struct {
	// Calls is how many are allowed in Per.
	Calls Count `yaml:"calls" json:"calls" jsonschema:"required"`
	// Per is the time in which Calls are allowed; default 1s.
	Per Duration `yaml:"per,omitempty" json:"per,omitempty"`
	// Burst is how many may come at once after a pause; default: Calls.
	Burst Count `yaml:"burst,omitempty" json:"burst,omitempty"`
	// Status is the HTTP status of a refusal, for example 429; it comes with
	// Retry-After, in whole seconds. Default: the API's error 340,
	// RATE_LIMIT_EXCEED.
	Status int `yaml:"status,omitempty" json:"status,omitempty"`
}

const rateLimitExceeded = "RATE_LIMIT_EXCEED"

func (r RateLimit) act(x *Exchange) error {
	if r.Status == 0 {
		return x.invented(x.APIError(rateLimitExceeded, ""))
	}
	seconds := (x.claim.wait + time.Second - 1) / time.Second
	return HTTP{
		Status:  r.Status,
		Headers: map[string]string{"Retry-After": strconv.Itoa(int(seconds))},
		Body:    http.StatusText(r.Status) + "\n",
	}.act(x)
}

func (r RateLimit) check(c *checker) {
	if r.Calls < 1 {
		c.refuse("calls", "want an integer of at least 1")
	}
	if r.Per < 0 {
		c.refuse("per", "%v", errDuration)
	}
	if r.Burst < 0 {
		c.refuse("burst", "%v", errCount)
	}
	if r.Status != 0 && (r.Status < 400 || r.Status > 599) {
		c.refuse("status", "want an HTTP status from 400 to 599")
	}
	if _, ok := c.Errors[rateLimitExceeded]; !ok && c.Errors != nil && r.Status == 0 {
		c.refuse("status", "the API has no error %s; want an HTTP status", rateLimitExceeded)
	}
}

// bucket is whose calls are counted together.
type bucket struct {
	account int64
	key     string
}

// maxBuckets bounds the memory that callers with invented keys can take.
const maxBuckets = 10_000

// limiter holds the levels of a [RateLimit]; the engine's lock guards it.
type limiter struct {
	limit   rate.Limit
	burst   int
	buckets map[bucket]*rate.Limiter
}

func newLimiter(r RateLimit) *limiter {
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

// refuses reports whether a call at this moment is too much, and how long the
// caller has to wait.
func (l *limiter) refuses(call Call, now time.Time) (wait time.Duration, refused bool) {
	reservation := l.of(bucket{call.Account, call.Key}, now).ReserveN(now, 1)
	wait = reservation.DelayFrom(now)
	if wait > 0 {
		reservation.CancelAt(now)
	}
	return wait, wait > 0
}

// allows reports whether a call at this moment would be within the limit, and
// takes nothing from it.
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

// sweep forgets the callers that may call at full burst again, which changes
// nothing for them; if none may, everybody.
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
