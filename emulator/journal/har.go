package journal

import (
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/voxemu/voxemu/emulator/vox"
)

// WriteHAR writes requests as an HTTP Archive 1.2, which the developer tools of browsers
// open; version is the version of the program that writes it. Values that the journal
// does not have are -1, which means "unknown" in HAR. Parameters are in the query string
// if the request had no other encoding, else all of them are in the body. The member
// _voxemu contains what HAR has no member for. evicted is the number of older requests that
// the journal has dropped, which a comment states. WriteHAR returns errors of w.
func WriteHAR(w io.Writer, version string, requests []Request, evicted int64) error {
	log := harLog{Version: "1.2", Creator: harCreator{"voxemu", version}, Entries: []harEntry{}}
	if evicted > 0 {
		log.Comment = fmt.Sprintf("%d older requests are missing: the journal was full", evicted)
	}
	for _, e := range requests {
		log.Entries = append(log.Entries, e.har())
	}
	encoder := json.NewEncoder(w)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", " ")
	return encoder.Encode(map[string]harLog{"log": log})
}

type harLog struct {
	Version string     `json:"version"`
	Creator harCreator `json:"creator"`
	Entries []harEntry `json:"entries"`
	Comment string     `json:"comment,omitempty"`
}

type harCreator struct {
	Name    string `json:"name"`
	Version string `json:"version"`
}

type harEntry struct {
	StartedDateTime string      `json:"startedDateTime"`
	Time            float64     `json:"time"` // milliseconds
	Request         harRequest  `json:"request"`
	Response        harResponse `json:"response"`
	Cache           struct{}    `json:"cache"`
	Timings         harTimings  `json:"timings"`
	Comment         string      `json:"comment"`
	Voxemu          harDetails  `json:"_voxemu"`
}

type harRequest struct {
	Method      string       `json:"method"`
	URL         string       `json:"url"`
	HTTPVersion string       `json:"httpVersion"`
	Cookies     []harPair    `json:"cookies"`
	Headers     []harPair    `json:"headers"`
	QueryString []harPair    `json:"queryString"`
	PostData    *harPostData `json:"postData,omitempty"`
	HeadersSize int          `json:"headersSize"`
	BodySize    int64        `json:"bodySize"`
}

type harPostData struct {
	MimeType string    `json:"mimeType"`
	Params   []harPair `json:"params"`
	Text     string    `json:"text"`
}

type harPair struct {
	Name  string `json:"name"`
	Value string `json:"value"`
}

type harResponse struct {
	Status      int        `json:"status"`
	StatusText  string     `json:"statusText"`
	HTTPVersion string     `json:"httpVersion"`
	Cookies     []harPair  `json:"cookies"`
	Headers     []harPair  `json:"headers"`
	Content     harContent `json:"content"`
	RedirectURL string     `json:"redirectURL"`
	HeadersSize int        `json:"headersSize"`
	BodySize    int64      `json:"bodySize"`
}

type harContent struct {
	Size     int64  `json:"size"`
	MimeType string `json:"mimeType"`
	Text     string `json:"text"`
	Comment  string `json:"comment,omitempty"`
}

type harTimings struct {
	Send    float64 `json:"send"`
	Wait    float64 `json:"wait"`
	Receive float64 `json:"receive"`
}

// harDetails are the members of a request that HAR has no member for, with their names in
// the journal.
type harDetails struct {
	Number    int64              `json:"number"`
	AccountID int64              `json:"account_id,omitempty"`
	KeyID     string             `json:"key_id,omitempty"`
	Code      int                `json:"code,omitempty"`
	Error     string             `json:"error,omitempty"`
	Field     string             `json:"field,omitempty"`
	Fault     string             `json:"fault,omitempty"`
	Aborted   AbortReason        `json:"aborted,omitempty"`
	Failure   string             `json:"failure,omitempty"`
	Mistakes  []ParameterMistake `json:"mistakes,omitempty"`
	Warnings  []string           `json:"warnings,omitempty"`
}

