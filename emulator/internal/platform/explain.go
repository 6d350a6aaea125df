package platform

import (
	"net/http"
	"path"

	"github.com/voxemu/voxemu/emulator/fault"
)

// Explain says what the fault rules would make of a call to
// /platform_api/{method}, rule by rule. It reads the request's body and counts
// nothing.
func (d *Door) Explain(r *http.Request) []fault.Verdict {
	c, _ := read(nil, r, path.Base(r.URL.Path)) // rules see what could be read
	return d.Faults.Explain(d.describe(c, r))
}
