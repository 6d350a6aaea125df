package fault

// Delay delays the reply, alone or combined with another kind. The delay is fixed,
// uniformly distributed between Min and Max, or lognormally distributed around Median, as
// real latencies are. It comes before the request is processed, or with [Rule].After,
// after it. On a stopped clock there is no delay. If the client gives up during a delay,
// the request is not processed unless it already was.
type Delay struct {
	// Fixed is a constant delay.
	Fixed Duration `yaml:"fixed,omitempty" json:"fixed,omitempty"`
	// Min is the minimum of a uniform delay; default 0.
	Min Duration `yaml:"min,omitempty" json:"min,omitempty"`
	// Max is the maximum of a uniform or lognormal delay; for lognormal ones the default
	// is 1h.
	Max Duration `yaml:"max,omitempty" json:"max,omitempty"`
	// Median is the median of a lognormal delay.
	Median Duration `yaml:"median,omitempty" json:"median,omitempty"`
	// Sigma is the standard deviation of the delay's natural logarithm. With 0.5, one
	// request in a thousand waits 4.7 times the median.
	Sigma float64 `yaml:"sigma,omitempty" json:"sigma,omitempty"`
}

func (d Delay) check(c *checker) {
	even := d.Min != 0 || d.Max != 0
	lognormal := d.Median != 0 || d.Sigma != 0
	switch {
	case min(d.Fixed, d.Min, d.Max, d.Median) < 0:
		c.refuse("", "%v", errDuration)
	case d.Fixed != 0 && (even || lognormal), d.Fixed == 0 && !even && !lognormal:
		c.refuse("", "want either fixed, or max (and min), or median and sigma")
	case lognormal && (d.Median == 0 || !(d.Sigma > 0 && d.Sigma <= 10) || d.Min != 0):
		c.refuse("", "want median, sigma greater than 0 and at most 10, and max if wanted; no min")
	case even && !lognormal && d.Max <= d.Min:
		c.refuse("max", "want a duration greater than min")
	}
}
