package platform

import (
	"net/http"
	"path"
	"strings"

	"github.com/voxemu/voxemu/emulator/internal/origin"
	"github.com/voxemu/voxemu/emulator/internal/requestlog"
)

// admitPage reports whether the request may go on. It replies to the others: what pages of
// other origins send, since a link or an image can write here, and to the preflight
// requests of allowed origins.
func (h *Handler) admitPage(w http.ResponseWriter, r *http.Request) bool {
	if !h.Origins.Empty() {
		w.Header().Add("Vary", "Origin")
	}
	allowed := h.Origins.Contains(r)
	if !allowed {
		if origin.Foreign(r) {
			h.refusePage(w, r)
			return false
		}
		return true
	}
	header := w.Header()
	header.Set("Access-Control-Allow-Origin", r.Header.Get("Origin"))
	header.Set("Access-Control-Expose-Headers", "X-Voxemu-Warning")
	if r.Method != http.MethodOptions || r.Header.Get("Access-Control-Request-Method") == "" {
		return true
	}
	header.Set("Access-Control-Allow-Methods", strings.Join(h.Contract.Verbs(), ", "))
	if asked := r.Header.Get("Access-Control-Request-Headers"); asked != "" {
		header.Set("Access-Control-Allow-Headers", asked)
	}
	header.Set("Access-Control-Max-Age", "600")
	w.WriteHeader(http.StatusNoContent)
	return false
}

func (h *Handler) refusePage(w http.ResponseWriter, r *http.Request) {
	from := r.Header.Get("Origin")
	h.Logger.Warn("refused a request that a page of another origin sent",
		"method", requestlog.Name(path.Base(r.URL.Path)), "origin", from[:min(len(from), maxWarningLength)])
	http.Error(w, "the API refuses requests that a browser sends for pages of other origins; "+
		"to test a browser application, start with --allow-origin and its origin, such as http://localhost:3000, and let it use fetch",
		http.StatusForbidden)
}
