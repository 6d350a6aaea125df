package inject

import (
	"math"
	"math/rand/v2"
	"time"

	"github.com/voxemu/voxemu/emulator/fault"
)

// maxDelay limits a lognormal delay, which is otherwise unlimited.
const maxDelay = fault.Duration(time.Hour)

func delayReply(d fault.Delay, x *Exchange) error {
	if err := x.pause(draw(d, x.claim.random)); err != nil {
		return err
	}
	x.send(x.real())
	return nil
}

func draw(d fault.Delay, random *rand.Rand) time.Duration {
	switch {
	case d.Median > 0:
		limit := maxDelay
		if d.Max > 0 {
			limit = d.Max
		}
		drawn := float64(d.Median) * math.Exp(d.Sigma*random.NormFloat64())
		return time.Duration(min(drawn, float64(limit)))
	case d.Max > 0:
		return time.Duration(d.Min) + time.Duration(random.Float64()*float64(d.Max-d.Min))
	}
	return time.Duration(d.Fixed)
}
