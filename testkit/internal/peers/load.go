package main

import (
	"bytes"
	"errors"
	"fmt"
	"slices"
	"sync"
	"time"

	"github.com/valyala/fasthttp"
)

// measurement is the result of one run of one question.
type measurement struct {
	took  time.Duration
	calls []time.Duration
}

func (m measurement) perSecond() float64 { return float64(len(m.calls)) / m.took.Seconds() }

// load sends requests as fast as the server replies, over kept-alive connections with one
// request at a time each.
//
// It uses fasthttp's client, because server and generator run on the same cores, so that
// the generator's cost is added to all figures and makes servers look similar. vegeta
// also has a closed loop, but with net/http's client, which costs as much as serveFloor.
func load(address string, q question, connections int, length time.Duration) (measurement, error) {
	client := &fasthttp.HostClient{Addr: address, MaxConns: connections, MaxIdemponentCallAttempts: 1}
	defer client.CloseIdleConnections()
	all := make([][]time.Duration, connections)
	errs := make([]error, connections)
	began := time.Now()
	var workers sync.WaitGroup
	for i := range connections {
		workers.Go(func() { all[i], errs[i] = askUntil(client, q, began.Add(length)) })
	}
	workers.Wait()
	return measurement{time.Since(began), slices.Concat(all...)}, errors.Join(errs...)
}

// askUntil repeats a request on one connection and checks each reply.
func askUntil(client *fasthttp.HostClient, q question, end time.Time) (calls []time.Duration, err error) {
	var request fasthttp.Request
	var reply fasthttp.Response
	request.Header.SetMethod(q.verb)
	request.SetRequestURI("http://" + client.Addr + q.target)
	if q.body != "" {
		request.Header.SetContentType("application/x-www-form-urlencoded")
		request.SetBodyString(q.body)
	}
	if q.header[0] != "" {
		request.Header.Set(q.header[0], q.header[1])
	}
	for before := time.Now(); before.Before(end); {
		if err := client.Do(&request, &reply); err != nil {
			return nil, err
		}
		now := time.Now()
		calls = append(calls, now.Sub(before))
		before = now
		if reply.StatusCode() != fasthttp.StatusOK || !bytes.HasPrefix(reply.Body(), []byte(q.begins)) {
			return nil, fmt.Errorf("status %d: %.200s", reply.StatusCode(), reply.Body())
		}
	}
	return calls, nil
}
