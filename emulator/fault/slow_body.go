package fault

// SlowBody sends the real reply's header at once and its body in drops. The work
// is done in any case. On a frozen clock the drops follow each other at once.
type SlowBody struct {
	// Over is the time from the first drop to the last.
	Over Duration `yaml:"over" json:"over" jsonschema:"required"`
	// Chunks is the number of drops; default 10, never more than bytes.
	Chunks Count `yaml:"chunks,omitempty" json:"chunks,omitempty"`
}

func (s SlowBody) check(c *checker) {
	if s.Over <= 0 {
		c.refuse("over", "want a duration greater than 0")
	}
	if s.Chunks < 0 || s.Chunks > maxChunks {
		c.refuse("chunks", "want an integer from 1 to %d", maxChunks)
	}
}

// maxChunks keeps a slow body from being one system call per byte of a large one.
const maxChunks = 10_000
