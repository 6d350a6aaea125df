package mcp

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
)

// message is a request, a notification (without id) or a client's reply.
type message struct {
	Version string          `json:"jsonrpc"`
	ID      json.RawMessage `json:"id"`
	Method  string          `json:"method"`
	Params  json.RawMessage `json:"params"`
	Result  json.RawMessage `json:"result"`
	Error   json.RawMessage `json:"error"`
}

// parameters are those of all methods.
type parameters struct {
	Meta            map[string]json.RawMessage `json:"_meta"`
	ProtocolVersion string                     `json:"protocolVersion"` // of initialize
	Name            string                     `json:"name"`            // of tools/call
	Arguments       json.RawMessage            `json:"arguments"`       // of tools/call
	RequestID       json.RawMessage            `json:"requestId"`       // of notifications/cancelled
}

// Members of _meta.
const (
	metaVersion      = "io.modelcontextprotocol/protocolVersion"
	metaCapabilities = "io.modelcontextprotocol/clientCapabilities"
	metaServer       = "io.modelcontextprotocol/serverInfo"
)

type reply struct {
	Version string          `json:"jsonrpc"`
	ID      json.RawMessage `json:"id"` // nil: null, of a message whose id cannot be read
	Result  result          `json:"result,omitzero"`
	Error   *failure        `json:"error,omitempty"`
}

type result map[string]any

type failure struct {
	Code    int    `json:"code"`
	Message string `json:"message"`
	Data    any    `json:"data,omitempty"`
}

// Codes of failures.
const (
	parseError         = -32700
	invalidRequest     = -32600
	methodNotFound     = -32601
	invalidParams      = -32602
	unsupportedVersion = -32022 // of the protocol
)

// parse reads a message. An id that is neither a text nor a number is left out.
func parse(text []byte) (m message, p parameters, failed *failure) {
	err := json.Unmarshal(text, &m)
	syntax := (*json.SyntaxError)(nil)
	switch {
	case errors.As(err, &syntax):
		return m, p, &failure{parseError, err.Error(), nil}
	case m.ID != nil && !strings.ContainsRune(`"-0123456789`, rune(m.ID[0])):
		m.ID = nil
		return m, p, &failure{invalidRequest, "id: want a text or a number", nil}
	case err != nil:
		return m, p, &failure{invalidRequest, err.Error(), nil}
	case m.Version != "2.0" || m.Method == "" && m.Result == nil && m.Error == nil:
		return m, p, &failure{invalidRequest, `want {"jsonrpc": "2.0", "id": …, "method": …}`, nil}
	}
	if m.Params != nil {
		if err := json.Unmarshal(m.Params, &p); err != nil && m.ID != nil {
			failed = &failure{invalidParams, err.Error(), nil}
		}
	}
	return m, p, failed
}

// accept takes a message and returns what makes its reply; nil: it needs none. The reply
// to a cancelled call is nil.
func (c *session) accept(ctx context.Context, text []byte) func() *reply {
	m, p, failed := parse(text)
	if failed == nil && (m.ID == nil || m.Method == "") { // a notification, or a reply although nothing was asked
		if m.Method == "notifications/cancelled" {
			c.cancel(string(p.RequestID))
		}
		return nil
	}
	var answer func() result
	if failed == nil {
		answer, failed = c.serve(ctx, m, p)
	}
	return func() *reply {
		r := &reply{Version: "2.0", ID: m.ID, Error: failed}
		if failed == nil {
			if r.Result = answer(); r.Result == nil {
				return nil
			}
		}
		return r
	}
}

// serve returns what makes the result of a request; a nil result is that of a cancelled
// call.
func (c *session) serve(ctx context.Context, m message, p parameters) (func() result, *failure) {
	s := c.server
	var version string
	if text := p.Meta[metaVersion]; text != nil {
		_ = json.Unmarshal(text, &version) // of another type: as if it were missing
	}
	isModern := version >= modern
	switch {
	case isModern && !slices.Contains(versions[:], version):
		return nil, &failure{unsupportedVersion, "unsupported protocol version", result{"supported": versions, "requested": version}}
	case isModern && p.Meta[metaCapabilities] == nil:
		return nil, &failure{invalidParams, "missing in _meta: " + metaCapabilities, nil}
	}
	about, offers := result{"name": s.Name, "version": s.Version}, result{"tools": result{}}
	r := result{}
	answer, failed := func() result { return r }, (*failure)(nil)
	switch m.Method {
	case "ping":
	case "initialize":
		if p.ProtocolVersion == modern || !slices.Contains(versions[:], p.ProtocolVersion) {
			p.ProtocolVersion = lastWithInitialize
		}
		r = result{"protocolVersion": p.ProtocolVersion, "capabilities": offers, "serverInfo": about, "instructions": s.Instructions}
	case "server/discover":
		r = result{"supportedVersions": versions, "capabilities": offers, "instructions": s.Instructions, "ttlMs": 0, "cacheScope": "public"}
	case "tools/list":
		r = result{"tools": s.Tools, "ttlMs": 0, "cacheScope": "public"}
	case "tools/call":
		answer, failed = c.call(ctx, m.ID, p)
	default:
		failed = &failure{methodNotFound, fmt.Sprintf("method not found: %q", m.Method), nil}
	}
	return func() result {
		r := answer()
		if r != nil && isModern {
			r["resultType"], r["_meta"] = "complete", result{metaServer: about}
		}
		return r
	}, failed
}

// call begins the call of a tool and returns what ends it.
func (c *session) call(ctx context.Context, id json.RawMessage, p parameters) (func() result, *failure) {
	at := slices.IndexFunc(c.server.Tools, func(t Tool) bool { return t.Name == p.Name })
	if at < 0 {
		return nil, &failure{invalidParams, fmt.Sprintf("no such tool: %q", p.Name), nil}
	}
	key := string(id)
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.running[key] != nil {
		return nil, &failure{invalidRequest, "a running call has this id", nil}
	}
	ctx, cancel := context.WithCancel(ctx)
	c.running[key] = cancel
	return func() result {
		defer c.forget(key)
		output, failed := c.server.Tools[at].Call(ctx, p.Arguments)
		if ctx.Err() != nil {
			return nil
		}
		return result{"content": []result{{"type": "text", "text": output}}, "isError": failed}
	}, nil
}

// cancel ends a running call, by the JSON of its id.
func (c *session) cancel(key string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if cancel := c.running[key]; cancel != nil {
		cancel()
	}
}

// forget frees the id of a call that has ended.
func (c *session) forget(key string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.running[key]()
	delete(c.running, key)
}
