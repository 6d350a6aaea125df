package control

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"time"
)

// Requests is the journal: every call and every attempt to deliver a callback.
// Entries are lists and objects as the journal describes them.
type Requests struct {
	// Find gives the entries that match, oldest first, and how many older ones
	// were evicted.
	Find func(Filter) (entries any, evicted int64, err error)
	// Count counts them.
	Count func(Filter) (int, error)
	// Clear forgets the entries of an account, or all (0).
	Clear func(accountID int64)
	// Wait returns once n entries match; at the end of the context, how many did
	// is an error for [Unmet].
	Wait func(ctx context.Context, f Filter, n int) error
	// Lines writes the entries that match as JSON, one a line.
	Lines func(Filter) ([]byte, error)
	// HAR writes the entries that match as HAR 1.2.
	HAR func(Filter) ([]byte, error)
	// Verify holds the journal against an expectation, which it decodes. What
	// was not met is an error for [Unmet].
	Verify func(expectation Body) error
}

// Unmet is what did not come true: the message explains it, detail holds the near
// misses of an expectation for programs.
func Unmet(message string, detail any) *Problem {
	return &Problem{Status: http.StatusConflict, Message: message, Detail: detail}
}

// Filter selects entries: those that fit everything it names.
type Filter struct {
	Kind         string     `query:"kind"`
	Method       string     `query:"method"`
	CallbackType string     `query:"callback_type"`
	CallbackID   int64      `query:"callback_id"`
	AccountID    int64      `query:"account_id"`
	KeyID        string     `query:"key_id"`
	Code         *int       `query:"code"`
	Error        string     `query:"error"`
	Fault        string     `query:"fault"`
	Mistake      string     `query:"mistake"`
	NotEmulated  bool       `query:"not_emulated"`
	Aborted      bool       `query:"aborted"`
	Since        *time.Time `query:"since"`
	Until        *time.Time `query:"until"`
	After        int64      `query:"after"`
	// Parameters are name=value, each to be found in the call.
	Parameters []string `query:"parameter"`
}

// check refuses what cannot be read as name=value.
func (f Filter) check() error {
	seen := map[string]bool{}
	for _, p := range f.Parameters {
		name, _, found := strings.Cut(p, "=")
		switch {
		case !found || name == "":
			return &Problem{Status: http.StatusBadRequest, Parameter: "parameter", Message: fmt.Sprintf("parameter: %q: want name=value, for example parameter=sip_username=alice", p)}
		case seen[name]:
			return &Problem{Status: http.StatusBadRequest, Parameter: "parameter", Message: fmt.Sprintf("parameter: %s is given twice; want a list as parameter=%s=1;2", name, name)}
		}
		seen[name] = true
	}
	return nil
}

type requestList struct {
	Requests any   `json:"requests"`
	Evicted  int64 `json:"evicted"`
}

type findInput struct{ Filter }

func (r Requests) find(_ context.Context, in findInput) (requestList, error) {
	if err := in.check(); err != nil {
		return requestList{}, err
	}
	entries, evicted, err := r.Find(in.Filter)
	return requestList{entries, evicted}, err
}

type requestCount struct {
	Count int `json:"count"`
}

func (r Requests) count(_ context.Context, in findInput) (requestCount, error) {
	if err := in.check(); err != nil {
		return requestCount{}, err
	}
	n, err := r.Count(in.Filter)
	return requestCount{n}, err
}

type clearInput struct {
	AccountID int64 `query:"account_id"`
}

func (r Requests) clear(_ context.Context, in clearInput) (done, error) {
	r.Clear(in.AccountID)
	return ok, nil
}

type waitInput struct {
	Filter
	Wanted  *int           `query:"count"`
	Timeout *time.Duration `query:"timeout"`
}

// The time to wait for calls, on the machine's clock: those that come do not
// wait for the emulator's.
const (
	defaultWait = 10 * time.Second
	longestWait = 10 * time.Minute
)

func (r Requests) wait(ctx context.Context, in waitInput) (requestCount, error) {
	if err := in.check(); err != nil {
		return requestCount{}, err
	}
	wanted, timeout := 1, defaultWait
	if in.Wanted != nil {
		wanted = *in.Wanted
	}
	if in.Timeout != nil {
		timeout = min(*in.Timeout, longestWait)
	}
	if wanted < 1 {
		return requestCount{}, &Problem{Status: http.StatusBadRequest, Parameter: "count", Message: "count: want at least 1"}
	}
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	if err := r.Wait(ctx, in.Filter, wanted); err != nil {
		return requestCount{}, err
	}
	return r.count(ctx, findInput{in.Filter})
}

func (r Requests) lines(_ context.Context, in findInput) (document, error) {
	if err := in.check(); err != nil {
		return document{}, err
	}
	text, err := r.Lines(in.Filter)
	return document{"application/jsonl", text}, err
}

func (r Requests) har(_ context.Context, in findInput) (document, error) {
	if err := in.check(); err != nil {
		return document{}, err
	}
	text, err := r.HAR(in.Filter)
	return document{jsonType, text}, err
}

type bodyInput struct{ Body Body }

func (r Requests) verify(_ context.Context, in bodyInput) (done, error) { return ok, r.Verify(in.Body) }
