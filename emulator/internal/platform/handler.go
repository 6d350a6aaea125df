// Package platform is the HTTP of the API: what the real service offers under
// /platform_api, with its replies and its errors. A request goes down once:
//
//	ServeHTTP     routes.go    which path is it?
//	serveCall     serve.go     the recording for the journal, from its beginning to its end
//	read          request.go   query and body become one flat map
//	matchFault    faults.go    a rule may take the request; it then wraps the rest
//	answer        answer.go    do, then reply
//	do            answer.go    parameters become the method's own, the clock is held,
//	  decide                   then one transaction, or one snapshot:
//	    admit     access.go      who calls, from where, with which roles
//	    judge     answer.go      what the specification says of the parameters
//	    handle    endpoint.go    the method decides
//	    audit     audit.go       what has changed something is noted
//	reply         reply.go     the result or the error as JSON
package platform

import (
	"log/slog"
	"net/http"
	"time"

	"github.com/voxemu/voxemu/emulator/internal/contract"
	"github.com/voxemu/voxemu/emulator/internal/inject"
	"github.com/voxemu/voxemu/emulator/internal/requestlog"
	"github.com/voxemu/voxemu/emulator/internal/scheduler"
	"github.com/voxemu/voxemu/emulator/internal/store"
)

// Config is what a handler needs.
type Config struct {
	Contract *contract.Contract
	Store    *store.Store
	Clock    *scheduler.Clock
	// Faults may take requests; nil: there are none.
	Faults *inject.Engine
	// Journal gets every request.
	Journal *requestlog.Log
	// Wall judges the expiry of tokens: SDKs sign with the machine's clock.
	Wall func() time.Time
	// Strict refuses unknown parameters and checks every reply.
	Strict bool
	// Observe is told of every request: the method as it was written and the
	// reply's error code, 0 for a success; nil: nobody is.
	Observe func(method string, code int)
	Logger  *slog.Logger
	// NotFound answers what is not a path of the API.
	NotFound http.HandlerFunc
}

// Handler serves the API.
type Handler struct {
	Config
	methods Table
}

// New makes the handler of one server.
func New(config Config, methods Table) *Handler { return &Handler{config, methods} }
