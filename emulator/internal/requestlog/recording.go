package requestlog

import (
	"fmt"
	"maps"
	"net/url"
	"slices"
	"strings"
	"sync"
	"time"
	"unique"

	"github.com/voxemu/voxemu/emulator/journal"
	"github.com/voxemu/voxemu/emulator/vox"
)

// Limits of a recorded request, in bytes.
const (
	// parametersLimit is the total for names and values of parameters.
	parametersLimit = 8 << 10
	// around is added to the size of each value, so that empty values count too.
	around = 4
	// valueLimit is the maximum for one parameter's value.
	valueLimit = 1 << 10
	// headerLimit is the maximum for a header's value.
	headerLimit = 200
	// namesLimit is the maximum number of parameters.
	namesLimit = 64
)

// Recording is a request in progress. One goroutine uses it and closes it. It sets
// parameters, bodies and URLs only through the methods, which mask secrets. After Close
// only Abort may change the recording.
type Recording struct {
	journal.Request

	log    *Log
	began  time.Time // with the monotonic clock reading that Request.At lacks
	closed bool

	request, reply []byte // unmasked; masked on first use
	masking        sync.Once
	shown          struct{ request, reply string }
}

// Open starts a recording; at is the emulator's time. Readers see it after Close.
func (l *Log) Open(kind journal.RequestKind, at time.Time) *Recording {
	return &Recording{
		Request: journal.Request{Number: l.numbers.Add(1), Kind: kind, At: at.Round(0)},
		log:     l,
		began:   at,
	}
}

// From records a request's Host header, HTTP version and User-Agent header.
func (r *Recording) From(host, protocol, userAgent string) {
	r.Host, r.Protocol, r.UserAgent = cut(host, headerLimit), protocol, cut(userAgent, headerLimit)
}

// Given records the parameters, with secrets masked. It does not modify values.
func (r *Recording) Given(values url.Values) {
	if r.log.off() || len(values) == 0 {
		return
	}
	r.Parameters = make(url.Values, min(len(values), namesLimit))
	room, all := parametersLimit, make([]string, 0, len(values))
	keepAll := func(name string) {
		from := len(all)
		kept, size := keep(all, name, values[name], room)
		if len(kept) == from || len(r.Parameters) == namesLimit {
			r.ParametersLeftOut++
			return
		}
		room, all = room-size, kept
		shown := shared(Name(name))
		if r.Parameters[shown] == nil {
			r.Parameters[shown] = kept[from:len(kept):len(kept)]
		} else { // several names are shown as one
			r.Parameters[shown] = append(r.Parameters[shown], kept[from:]...)
		}
	}
	if fits(values) {
		for name := range values {
			keepAll(name)
		}
		return
	}
	for _, name := range slices.Sorted(maps.Keys(values)) { // so that equal requests keep the same ones
		keepAll(name)
	}
}

// fits reports whether all parameters can be kept.
func fits(values url.Values) bool {
	size := 0
	for name, texts := range values {
		size += len(name)
		for _, text := range texts {
			size += max(len(text), len(masked)) + around
		}
	}
	return size <= parametersLimit && len(values) <= namesLimit
}

// keep appends the part of a parameter's values that is kept to all, and returns its size;
// it appends nothing if there is not enough room.
func keep(all []string, name string, texts []string, room int) (kept []string, size int) {
	secret := vox.IsSecretName(name) || Name(name) == masked
	size, kept = min(len(name), longestName), all
	for _, text := range texts {
		if text != "" && secret {
			text = masked
		} else {
			text = keptValue(name, text)
		}
		if size += len(text) + around; size > room {
			return all, 0
		}
		kept = append(kept, text)
	}
	return kept, size
}

func keptValue(name, text string) string {
	switch {
	case name == "cmd":
		return shared(Name(text))
	case strings.Contains(text, "://"):
		text = maskURL(text)
	}
	return cut(text, valueLimit)
}

// cut shortens a text and appends its length. The result is valid UTF-8 and shares no
// memory with the request, which can be large.
func cut(text string, limit int) string {
	if len(text) > limit {
		text = fmt.Sprintf("%s… (%d bytes)", text[:limit], len(text))
	}
	return strings.ToValidUTF8(strings.Clone(text), "\uFFFD")
}

// letGo replaces the texts that may be parts of larger ones: the line, the headers and the
// body of a request are one text each, and a part of it holds all of it in memory. Most
// are the same for many requests, so that they are shared. [Recording.Given] and the like
// copy the rest.
func (r *Recording) letGo() {
	for _, text := range []*string{&r.Verb, &r.Method, &r.Protocol, &r.KeyID, &r.Denied, &r.Field} {
		*text = shared(*text)
	}
	r.Path = strings.Clone(r.Path)
	for i := range r.Mistakes {
		r.Mistakes[i].Parameter = shared(r.Mistakes[i].Parameter)
	}
	for i, name := range r.UnknownParameters {
		r.UnknownParameters[i] = shared(name)
	}
	for i, text := range r.Warnings {
		r.Warnings[i] = strings.Clone(text)
	}
}

// shared returns the text's only copy.
func shared(text string) string { return unique.Make(text).Value() }

// To records the receiver of a callback, with secrets in the URL masked.
func (r *Recording) To(receiver string) { r.URL = cut(maskURL(receiver), valueLimit) }

// Sent records the body of a callback. It keeps body, which must not be modified.
func (r *Recording) Sent(body []byte) {
	r.RequestBytes = int64(len(body))
	r.request = head(body)
}

// Replied records the reply: HTTP status, Content-Type and body. It keeps body, which
// must not be modified.
func (r *Recording) Replied(status int, contentType string, body []byte) {
	r.Status, r.ReplyType = status, contentType
	r.ReplyBytes = int64(len(body))
	r.reply = head(body)
}

// head copies the part of a body that is kept, so that the rest can be freed.
func head(body []byte) []byte {
	if len(body) > journal.BodyLimit {
		return slices.Clone(body[:journal.BodyLimit])
	}
	return body
}

// seen returns the request for readers. Bodies are masked on first use, because most are
// never read.
func (r *Recording) seen() journal.Request {
	r.masking.Do(func() { r.shown.request, r.shown.reply = MaskBody(r.request), MaskBody(r.reply) })
	e := r.Request
	e.Request, e.Reply = r.shown.request, r.shown.reply
	return e
}
