package callback

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"slices"
	"syscall"
	"time"

	"github.com/voxemu/voxemu/emulator/vox"
)

// Attempt describes one request to a receiver. It contains no secret except the hash,
// which is for the receiver.
type Attempt struct {
	AccountID int64
	// Callbacks are the callbacks sent, in order; their Attempts is the number of this
	// attempt.
	Callbacks []vox.Callback
	// At is the start and Took the duration of the attempt, on the emulator's clock.
	At   time.Time
	Took time.Duration
	// URL is the receiver's address without user information and query.
	URL string
	// Request is the body sent; nil: nothing could be sent.
	Request []byte
	// Status is the HTTP status of the reply; 0: no reply. ReplyType is its Content-Type,
	// Reply the start of its body.
	Status    int
	ReplyType string
	Reply     []byte
	// Failure explains why the receiver did not accept; empty: it did.
	Failure string
}

// verdict is the kind of result of an attempt.
type verdict int

const (
	refused    verdict = iota // or not reachable
	accepted                  // answered 2xx (A48)
	impossible                // no attempt can succeed
	cutOff                    // by [Deliverer.Pause]
)

type result struct {
	verdict   verdict
	url       string
	request   []byte
	status    int
	replyType string
	reply     []byte
	failure   string
}

// replyLimit is the number of bytes of a reply that are read.
const replyLimit = 4 << 10

// newClient returns the client of one attempt. Each attempt has its own connection,
// because Go's transport could repeat a request on a reused one. It follows no redirects
// and uses no proxy from the environment, so that requests go only to the account's
// address.
func newClient(allowPublic bool) *http.Client {
	dialer := &net.Dialer{Control: refusePublic}
	if allowPublic {
		dialer.Control = nil
	}
	return &http.Client{
		Transport: &http.Transport{
			DialContext: dialer.DialContext, DisableKeepAlives: true, DisableCompression: true,
			MaxResponseHeaderBytes: 64 << 10,
		},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
}

func (d *Deliverer) send(ctx context.Context, account vox.Account, batch []vox.Callback) result {
	if account.CallbackURL == "" {
		return result{verdict: impossible, failure: "the account has no callback_url"}
	}
	u, err := vox.ParseCallbackURL(account.CallbackURL)
	if err != nil {
		return result{verdict: impossible, failure: "the account's callback_url: " + err.Error()}
	}
	r := result{url: shown(u)}
	if r.request, err = body(account, batch); err != nil {
		return result{verdict: impossible, url: r.url, failure: "the details are no JSON"}
	}
	limited, cancel := context.WithTimeout(ctx, d.Timeout)
	defer cancel()
	if err := d.post(limited, u, &r); err != nil {
		r.verdict, r.failure = d.explain(ctx, err)
		return r
	}
	r.verdict = accepted
	if r.status < 200 || r.status > 299 {
		r.verdict, r.failure = refused, fmt.Sprintf("answered %d", r.status)
	}
	return r
}

// post sends the request and stores the reply. An incomplete reply is an error: it is
// unknown whether the receiver processed the request, so it is sent again.
func (d *Deliverer) post(ctx context.Context, u *url.URL, r *result) error {
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, u.String(), bytes.NewReader(r.request))
	if err != nil {
		return err
	}
	request.Header.Set("Content-Type", "application/json")
	request.Header.Set("User-Agent", "voxemu")
	reply, err := newClient(d.AllowPublic).Do(request)
	if err != nil {
		return err
	}
	defer reply.Body.Close()
	r.status, r.replyType = reply.StatusCode, reply.Header.Get("Content-Type")
	r.reply, err = io.ReadAll(io.LimitReader(reply.Body, replyLimit))
	return err
}

// explain returns a text for an error that is the same in each run, without local
// addresses.
func (d *Deliverer) explain(ctx context.Context, err error) (verdict, string) {
	var asked *url.Error
	if errors.As(err, &asked) {
		err = asked.Err
	}
	var socket *net.OpError
	var timed net.Error
	switch {
	case ctx.Err() != nil:
		return cutOff, "cut off: the emulator was stopped or its state replaced"
	case errors.Is(err, context.DeadlineExceeded), errors.As(err, &timed) && timed.Timeout():
		return refused, fmt.Sprintf("no answer within %s", d.Timeout)
	case errors.As(err, &socket) && errors.Is(err, errPublic):
		return impossible, socket.Err.Error()
	case endedEarly(err):
		return refused, "the connection ended before the answer did"
	case errors.As(err, &socket):
		return refused, socket.Err.Error()
	}
	return refused, err.Error()
}

// endedEarly reports whether the receiver closed the connection. Depending on how much of
// the request was sent, the error is an EOF, a reset or a broken pipe.
func endedEarly(err error) bool {
	return slices.ContainsFunc([]error{io.EOF, io.ErrUnexpectedEOF, syscall.ECONNRESET, syscall.EPIPE}, func(end error) bool {
		return errors.Is(err, end)
	})
}

func (d *Deliverer) report(account vox.Account, batch []vox.Callback, r result, began, ended time.Time) {
	first := batch[0]
	fields := []any{"callback", first.ID, "count", len(batch), "account", account.ID, "attempt", first.Attempts, "url", r.url}
	switch r.verdict {
	case accepted:
		d.Logger.Debug("callback delivered", fields...)
	case impossible:
		d.Logger.Error("callback dropped", append(fields, "reason", r.failure)...)
	default:
		d.Logger.Warn("callback not accepted", append(fields, "reason", r.failure)...)
	}
	if d.Record == nil {
		return
	}
	d.Record(Attempt{
		AccountID: account.ID, Callbacks: batch, At: began, Took: ended.Sub(began), URL: r.url,
		Request: r.request, Status: r.status, ReplyType: r.replyType, Reply: r.reply, Failure: r.failure,
	})
}
