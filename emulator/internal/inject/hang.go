package inject

import (
	"io"
	"net/http"
)

// maxRest is the maximum number of bytes of an unread body that are discarded.
const maxRest = 1 << 20

func hang(x *Exchange) error {
	// Over HTTP/1, net/http detects a disconnected client only after the whole request is
	// read.
	rest := http.MaxBytesReader(x.Writer, x.Request.Body, maxRest)
	if _, err := io.Copy(io.Discard, rest); err != nil {
		return http.ErrAbortHandler
	}
	<-x.Request.Context().Done()
	return http.ErrAbortHandler
}
