package inject

import (
	"net/http"
	"net/url"
	"slices"
	"time"

	"github.com/voxemu/voxemu/emulator/fault"
	"github.com/voxemu/voxemu/emulator/vox"
)

// Call is what rules select by: a call as it was read, before anybody was
// identified.
type Call struct {
	// Method is the name that the call gives, known or not; may be empty.
	Method string
	// Parameters of query and body, merged.
	Parameters url.Values
	// Account is the id of the account that the call names; 0: none.
	Account int64
	// Key is the id of the service-account key in its token; empty: none.
	Key string
	// Header is the request's.
	Header http.Header
	// Encoding is that of the parameters.
	Encoding vox.Encoding
}

// differs names the first condition that a call at this moment does not meet,
// as in files; empty: the rule counts it.
func differs(w fault.When, call Call, since, now time.Time) string {
	switch {
	case w.Method != "" && !vox.MatchPattern(w.Method, call.Method):
		return "when.method"
	case w.Account != 0 && w.Account != call.Account:
		return "when.account"
	case w.Key != "" && !vox.MatchPattern(w.Key, call.Key):
		return "when.key"
	case w.Encoding != "" && w.Encoding != call.Encoding:
		return "when.encoding"
	case !w.From.IsZero() && now.Before(w.From.On(since)):
		return "when.from"
	case !w.Until.IsZero() && !now.Before(w.Until.On(since)):
		return "when.until"
	}
	for name, pattern := range w.Parameters {
		if !anyMatches(pattern, call.Parameters[name]) {
			return "when.parameters." + name
		}
	}
	for name, pattern := range w.Headers {
		if !anyMatches(pattern, call.Header.Values(name)) {
			return "when.headers." + name
		}
	}
	return ""
}

func anyMatches(pattern string, texts []string) bool {
	return slices.ContainsFunc(texts, func(text string) bool { return vox.MatchPattern(pattern, text) })
}

// selects looks at a call's number among those that the rule counts, from 1; it
// names the first condition that does not hold.
func selects(w fault.When, n int64) string {
	number := fault.Count(n)
	switch {
	case w.Nth != 0 && number != w.Nth:
		return "when.nth"
	case w.Every != 0 && number%w.Every != 0:
		return "when.every"
	case w.First != 0 && number > w.First:
		return "when.first"
	case number <= w.Skip:
		return "when.skip"
	}
	return ""
}
