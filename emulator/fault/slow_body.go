package fault

// SlowBody sends the header of the real reply at once and its body in chunks. The request
// is always processed. On a stopped clock there is no time between chunks.
type SlowBody struct {
	// Over is the time from the first chunk to the last.
	Over Duration `yaml:"over" json:"over" jsonschema:"required"`
	// Chunks is the number of chunks; default 10, at most the number of bytes.
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

// maxChunks limits the number of system calls for a large body.
const maxChunks = 10_000
