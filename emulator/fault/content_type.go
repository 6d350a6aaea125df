package fault

import "mime"

// ContentType sends the real reply with this content type, for example text/html. The
// request is always processed.
type ContentType string

func (t ContentType) check(c *checker) {
	if _, _, err := mime.ParseMediaType(string(t)); err != nil {
		c.refuse("", "want a content type such as text/html")
	}
}
