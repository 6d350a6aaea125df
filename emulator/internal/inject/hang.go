package inject

import (
	"io"
	"net/http"
)

// maxRest is how much of an unread body is read away, in bytes.
const maxRest = 1 << 20

func hang(x *Exchange) error {
	// Over HTTP/1, net/http notices that a client is gone only once the request
	// is read to its end.
	rest := http.MaxBytesReader(x.Writer, x.Request.Body, maxRest)
	if _, err := io.Copy(io.Discard, rest); err != nil {
		return http.ErrAbortHandler
	}
	<-x.Request.Context().Done()
	return http.ErrAbortHandler
}
