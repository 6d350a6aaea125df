package fault

import "net/http"

// EmptyBody answers HTTP 200 with the API's content type and no body at all. For
// a connection that ends without any reply, use [Close].
type EmptyBody struct{}

func (EmptyBody) act(x *Exchange) error {
	return x.invented(Reply{Status: http.StatusOK, Header: http.Header{"Content-Type": {"application/json; charset=utf-8"}}})
}

func (EmptyBody) check(*checker) {}
