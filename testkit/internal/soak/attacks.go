package main

import (
	"bytes"
	"context"
	"crypto/tls"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"time"

	"golang.org/x/net/http2"
	"golang.org/x/net/http2/hpack"
)

// attacked attacks another emulator where it could be made to work or to remember without
// limit: a move of the clock whose caller has gone, a state of large texts that is saved,
// HTTP/2 streams that accept nothing. Memory must be flat at the end.
func attacked(_ *world, o options) (err error) {
	home, err := os.MkdirTemp("", "voxemu-soak-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(home)
	state := filepath.Join(home, "state.yaml")
	e, err := start(o.binary, home, "attacked", "--state", state)
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, e.end())
		}
	}()
	if err := e.attacks(); err != nil {
		return err
	}
	warm, err := e.settled()
	if err != nil {
		return err
	}
	for range 3 {
		if err := e.attacks(); err != nil {
			return err
		}
	}
	end, err := e.backAt(warm)
	if err != nil {
		return err
	}
	fmt.Println("after attacks:    ", end)
	if err := end.grownFrom(warm); err != nil {
		return err
	}
	begun := time.Now()
	if err := e.signal(syscall.SIGTERM); err != nil {
		return err
	}
	saved, err := os.Stat(state)
	if err == nil && saved.Size() < scripts*scriptSize {
		err = fmt.Errorf("the saved state has %d bytes", saved.Size())
	}
	fmt.Printf("%d MiB of state saved, stopped within %v\n", saved.Size()/mebi, time.Since(begun).Round(time.Second))
	return err
}

func (e *emulator) attacks() error {
	return errors.Join(e.longMove(), e.largeState(), e.deafStreams())
}

// longMove asks for years of registrations that are refreshed each hour, and leaves. The
// clock must answer and stand before the target.
func (e *emulator) longMove() error {
	seed := "registrar: {expires: 1h}\naccounts: [{id: 1, name: demo, api_key: k, balance: 1000000}]\nregistrations:\n"
	for id := range 100 {
		seed += fmt.Sprintf("- {id: %d, sip_username: a, proxy: sip.example.com}\n", id+1)
	}
	if err := e.control(http.MethodPut, "state", []byte(seed), nil); err != nil {
		return err
	}
	var before, after struct{ Now time.Time }
	if err := e.control(http.MethodGet, "clock", nil, &before); err != nil {
		return err
	}
	ctx, leave := context.WithTimeout(context.Background(), 100*time.Millisecond)
	defer leave()
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, "http://"+e.address+"/_voxemu/clock/advance", strings.NewReader(`{"duration": "20y"}`))
	if err != nil {
		return err
	}
	if reply, err := http.DefaultClient.Do(request); err == nil {
		reply.Body.Close()
		return fmt.Errorf("twenty years passed within 100 ms: %s", reply.Status)
	}
	if err := e.control(http.MethodPost, "clock/advance", map[string]string{"duration": "1s"}, nil); err != nil { // waits for the other
		return err
	}
	if err := e.control(http.MethodGet, "clock", nil, &after); err != nil {
		return err
	}
	if passed := after.Now.Sub(before.Now); passed > 19*365*24*time.Hour {
		return fmt.Errorf("%v passed although the caller had gone", passed)
	}
	return nil
}

const (
	scripts    = 100
	scriptSize = 100 << 10
)

// largeState imports large VoxEngine scripts, which are saved within the next seconds.
func (e *emulator) largeState() error {
	var text bytes.Buffer
	fmt.Fprintln(&text, "accounts: [{id: 1, name: demo, api_key: k}]\nvoxengine_scenarios:")
	large, err := json.Marshal(strings.Repeat("x", scriptSize))
	if err != nil {
		return err
	}
	for id := range scripts {
		fmt.Fprintf(&text, "- {id: %d, name: script%d, script: %s}\n", id+1, id+1, large)
	}
	return e.control(http.MethodPut, "state", text.Bytes(), nil)
}

// deafStreams asks for a large reply on many streams of a connection, accepts nothing of
// them and leaves.
func (e *emulator) deafStreams() error {
	connection, err := tls.Dial("tcp", e.secure, &tls.Config{InsecureSkipVerify: true, NextProtos: []string{"h2"}})
	if err != nil {
		return err
	}
	defer connection.Close()
	if _, err := io.WriteString(connection, http2.ClientPreface); err != nil {
		return err
	}
	framer := http2.NewFramer(connection, connection)
	if err := framer.WriteSettings(http2.Setting{ID: http2.SettingInitialWindowSize, Val: 0}); err != nil {
		return err
	}
	var block bytes.Buffer
	for _, field := range [][2]string{{":method", "GET"}, {":scheme", "https"}, {":authority", "localhost"}, {":path", "/openapi.yaml"}} {
		if err := hpack.NewEncoder(&block).WriteField(hpack.HeaderField{Name: field[0], Value: field[1]}); err != nil {
			return err
		}
	}
	for stream := range uint32(300) {
		header := http2.HeadersFrameParam{StreamID: 2*stream + 1, BlockFragment: block.Bytes(), EndStream: true, EndHeaders: true}
		if err := framer.WriteHeaders(header); err != nil {
			return nil // refused in time
		}
	}
	if err := connection.SetReadDeadline(time.Now().Add(time.Second)); err != nil {
		return err
	}
	_, _ = io.Copy(io.Discard, connection) // ends with the deadline
	return nil
}
