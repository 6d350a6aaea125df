package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"slices"
	"syscall"
	"time"
)

// idleTime is the interval between requests on an idle connection, below the emulator's limit
// of two minutes.
const idleTime = time.Minute

// idle opens many connections and sends a request on each. hold keeps them until the
// context ends, with a request on each per minute, and closes them.
func idle(e *emulator, wanted int) (hold func(context.Context) error, err error) {
	n, limit, err := allowed(wanted)
	if err != nil {
		return nil, err
	}
	begin := time.Now()
	connections, err := open(e.address, n)
	if err != nil {
		return nil, fmt.Errorf("%d idle connections: %w", n, err)
	}
	opened := time.Since(begin)
	now, err := e.usage()
	if err != nil {
		return nil, err
	}
	fmt.Printf("%d idle connections (files are limited to %d) opened in %v: %v\n", len(connections), limit, opened.Round(time.Millisecond), now)
	return func(ctx context.Context) error {
		defer closeAll(connections)
		for ctx.Err() == nil {
			select {
			case <-ctx.Done():
			case <-time.After(idleTime):
			}
			for i, c := range connections {
				if err := works(c); err != nil {
					return fmt.Errorf("idle connection %d, after a while: %w", i, err)
				}
			}
		}
		return nil
	}, nil
}

func closeAll(connections []net.Conn) {
	for _, c := range connections {
		_ = c.Close()
	}
}

// allowed returns the number of connections that this process can open.
func allowed(wanted int) (n int, limit uint64, err error) {
	var files syscall.Rlimit
	if err := syscall.Getrlimit(syscall.RLIMIT_NOFILE, &files); err != nil {
		return 0, 0, err
	}
	const others = 1000 // the load, the broken clients, the receiver
	if most := int(min(files.Cur, 1<<20)) - others; most < wanted {
		return most, files.Cur, nil
	}
	return wanted, files.Cur, nil
}

// open opens connections, several in parallel, and sends a request on each.
func open(address string, n int) ([]net.Conn, error) {
	const atOnce = 32
	connections := make([][]net.Conn, atOnce)
	var all group
	for i := range connections {
		all.run(func() error {
			for len(connections[i]) < (n+i)/atOnce {
				c, err := net.DialTimeout("tcp", address, timeout)
				if err != nil {
					return err
				}
				connections[i] = append(connections[i], c)
				if err := works(c); err != nil {
					return err
				}
			}
			return nil
		})
	}
	err := all.wait()
	opened := slices.Concat(connections...)
	if err != nil {
		closeAll(opened)
		return nil, err
	}
	return opened, nil
}

// works sends a request and checks the reply.
func works(c net.Conn) error {
	if err := c.SetDeadline(time.Now().Add(timeout)); err != nil {
		return err
	}
	if _, err := io.WriteString(c, "GET /_voxemu/clock HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"); err != nil {
		return err
	}
	reply, err := http.ReadResponse(bufio.NewReader(c), nil)
	if err != nil {
		return err
	}
	_, err = io.Copy(io.Discard, reply.Body)
	return errors.Join(err, reply.Body.Close())
}
