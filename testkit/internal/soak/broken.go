package main

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"time"
)

// brokenClient is a kind of misbehaving client. do is repeated; an error means that the
// emulator reacted wrongly.
type brokenClient struct {
	name string
	do   func(ctx context.Context, address string) error
}

// brokenClients run beside the load.
var brokenClients = []brokenClient{
	{"half a request", halfRequest},
	{"half a body", halfBody},
	{"a header in drops", slowHeader},
	{"a huge header", hugeHeader},
	{"not HTTP", notHTTP},
	{"come and go", churn},
	{"never read", neverRead},
	{"bodies of a megabyte", largeBodies},
	{"costly scenarios", costlyScenarios},
}

// trouble repeats do until the context ends.
func (b brokenClient) trouble(ctx context.Context, address string) error {
	times := 0
	for ; ctx.Err() == nil; times++ {
		if err := b.do(ctx, address); err != nil {
			return fmt.Errorf("%s: %w", b.name, err)
		}
		select {
		case <-ctx.Done():
		case <-time.After(20 * time.Millisecond):
		}
	}
	fmt.Printf("%d times: %s\n", times, b.name)
	return nil
}

// connect connects, sends a text, and passes the connection to do.
func connect(address, first string, do func(net.Conn) error) error {
	connection, err := net.DialTimeout("tcp", address, 10*time.Second)
	if err != nil {
		return err
	}
	defer connection.Close()
	if _, err := io.WriteString(connection, first); err != nil {
		return nil // refused in time
	}
	return do(connection)
}

func leave(net.Conn) error { return nil }

// crash makes closing the connection a reset.
func crash(connection net.Conn) error { return connection.(*net.TCPConn).SetLinger(0) }

func halfRequest(_ context.Context, address string) error {
	return errors.Join(
		connect(address, "", leave),
		connect(address, "GET /platform_api/GetSipReg", crash),
		connect(address, "GET /platform_api/GetAccountInfo HTTP/1.1\r\nHost: 127.0.0.1\r\n", leave),
	)
}

const post = "POST /platform_api/CreateSipRegistration?account_id=1&api_key=none HTTP/1.1\r\nHost: 127.0.0.1\r\n"

func halfBody(_ context.Context, address string) error {
	form := post + "Content-Type: application/x-www-form-urlencoded\r\n"
	return errors.Join(
		connect(address, form+"Content-Length: 1000\r\n\r\nsip_user", crash),
		connect(address, form+"Transfer-Encoding: chunked\r\n\r\nffff\r\nsip_username=a", leave),
		connect(address, post+"Content-Type: multipart/form-data; boundary=b\r\nContent-Length: 1000\r\n\r\n--b\r\nContent-Disp", leave),
	)
}

// headerTimeout is the emulator's limit plus the tolerance of this check.
const headerTimeout = 10*time.Second + 5*time.Second

// slowHeader opens many connections and sends a byte per second on each until the
// emulator closes them.
func slowHeader(ctx context.Context, address string) error {
	var all group
	for range 50 {
		all.run(func() error {
			return connect(address, "GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Slow: ", func(c net.Conn) error {
				begin := time.Now()
				tick := time.NewTicker(time.Second)
				defer tick.Stop()
				for ctx.Err() == nil {
					<-tick.C
					if _, err := io.WriteString(c, "x"); err != nil {
						return nil // closed by the emulator
					}
					if time.Since(begin) > headerTimeout {
						return fmt.Errorf("a header in drops is accepted for %v", time.Since(begin))
					}
				}
				return nil
			})
		})
	}
	return all.wait()
}

func hugeHeader(_ context.Context, address string) error {
	return connect(address, "GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Huge: ", func(c net.Conn) error {
		go io.Copy(c, strings.NewReader(strings.Repeat("x", 2<<20))) // until the emulator closes it
		return answeredWith(c, "431")
	})
}

