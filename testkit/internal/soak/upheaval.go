package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"net/url"
	"os"
	"strconv"
	"time"
)

// upheaval resets, imports and restores the state of another emulator while clients send
// requests. All requests must get a reply. After each round an import must restore the
// exported state, byte for byte, and a reset the scenario.
func upheaval(ctx context.Context, binary string) (err error) {
	home, err := os.MkdirTemp("", "voxemu-soak-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(home)
	e, err := start(binary, home, "upheaval", "--scenario", "demo")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, e.end()) }()
	rounds := 0
	for ; ctx.Err() == nil; rounds++ {
		if err := e.round(ctx, uint64(rounds)); err != nil {
			return fmt.Errorf("round %d of resets and imports: %w", rounds, err)
		}
	}
	fmt.Println(rounds, "rounds of resets, imports and snapshots under calls")
	return nil
}

func (e *emulator) round(ctx context.Context, seed uint64) error {
	before, err := e.export()
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, 300*time.Millisecond)
	defer cancel()
	var all group
	for n := range uint64(4) {
		all.run(func() error { return e.callAnything(ctx, rand.New(rand.NewPCG(seed, n))) })
	}
	all.run(func() error { return e.shake(ctx, rand.New(rand.NewPCG(seed, 4)), before) })
	if err := all.wait(); err != nil {
		return err
	}
	if err := e.control(http.MethodPut, "state", before, nil); err != nil {
		return err
	}
	after, err := e.export()
	if err != nil {
		return err
	}
	if !bytes.Equal(before, after) {
		return fmt.Errorf("an import of\n%s\ngave\n%s", before, after)
	}
	return e.resetToDemo()
}

func (e *emulator) export() (text []byte, err error) {
	err = e.control(http.MethodGet, "state?secrets=true", nil, &text)
	return text, err
}

func (e *emulator) resetToDemo() error {
	if err := e.control(http.MethodPost, "reset", nil, nil); err != nil {
		return err
	}
	r, err := e.ask("GetSipRegistrations", nil)
	if err == nil && (r.Count == nil || *r.Count != 4) {
		err = fmt.Errorf("after a reset: %s", r.Result)
	}
	return err
}

func (e *emulator) shake(ctx context.Context, random *rand.Rand, state []byte) error {
	for ctx.Err() == nil {
		var err error
		switch random.IntN(4) {
		case 0:
			err = e.control(http.MethodPost, "reset", nil, nil)
		case 1:
			err = e.control(http.MethodPut, "state", state, nil)
		case 2:
			err = e.control(http.MethodPost, "clock/advance", map[string]string{"duration": "1h"}, nil)
		case 3:
			err = e.keepAndRestore()
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func (e *emulator) keepAndRestore() error {
	if err := e.control(http.MethodPost, "snapshots", map[string]string{"name": "kept"}, nil); err != nil {
		return err
	}
	return errors.Join(
		e.control(http.MethodPost, "snapshots/kept/restore", nil, nil),
		e.control(http.MethodDelete, "snapshots/kept", nil, nil),
	)
}

// callAnything sends requests whose replies are not predictable, because rows appear and
// disappear.
func (e *emulator) callAnything(ctx context.Context, random *rand.Rand) error {
	for ctx.Err() == nil {
		id := strconv.Itoa(1 + random.IntN(8))
		calls := []struct {
			method     string
			parameters url.Values
		}{
			{"CreateSipRegistration", url.Values{"sip_username": {"anyone"}, "proxy": {proxies[random.IntN(len(proxies))].host}}},
			{"UpdateSipRegistration", url.Values{"sip_registration_id": {id}, "proxy": {"sip.example.com"}}},
			{"BindSipRegistration", url.Values{"sip_registration_id": {id}, "application_name": {"myapp"}, "user_name": {"alice"}, "bind": {"true"}}},
			{"DeleteSipRegistration", url.Values{"sip_registration_id": {id}}},
			{"GetSipRegistrations", url.Values{"successful": {"true"}}},
			{"AddApplication", url.Values{"application_name": {"app" + id}}},
			{"GetUsers", url.Values{"application_name": {"myapp"}}},
			{"GetTransactionHistory", nil},
			{"GetAuditLog", nil},
		}
		c := calls[random.IntN(len(calls))]
		if _, err := e.ask(c.method, c.parameters); err != nil {
			return err
		}
	}
	return nil
}

// ask calls a method as the demo account. The reply must be a result or an error other
// than an internal one.
func (e *emulator) ask(method string, parameters url.Values) (reply, error) {
	var r reply
	answer, err := http.PostForm("http://"+e.address+"/platform_api/"+method+"?account_id=1&api_key=demo-key", parameters)
	if err != nil {
		return r, err
	}
	defer answer.Body.Close()
	text, err := io.ReadAll(answer.Body)
	if err == nil {
		err = json.Unmarshal(text, &r)
	}
	const internal = 2
	if err == nil && (answer.StatusCode != http.StatusOK || (r.Error == nil) == (r.Result == nil) || r.Error != nil && r.Error.Code == internal) {
		err = errors.New("no proper answer")
	}
	if err != nil {
		err = fmt.Errorf("%s %v: %s %s: %w", method, parameters, answer.Status, text, err)
	}
	return r, err
}
