package platform

import (
	"context"
	"net/http"
	"net/url"
	"path"
	"strings"

	"github.com/voxemu/voxemu/emulator/fault"
	"github.com/voxemu/voxemu/emulator/journal"
)

// Explained is the result of [Handler.Explain].
type Explained struct {
	Verdicts []fault.Verdict // of the fault rules, in their order
	Fault    *fault.Rule     // the rule that was applied; nil: none
	Status   int             // of the reply; 0: no reply
	Header   http.Header     // of the reply
	Body     string          // of the reply, the part that was sent
	Request  journal.Request
}

// Explain processes a request, encoded as by the SDKs, with all its faults. A fault that
// hangs ends at once, as if the client gave up.
func (h *Handler) Explain(method string, parameters url.Values, header http.Header) Explained {
	ctx, giveUp := context.WithCancel(context.Background())
	defer giveUp()
	x := Explained{Verdicts: h.verdicts(newRequest(ctx, method, parameters, header))}
	for _, verdict := range x.Verdicts {
		if verdict.Unmet == "" {
			x.Fault = h.rule(verdict.Rule)
			break
		}
	}
	if x.Fault != nil && x.Fault.Then.Hang != nil {
		giveUp()
	}
	x.reply(h, newRequest(ctx, method, parameters, header))
	for _, request := range h.Journal.Last(journal.Filter{}, 1) {
		x.Request = request
	}
	return x
}

func newRequest(ctx context.Context, method string, parameters url.Values, header http.Header) *http.Request {
	target := "http://127.0.0.1/platform_api/" + url.PathEscape(method)
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, target, strings.NewReader(parameters.Encode()))
	if err != nil { // cannot happen: the path is escaped
		panic(err)
	}
	if header != nil {
		r.Header = header.Clone()
	}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.RemoteAddr = "127.0.0.1:0"
	return r
}

// verdicts returns the verdict of each fault rule on a request to /platform_api/{method}.
// It reads the request's body and counts nothing.
func (h *Handler) verdicts(r *http.Request) []fault.Verdict {
	c := read(nil, r, path.Base(r.URL.Path), false) // a request that cannot be read is matched as far as it was read
	return h.Faults.Explain(h.describe(c, r))
}

// rule returns an armed rule; nil if there is none with the name.
func (h *Handler) rule(name string) *fault.Rule {
	for _, status := range h.Faults.Rules() {
		if status.Name == name {
			return &status.Rule
		}
	}
	return nil
}

func (x *Explained) reply(handler http.Handler, r *http.Request) {
	seen := &recorder{header: http.Header{}}
	defer func() {
		if dropped := recover(); dropped != nil && dropped != any(http.ErrAbortHandler) {
			panic(dropped)
		}
		x.Status, x.Header, x.Body = seen.status, seen.header, seen.body.String()
	}()
	handler.ServeHTTP(seen, r)
}

// recorder records a reply as far as it is sent.
type recorder struct {
	header http.Header
	status int
	body   strings.Builder
}

func (r *recorder) Header() http.Header { return r.header }

func (r *recorder) WriteHeader(status int) {
	if r.status == 0 {
		r.status, r.header = status, r.header.Clone()
	}
}

func (r *recorder) Write(text []byte) (int, error) {
	r.WriteHeader(http.StatusOK)
	return r.body.Write(text)
}