func (e Request) har() harEntry {
	took := float64(e.Latency) / float64(time.Millisecond)
	return harEntry{
		StartedDateTime: e.At.Format(time.RFC3339Nano),
		Time:            took,
		Request:         e.harRequest(),
		Response:        e.harResponse(),
		Timings:         harTimings{Wait: took},
		Comment:         e.String(),
		Voxemu: harDetails{
			e.Number, e.AccountID, e.KeyID, e.Code, e.Error, e.Field,
			e.Fault, e.Aborted, e.Failure, e.Mistakes, e.Warnings,
		},
	}
}

func (e Request) harRequest() harRequest {
	r := harRequest{
		Method: e.Verb, URL: e.address(), HTTPVersion: e.harProtocol(),
		Cookies: []harPair{}, Headers: []harPair{}, QueryString: []harPair{},
		HeadersSize: -1, BodySize: e.RequestBytes,
	}
	if e.Kind == CallbackRequest {
		r.Method = http.MethodPost
		r.Headers = append(r.Headers, harPair{"Content-Type", "application/json"})
		r.PostData = &harPostData{"application/json", []harPair{}, e.Request}
		return r
	}
	if e.UserAgent != "" {
		r.Headers = append(r.Headers, harPair{"User-Agent", e.UserAgent})
	}
	if e.inQuery() {
		r.QueryString = e.pairs()
	} else {
		r.PostData = &harPostData{e.contentType(), e.pairs(), e.bodyText()}
	}
	return r
}

func (e Request) inQuery() bool { return e.Encoding == vox.EncodingQuery || e.Encoding == "" }

func (e Request) pairs() []harPair {
	pairs := []harPair{}
	for _, name := range slices.Sorted(maps.Keys(e.Parameters)) {
		for _, value := range e.Parameters[name] {
			pairs = append(pairs, harPair{name, value})
		}
	}
	return pairs
}

func (e Request) contentType() string {
	switch e.Encoding {
	case vox.EncodingMultipart:
		return "multipart/form-data"
	case vox.EncodingJSON:
		return "application/json"
	}
	return "application/x-www-form-urlencoded"
}

func (e Request) encoded() string {
	return strings.ReplaceAll(e.Parameters.Encode(), "%2A%2A%2A", "***")
}

// bodyText rebuilds the body from the parameters, because the journal does not keep the
// original. It returns "" for multipart, whose boundaries are unknown.
func (e Request) bodyText() string {
	switch e.Encoding {
	case vox.EncodingURLEncoded:
		return e.encoded()
	case vox.EncodingJSON:
		text, err := json.Marshal(e.Parameters)
		if err != nil { // cannot happen: maps of strings always marshal
			panic(err)
		}
		return string(text)
	}
	return ""
}

// address returns the URL of the request as far as the journal has it.
func (e Request) address() string {
	if e.Kind == CallbackRequest {
		return e.URL
	}
	u := url.URL{Scheme: "http", Host: e.Host, Path: "/platform_api/"}
	if e.TLS {
		u.Scheme = "https"
	}
	switch {
	case e.Path != "":
		u.Path = e.Path
	case e.Style == StylePath:
		u.Path += e.Method
	case e.Style == StyleBare:
		u.Path = "/" + e.Method
	}
	if e.inQuery() {
		u.RawQuery = e.encoded()
	}
	return u.String()
}

func (e Request) harProtocol() string {
	if e.Protocol == "" {
		return "HTTP/1.1"
	}
	return e.Protocol
}

func (e Request) harResponse() harResponse {
	r := harResponse{
		Status: e.Status, StatusText: http.StatusText(e.Status), HTTPVersion: e.harProtocol(),
		Cookies: []harPair{}, Headers: []harPair{},
		Content:     harContent{Size: e.ReplyBytes, MimeType: e.ReplyType, Text: e.Reply},
		HeadersSize: -1, BodySize: e.ReplyBytes,
	}
	if e.ReplyType != "" {
		r.Headers = append(r.Headers, harPair{"Content-Type", e.ReplyType})
	}
	for _, text := range e.Warnings {
		r.Headers = append(r.Headers, harPair{"X-Voxemu-Warning", text})
	}
	if e.ReplyBytes > BodyLimit {
		r.Content.Comment = fmt.Sprintf("the journal keeps the first %d bytes", BodyLimit)
	}
	return r
}
