package control

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"math"
	"net/http"
	"strings"
	"time"

	"github.com/voxemu/voxemu/emulator/journal"
	"github.com/voxemu/voxemu/emulator/vox"
)

// requestsInput is a filter of the journal as a query: its members with their names in
// JSON, and conditions on parameters as parameter=name=value.
type requestsInput struct {
	journal.Filter
	Parameter []string `query:"parameter"`
}

// filter adds the conditions on parameters to the filter.
func (in requestsInput) filter() (journal.Filter, error) {
	refuse := func(format string, args ...any) error {
		return &Problem{Status: http.StatusBadRequest, Parameter: "parameter", Message: fmt.Sprintf("parameter: "+format, args...)}
	}
	f := in.Filter
	for _, pair := range in.Parameter {
		name, value, found := strings.Cut(pair, "=")
		_, twice := f.Parameters[name]
		switch {
		case !found || name == "":
			return f, refuse("%q: want name=value, for example parameter=sip_username=alice", pair)
		case twice:
			return f, refuse("%s is given twice; want a list as parameter=%s=1;2", name, name)
		case vox.IsSecretName(name):
			return f, refuse("the journal masks %s; ask /_voxemu/verify whether it was given", name)
		}
		f = f.With(name, value)
	}
	return f, nil
}

// filterOf returns the filter of a query, whose names must exist.
func (a *API) filterOf(in requestsInput) (journal.Filter, error) {
	filter, err := in.filter()
	if err == nil {
		err = a.checkFilter(filter, true)
	}
	return filter, err
}

type requestList struct {
	Requests []journal.Request `json:"requests"`
	Evicted  int64             `json:"evicted"`
}

type listRequestsInput struct {
	requestsInput
	Last *int `query:"last"`
}

func (a *API) listRequests(in listRequestsInput) (requestList, error) {
	filter, err := a.filterOf(in.requestsInput)
	if err != nil {
		return requestList{}, err
	}
	if in.Last != nil && *in.Last < 1 {
		return requestList{}, &Problem{Status: http.StatusBadRequest, Parameter: "last", Message: "last: want at least 1"}
	}
	last := math.MaxInt
	if in.Last != nil {
		last = *in.Last
	}
	found := a.Journal.Last(filter, last)
	return requestList{found, a.Journal.Evicted(filter.AccountID)}, nil
}

// requestCount is a number of requests. Evicted older ones may have matched too.
type requestCount struct {
	Count   int   `json:"count"`
	Evicted int64 `json:"evicted"`
}

func (a *API) countRequests(in requestsInput) (requestCount, error) {
	filter, err := a.filterOf(in)
	if err != nil {
		return requestCount{}, err
	}
	return requestCount{a.Journal.Count(filter), a.Journal.Evicted(filter.AccountID)}, nil
}

type clearRequestsInput struct {
	AccountID int64 `query:"account_id"`
}

func (a *API) clearRequests(in clearRequestsInput) (done, error) {
	if in.AccountID == 0 {
		a.Journal.Clear()
	} else {
		a.Journal.ClearAccount(in.AccountID)
	}
	return ok, nil
}

type waitInput struct {
	requestsInput
	Count   *int           `query:"count"`
	Timeout *time.Duration `query:"timeout"`
}

// Limits for waiting for requests. They use the machine's clock, because clients send
// requests independently of the emulator's clock.
const (
	defaultWait = 10 * time.Second
	longestWait = 10 * time.Minute
)

func (a *API) waitForRequests(ctx context.Context, in waitInput) (requestCount, error) {
	filter, err := a.filterOf(in.requestsInput)
	if err != nil {
		return requestCount{}, err
	}
	wanted, timeout := 1, defaultWait
	if in.Count != nil {
		wanted = *in.Count
	}
	if in.Timeout != nil {
		timeout = min(*in.Timeout, longestWait)
	}
	if wanted < 1 {
		return requestCount{}, &Problem{Status: http.StatusBadRequest, Parameter: "count", Message: "count: want at least 1"}
	}
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	if err := a.Journal.Wait(ctx, filter, wanted); err != nil {
		return requestCount{}, &Problem{Status: http.StatusConflict, Message: err.Error()}
	}
	return requestCount{a.Journal.Count(filter), a.Journal.Evicted(filter.AccountID)}, nil
}

func (a *API) exportRequestLines(in requestsInput) (textReply, error) {
	return a.writeRequests(in, "application/jsonl", func(w io.Writer, found []journal.Request, _ int64) error {
		return journal.WriteJSONLines(w, found)
	})
}

func (a *API) exportRequests(in requestsInput) (textReply, error) {
	return a.writeRequests(in, jsonType, func(w io.Writer, found []journal.Request, evicted int64) error {
		return journal.WriteHAR(w, a.Version, found, evicted)
	})
}

func (a *API) writeRequests(in requestsInput, mediaType string, write func(w io.Writer, found []journal.Request, evicted int64) error) (textReply, error) {
	filter, err := a.filterOf(in)
	if err != nil {
		return textReply{}, err
	}
	var text bytes.Buffer
	found, evicted := a.Journal.Find(filter), a.Journal.Evicted(filter.AccountID)
	err = write(&text, found, evicted)
	return textReply{mediaType: mediaType, text: text.Bytes(), evicted: evicted}, err
}

type verifyInput struct{ Body journal.Expectation }

// verifyRequests replies with an explanation if the expectation is not met.
func (a *API) verifyRequests(in verifyInput) (done, error) {
	if times := in.Body.Times; times.Min < 0 || times.Max != nil && *times.Max < times.Min {
		return done{}, &Problem{Status: http.StatusUnprocessableEntity, Member: "times", Message: "times: no number fits; want min of at least 0 and max, if given, of at least min"}
	}
	if len(in.Body.Then) > 0 && in.Body.Times != (journal.Times{}) {
		return done{}, &Problem{Status: http.StatusUnprocessableEntity, Member: "times", Message: "times: want it or then, not both: an order asks for one request each"}
	}
	for _, filter := range append([]journal.Filter{in.Body.Filter}, in.Body.Then...) {
		if err := a.checkFilter(filter, false); err != nil {
			return done{}, err
		}
	}
	return ok, a.Journal.Verify(in.Body)
}
