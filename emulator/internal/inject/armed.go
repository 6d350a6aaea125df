package inject

import (
	"crypto/sha256"
	"encoding/binary"
	"math/rand/v2"
	"time"

	"github.com/voxemu/voxemu/emulator/fault"
)

type armed struct {
	rule    fault.Rule
	known   fault.Known
	name    string // of the kind, in files
	kind    fault.Kind
	delay   *fault.Delay // combined with the kind; nil: none
	kinds   []string     // names of the kind and of the delay
	limiter *limiter     // of a rate limit; nil for other kinds
	since   time.Time

	// Guarded by the engine's lock, like limiter.
	seen int64
	hits int64
}

func arm(rule fault.Rule, known fault.Known, now time.Time) *armed {
	a := &armed{rule: rule, known: known, since: now}
	a.name, a.kind = rule.Then.Kind()
	if _, alone := a.kind.(fault.Delay); !alone {
		a.delay = rule.Then.Delay
	}
	a.kinds = rule.Then.Names()
	if limit, ok := a.kind.(fault.RateLimit); ok {
		a.limiter = newLimiter(limit)
	}
	return a
}

// decide evaluates the conditions for the n-th request that the rule counts. It is a pure
// function of the seed, the rule and n. It returns the first condition that does not
// match, or the random sequence for this request.
func (a *armed) decide(seed, n int64) (*rand.Rand, string) {
	if unmet := selects(a.rule.When, n); unmet != "" {
		return nil, unmet
	}
	random := sequence(seed, a.rule.Name, n)
	if p := a.rule.When.Probability; p != nil && random.Float64() >= *p {
		return nil, "when.probability"
	}
	return random, ""
}

// sequence returns the random numbers for a request and a rule. The seed is hashed
// because generators with similar seeds give similar numbers.
func sequence(seed int64, rule string, n int64) *rand.Rand {
	text := binary.BigEndian.AppendUint64(nil, uint64(seed))
	text = binary.BigEndian.AppendUint64(text, uint64(n))
	return rand.New(rand.NewChaCha8(sha256.Sum256(append(text, rule...))))
}

// claim applies the rule to a request if its conditions match and its Times are not used
// up. The engine's lock makes decision and count atomic.
func (a *armed) claim(seed int64, call Call, now time.Time) *Claim {
	random, unmet := a.decide(seed, a.seen)
	if unmet != "" || a.spent() {
		return nil
	}
	var wait time.Duration
	if a.limiter != nil {
		var refused bool
		if wait, refused = a.limiter.refuses(call, now); !refused {
			return nil
		}
	}
	a.hits++
	return &Claim{Rule: a.rule.Name, Kind: a.name, Kinds: a.kinds, Number: a.seen, armed: a, random: random, wait: wait}
}

func (a *armed) spent() bool { return a.rule.Times != 0 && a.hits >= int64(a.rule.Times) }
