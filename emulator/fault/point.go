package fault

// Point is the part of a reply that is sent before the connection ends.
type Point string

// The values of Point; the default is Nothing.
const (
	Nothing Point = "nothing" // no byte
	Headers Point = "headers" // the status line and one line of the header
	Body    Point = "body"    // the header and half of the body; the request is processed
)

func (p Point) check(c *checker) {
	switch p {
	case "", Nothing, Headers, Body:
		return
	}
	c.refuse("after_sending", "unknown point %q; want nothing, headers or body", string(p))
}
