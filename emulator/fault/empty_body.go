package fault

// EmptyBody replies with HTTP 200, the API's content type and an empty body. To end the
// connection without a reply, use [Close].
type EmptyBody struct{}

func (EmptyBody) check(*checker) {}
