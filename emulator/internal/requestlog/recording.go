package requestlog

import (
	"fmt"
	"iter"
	"maps"
	"net/url"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/voxemu/voxemu/emulator/journal"
)

// The bounds of what a request keeps, in bytes.
const (
	// parametersLimit is how much of all names and values of parameters is
	// kept.
	parametersLimit = 8 << 10
	// around is what a value takes beside its text, so that empty ones count.
	around = 4
	// valueLimit is how much of one parameter's value is kept.
	valueLimit = 1 << 10
	// headerLimit is how much of a header's value is kept.
	headerLimit = 200
	// namesLimit is how many parameters are kept.
	namesLimit = 64
)

// Recording is a request that is being written down. It belongs to one goroutine,
// which fills the members of the request, parameters, bodies and URLs only through
// the methods that mask them, and closes it. After Close nothing of it may be
// changed except by Abort.
type Recording struct {
	journal.Request

	log    *Log
	began  time.Time // with the monotonic reading that Request.At lacks
	closed bool

	request, reply []byte // as sent; nobody sees them unmasked
	masking        sync.Once
	shown          struct{ request, reply string }
}

// Open begins a request; at is the emulator's time. Others see it once it is
// closed.
func (l *Log) Open(kind journal.RequestKind, at time.Time) *Recording {
	return &Recording{
		Request: journal.Request{Number: l.numbers.Add(1), Kind: kind, At: at.Round(0)},
		log:     l,
		began:   at,
	}
}

// From notes what is kept of a call's head: the Host header, the HTTP version
// and the User-Agent header.
func (r *Recording) From(host, protocol, userAgent string) {
	r.Host, r.Protocol, r.UserAgent = cut(host, headerLimit), protocol, cut(userAgent, headerLimit)
}

// Given notes a call's parameters, secrets masked; values is left alone.
func (r *Recording) Given(values url.Values) {
	if r.log.off() || len(values) == 0 {
		return
	}
	r.Parameters = make(url.Values, min(len(values), namesLimit))
	room := parametersLimit
	for name := range inOrder(values) {
		kept, size := keep(name, values[name], room)
		if kept == nil || len(r.Parameters) == namesLimit {
			r.ParametersLeftOut++
			continue
		}
		room -= size
		shown := Name(name)
		r.Parameters[shown] = append(r.Parameters[shown], kept...)
	}
}

// inOrder gives the names of parameters, sorted if not all of them can be kept,
// so that the same call always keeps the same ones.
func inOrder(values url.Values) iter.Seq[string] {
	size := 0
	for name, texts := range values {
		size += len(name)
		for _, text := range texts {
			size += max(len(text), len(masked)) + around
		}
	}
	if size <= parametersLimit && len(values) <= namesLimit {
		return maps.Keys(values)
	}
	return slices.Values(slices.Sorted(maps.Keys(values)))
}

// keep gives what is kept of one parameter and how much room it takes; nil if
// there is not enough.
func keep(name string, texts []string, room int) (kept []string, size int) {
	secret := journal.Secret(name) || Name(name) == masked
	size = min(len(name), longestName)
	for _, text := range texts {
		if text != "" && secret {
			text = masked
		}
		text = keptValue(name, text)
		if size += len(text) + around; size > room {
			return nil, 0
		}
		kept = append(kept, text)
	}
	return kept, size
}

func keptValue(name, text string) string {
	switch {
	case name == "cmd":
		return Name(text)
	case strings.Contains(text, "://"):
		text = maskURL(text)
	}
	return cut(text, valueLimit)
}

// cut shortens a text and says how long it was. What it returns is valid UTF-8
// and shares no memory with a request, which may be large.
func cut(text string, limit int) string {
	if len(text) > limit {
		text = fmt.Sprintf("%s… (%d bytes)", text[:limit], len(text))
	}
	return strings.ToValidUTF8(strings.Clone(text), "\uFFFD")
}

// To notes the receiver of a callback, secrets of the URL masked.
func (r *Recording) To(receiver string) { r.URL = cut(maskURL(receiver), valueLimit) }

// Sent notes the body of a callback. It is kept without copying: it must not
// change any more.
func (r *Recording) Sent(body []byte) {
	r.RequestBytes = int64(len(body))
	r.request = head(body)
}

// Replied notes the reply: HTTP status, Content-Type and body. The body is kept
// without copying: it must not change any more.
func (r *Recording) Replied(status int, contentType string, body []byte) {
	r.Status, r.ReplyType = status, contentType
	r.ReplyBytes = int64(len(body))
	r.reply = head(body)
}

// head is the part of a body that is kept; the rest can be freed.
func head(body []byte) []byte {
	if len(body) > journal.BodyLimit {
		return slices.Clone(body[:journal.BodyLimit])
	}
	return body
}

// seen is what others see. Bodies are masked when first asked for, once: most
// never are.
func (r *Recording) seen() journal.Request {
	r.masking.Do(func() { r.shown.request, r.shown.reply = MaskBody(r.request), MaskBody(r.reply) })
	e := r.Request
	e.Request, e.Reply = r.shown.request, r.shown.reply
	return e
}
