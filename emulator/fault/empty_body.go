package fault

// EmptyBody answers HTTP 200 with the API's content type and no body at all. For
// a connection that ends without any reply, use [Close].
type EmptyBody struct{}

func (EmptyBody) check(*checker) {}
