package inject

import (
	"net/http"
	"net/url"
	"slices"
	"time"

	"github.com/voxemu/voxemu/emulator/fault"
	"github.com/voxemu/voxemu/emulator/vox"
)

// Call is the part of a request that rules select by, read before authentication.
type Call struct {
	// Method is the name in the request, known or unknown; can be empty.
	Method string
	// Parameters are the parameters of query and body.
	Parameters url.Values
	// Account is the id of the account that the request names; 0: none.
	Account int64
	// Key is the id of the service-account key in the token; empty: none.
	Key string
	// Header is the header of the request.
	Header http.Header
	// Encoding is the encoding of the parameters.
	Encoding vox.Encoding
}

// differs returns the first condition that a request at this time does not match, with
// its name in files; empty: the rule counts the request.
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

// selects evaluates the conditions on a request's number among those that the rule
// counts, from 1. It returns the first one that does not match.
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
