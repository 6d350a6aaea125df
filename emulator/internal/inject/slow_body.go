package inject

import (
	"net/http"
	"time"

	"github.com/voxemu/voxemu/emulator/fault"
)

func sendSlowly(s fault.SlowBody, x *Exchange) error {
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
		_ = http.NewResponseController(x.Writer).Flush() // fails if the client is gone
	}
	return nil
}
