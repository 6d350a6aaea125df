package inject

import (
	"fmt"

	"github.com/voxemu/voxemu/emulator/fault"
)

// act replies as the kind of fault requires. It returns [net/http.ErrAbortHandler] if the
// connection, or over HTTP/2 the stream, must be dropped.
func act(kind fault.Kind, x *Exchange) error {
	switch kind := kind.(type) {
	case fault.APIError:
		return sendAPIError(kind, x)
	case fault.HTTP:
		return sendHTTP(kind, x)
	case fault.RateLimit:
		return refuseRate(kind, x)
	case fault.Delay:
		return delayReply(kind, x)
	case fault.SlowBody:
		return sendSlowly(kind, x)
	case fault.Hang:
		return hang(x)
	case fault.Reset:
		return resetConnection(kind, x)
	case fault.Close:
		return closeConnection(kind, x)
	case fault.EmptyBody:
		return sendEmptyBody(x)
	case fault.TruncatedJSON:
		return sendTruncatedJSON(x)
	case fault.MalformedJSON:
		return sendMalformedJSON(x)
	case fault.ContentType:
		return sendAs(kind, x)
	case fault.DuplicateReply:
		return sendTwice(x)
	}
	panic(fmt.Sprintf("fault.%T has no action", kind)) // TestEveryKindHasAnAction
}
