package fault

// Delay makes the reply late, alone or beside another kind: by a fixed time,
// evenly between a minimum and a maximum, or lognormally around a median, which
// is how real latencies look. By default the call waits before the work; with
// [Rule].After behind it. Nothing sleeps on a frozen clock. A client that gives
// up meanwhile prevents the work, unless it was done.
type Delay struct {
	// Fixed is the whole delay.
	Fixed Duration `yaml:"fixed,omitempty" json:"fixed,omitempty"`
	// Min is the least even delay; default 0.
	Min Duration `yaml:"min,omitempty" json:"min,omitempty"`
	// Max is the greatest even or lognormal delay; the latter's default is 1h.
	Max Duration `yaml:"max,omitempty" json:"max,omitempty"`
	// Median of the lognormal delay: half of the calls wait longer.
	Median Duration `yaml:"median,omitempty" json:"median,omitempty"`
	// Sigma is the standard deviation of the delay's natural logarithm; 0.5
	// makes one call in a thousand wait 4.7 times the median.
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
