package inject

import "net/http"

func sendEmptyBody(x *Exchange) error {
	return x.canned(Reply{Status: http.StatusOK, Header: http.Header{"Content-Type": {"application/json; charset=utf-8"}}})
}
