package fault

import "mime"

// ContentType sends the real reply under this content type, for example
// text/html. The work is done in any case.
type ContentType string

func (t ContentType) check(c *checker) {
	if _, _, err := mime.ParseMediaType(string(t)); err != nil {
		c.refuse("", "want a content type such as text/html")
	}
}
