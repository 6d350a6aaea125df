// Package mcp offers tools to coding agents by the Model Context Protocol over a stream,
// which the protocol calls the stdio transport: a JSON-RPC 2.0 message a line.
//
// It is our own because the official SDK, whatever of it is used, links its transports over
// HTTP, OAuth, encoding/gob and a JSON Schema library, which all initialise themselves: the
// program was 2.5 MB larger, held 0.8 MB more when idle, and every command started 1.5 ms
// later. Libraries for JSON-RPC alone end the connection at a line that is no JSON. The
// SDK's client judges this package, in testkit/internal/conformance/mcp.
package mcp

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"sync"
)

// Server describes itself and its tools to a client.
type Server struct {
	Name         string
	Version      string
	Instructions string // for the model: when to use which tool
	Tools        []Tool
}

// Tool is something that a client can call.
type Tool struct {
	Name        string         `json:"name"`
	Description string         `json:"description"`
	Input       map[string]any `json:"inputSchema"` // JSON Schema of an object
	// Call runs the tool and returns its output, and whether it failed. input is as the
	// client wrote it, not checked against Input; empty: none. Calls may overlap.
	Call func(ctx context.Context, input json.RawMessage) (output string, failed bool) `json:"-"`
}

// versions are the versions of the protocol that are served, the newest first. Since modern
// each request names its version; before, initialize agrees on one.
var versions = [...]string{modern, lastWithInitialize, "2025-06-18", "2025-03-26", "2024-11-05"}

const (
	modern             = "2026-07-28"
	lastWithInitialize = "2025-11-25"
)

// longestLine is the maximum length of a message, in bytes: twice the longest scenario that
// the control API reads, because JSON writes line ends with two characters.
const longestLine = 32 << 20

// Serve answers the messages of in until it ends, ctx is done or out cannot be written; the
// last two are errors. At the end running calls are cancelled and get no reply.
func (s *Server) Serve(ctx context.Context, in io.Reader, out io.Writer) error {
	ctx, end := context.WithCancelCause(ctx)
	defer end(nil)
	c := &session{server: s, out: json.NewEncoder(out), end: end, running: map[string]context.CancelFunc{}}
	c.out.SetEscapeHTML(false)
	read := make(chan error, 1)
	go func() { read <- c.read(ctx, bufio.NewReader(in)) }()
	select {
	case err := <-read:
		end(err)
		c.answering.Wait()
		return err
	case <-ctx.Done():
		return context.Cause(ctx) // the reader may wait for ever
	}
}

// session is one connection to a client.
type session struct {
	server    *Server
	end       context.CancelCauseFunc
	answering sync.WaitGroup

	mu      sync.Mutex // guards the fields below
	out     *json.Encoder
	running map[string]context.CancelFunc // calls, by the JSON of their id
}

// read takes one line after the other. The end of the stream is no error.
func (c *session) read(ctx context.Context, in *bufio.Reader) error {
	for {
		line, tooLong, err := readLine(in)
		if tooLong {
			c.refuse(invalidRequest, fmt.Sprintf("a message of more than %d bytes", longestLine))
		} else if line = bytes.TrimSpace(line); len(line) > 0 {
			c.receive(ctx, line)
		}
		if errors.Is(err, io.EOF) {
			return nil
		} else if err != nil {
			return err
		}
	}
}

// readLine returns the next line; of one that is too long, nothing.
func readLine(in *bufio.Reader) (line []byte, tooLong bool, err error) {
	for {
		part, err := in.ReadSlice('\n')
		if tooLong = tooLong || len(line)+len(part) > longestLine; tooLong {
			line = nil
		} else {
			line = append(line, part...)
		}
		if !errors.Is(err, bufio.ErrBufferFull) {
			return line, tooLong, err
		}
	}
}

// receive takes a message, or a list of messages (version 2025-03-26), and answers it while
// the next ones are read.
func (c *session) receive(ctx context.Context, line []byte) {
	messages, isList := []json.RawMessage{line}, line[0] == '['
	if isList {
		if err := json.Unmarshal(line, &messages); err != nil {
			c.refuse(parseError, err.Error())
			return
		} else if len(messages) == 0 {
			c.refuse(invalidRequest, "an empty list")
			return
		}
	}
	var answers []func() *reply
	for _, m := range messages {
		if answer := c.accept(ctx, m); answer != nil {
			answers = append(answers, answer)
		}
	}
	c.answering.Go(func() {
		var replies []*reply
		for _, answer := range answers {
			if r := answer(); r != nil {
				replies = append(replies, r)
			}
		}
		switch {
		case len(replies) == 0:
		case isList:
			c.write(replies)
		default:
			c.write(replies[0])
		}
	})
}

// refuse answers a line without a message.
func (c *session) refuse(code int, text string) {
	c.write(&reply{Version: "2.0", Error: &failure{code, text, nil}})
}

// write writes a reply, or a list of them; if that fails, the session ends.
func (c *session) write(replies any) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if err := c.out.Encode(replies); err != nil {
		c.end(err)
	}
}