func notHTTP(_ context.Context, address string) error {
	return errors.Join(
		connect(address, "\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03 hello\r\n\r\n", func(c net.Conn) error { return answeredWith(c, "400") }),
		connect(address, string(bytes.Repeat([]byte{0}, 100))+"\r\n\r\n", func(c net.Conn) error { return answeredWith(c, "400") }),
		connect(address, post+"Content-Length: 1\r\nContent-Length: 2\r\n\r\n", func(c net.Conn) error { return answeredWith(c, "400") }),
	)
}

// largeBodies sends what the journal must not hold: a large body whose names and values are
// parts of one text.
func largeBodies(_ context.Context, address string) error {
	large := strings.Repeat("x", 1<<20)
	for contentType, body := range map[string]string{
		"application/x-www-form-urlencoded": "account_id=1&sip_username=a&unknown=1&blob=" + large,
		"application/json":                  `{"account_id":"1","sip_username":"a","unknown":"1","blob":"` + large + `"}`,
	} {
		if err := sent(http.MethodPost, address, "/platform_api/CreateSipRegistration", contentType, body, http.StatusOK); err != nil {
			return err
		}
	}
	return nil
}

// costlyScenarios sends texts that cost a parser much; none of them is a scenario.
func costlyScenarios(_ context.Context, address string) error {
	for _, text := range []string{
		"registrations: [" + strings.Repeat("{},", 50_000) + "]",
		"registrations:\n" + strings.Repeat("- \n", 50_000),
		strings.Repeat("---\n", 50_000),
		strings.Repeat("a:\n", 50_000),
	} {
		if err := sent(http.MethodPut, address, "/_voxemu/state", "application/yaml", text, http.StatusUnprocessableEntity); err != nil {
			return err
		}
	}
	return nil
}

// sent sends a request and requires a status.
func sent(verb, address, path, contentType, body string, want int) error {
	request, err := http.NewRequest(verb, "http://"+address+path, strings.NewReader(body))
	if err != nil {
		return err
	}
	request.Header.Set("Content-Type", contentType)
	client := http.Client{Timeout: timeout}
	reply, err := client.Do(request)
	if err != nil {
		return err
	}
	defer reply.Body.Close()
	if _, err := io.Copy(io.Discard, reply.Body); err != nil {
		return err
	}
	if reply.StatusCode != want {
		return fmt.Errorf("%s %s: %s, want %d", verb, path, reply.Status, want)
	}
	return nil
}

// answeredWith requires a status, or the end of the connection.
func answeredWith(c net.Conn, status string) error {
	if err := c.SetReadDeadline(time.Now().Add(timeout)); err != nil {
		return err
	}
	line, err := bufio.NewReader(c).ReadString('\n')
	if timeout := net.Error(nil); errors.As(err, &timeout) && timeout.Timeout() {
		return fmt.Errorf("no answer within %v", timeout)
	}
	if err == nil && !strings.Contains(line, " "+status+" ") {
		return fmt.Errorf("the answer is %q, want %s", line, status)
	}
	return nil
}

// churn sends valid requests, each on a new connection.
func churn(_ context.Context, address string) error {
	for range 20 {
		err := connect(address, "GET /_voxemu/clock HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n", func(c net.Conn) error {
			if err := c.SetReadDeadline(time.Now().Add(timeout)); err != nil {
				return err
			}
			reply, err := http.ReadResponse(bufio.NewReader(c), nil)
			if err != nil {
				return err
			}
			_, err = io.ReadAll(reply.Body)
			if err == nil && reply.StatusCode != http.StatusOK {
				err = errors.New(reply.Status)
			}
			return err
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// neverRead requests a large reply and does not read it.
func neverRead(ctx context.Context, address string) error {
	return connect(address, strings.Repeat("GET /openapi.yaml HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n", 100), func(c net.Conn) error {
		select {
		case <-ctx.Done():
		case <-time.After(time.Second):
		}
		return crash(c)
	})
}
