// Package platform is the HTTP layer of the API under /platform_api. The steps of a
// request:
//
//	ServeHTTP     routes.go    select by path
//	  admitPage   pages.go     refuse what pages of other origins send
//	serveCall     serve.go     open and close the request in the journal
//	read          request.go   merge query and body into one flat map
//	matchFault    faults.go    find a rule; if one applies, it wraps the rest
//	answer        answer.go    do, then reply
//	do            answer.go    parse parameters, hold the clock,
//	  decide                   then in one transaction or on one snapshot:
//	    admit     access.go      authenticate, check address and roles
//	    checkParameters answer.go  refuse invalid parameters
//	    handle    endpoint.go    run the method
//	    audit     audit.go       record changes in the audit log
//	reply         reply.go     write the result or the error as JSON
package platform

import (
	"log/slog"
	"net/url"
	"time"

	"github.com/voxemu/voxemu/emulator/internal/contract"
	"github.com/voxemu/voxemu/emulator/internal/inject"
	"github.com/voxemu/voxemu/emulator/internal/origin"
	"github.com/voxemu/voxemu/emulator/internal/requestlog"
	"github.com/voxemu/voxemu/emulator/internal/scheduler"
	"github.com/voxemu/voxemu/emulator/internal/store"
)

// Config configures a handler.
type Config struct {
	Contract *contract.Contract
	Store    *store.Store
	Clock    *scheduler.Clock
	// Faults are the fault rules; nil: none.
	Faults *inject.Engine
	// Journal records all requests.
	Journal *requestlog.Log
	// Wall is the machine's clock, which SDKs use for the expiry of tokens.
	Wall func() time.Time
	// Origins are those whose pages may send requests.
	Origins origin.Allowed
	// Strict refuses unknown parameters and checks all replies.
	Strict bool
	// Observe is called for each request with the method as the client wrote it and the
	// reply's error code, 0 for success; nil: not called.
	Observe func(method string, code int)
	// Spy asks another service for a method that only reads, after its reply, and returns
	// in what its reply differs; nil: not called.
	Spy    func(method string, parameters url.Values, reply []byte) []string
	Logger *slog.Logger
	// NotFound returns the reply to a path outside the API.
	NotFound func(path string) string
}

// Handler serves the API.
type Handler struct {
	Config
	methods Table
	spying  chan struct{} // one for each request that is asked as well
}

// New returns the handler of one server.
func New(config Config, methods Table) *Handler {
	h := &Handler{Config: config, methods: methods}
	if h.Spy != nil {
		h.spying = make(chan struct{}, spiesAtOnce)
	}
	return h
}
