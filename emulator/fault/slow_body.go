package fault

import (
	"net/http"
	"time"
)

// SlowBody sends the real reply's header at once and its body in drops. The work
// is done in any case. On a frozen clock the drops follow each other at once.
type SlowBody struct {
	// Over is the time from the first drop to the last.
	Over Duration `yaml:"over" json:"over" jsonschema:"required"`
	// Chunks is the number of drops; default 10, never more than bytes.
	Chunks Count `yaml:"chunks,omitempty" json:"chunks,omitempty"`
}

func (s SlowBody) act(x *Exchange) error {
	reply := x.real()
	x.Sending(reply)
	reply.begin(x.Writer, len(reply.Body))
	chunks := 10
	if s.Chunks > 0 {
		chunks = int(s.Chunks)
	}
	chunks = max(1, min(chunks, len(reply.Body)))
	for i := range chunks {
		if i > 0 {
			if err := x.pause(time.Duration(s.Over) / time.Duration(max(1, chunks-1))); err != nil {
				return err
			}
		}
		_, _ = x.Writer.Write(reply.Body[len(reply.Body)*i/chunks : len(reply.Body)*(i+1)/chunks])
		_ = http.NewResponseController(x.Writer).Flush() // fails when the client is gone
	}
	return nil
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
