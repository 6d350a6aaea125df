package fault

// Point is how far a reply gets before the connection ends.
type Point string

// The points. Nothing is the default.
const (
	Nothing Point = "nothing" // not a byte is sent
	Headers Point = "headers" // the status line and one line of the header
	Body    Point = "body"    // the header and half of the body; the work is done
)

func (p Point) check(c *checker) {
	switch p {
	case "", Nothing, Headers, Body:
		return
	}
	c.refuse("after_sending", "unknown point %q; want nothing, headers or body", string(p))
}
