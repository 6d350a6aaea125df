package platform

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/voxemu/voxemu"
	"github.com/voxemu/voxemu/emulator/clock"
	"github.com/voxemu/voxemu/emulator/fault"
	"github.com/voxemu/voxemu/emulator/internal/contract"
	"github.com/voxemu/voxemu/emulator/internal/inject"
	"github.com/voxemu/voxemu/emulator/internal/requestlog"
	"github.com/voxemu/voxemu/emulator/internal/scheduler"
	"github.com/voxemu/voxemu/emulator/internal/sipreg"
	"github.com/voxemu/voxemu/emulator/internal/store"
	"github.com/voxemu/voxemu/emulator/journal"
	"github.com/voxemu/voxemu/emulator/vox"
)

// newHandler returns a handler with one account; its delete method panics.
func newHandler(t *testing.T) (http.Handler, *requestlog.Log) {
	t.Helper()
	spec, err := contract.Compile(voxemu.OpenAPI(), store.Filters())
	if err != nil {
		t.Fatal(err)
	}
	state := store.New()
	err = state.Write(noon, func(tx *store.Tx) error {
		return store.Put(tx, store.Accounts, vox.Account{ID: 7, Name: "shop", APIKey: "hush-hush"})
	})
	if err != nil {
		t.Fatal(err)
	}
	kept := requestlog.New(10)
	methods, err := Connect(spec,
		Write("CreateSipRegistration", sipreg.Create),
		Write("UpdateSipRegistration", sipreg.Update),
		Write("BindSipRegistration", sipreg.Bind),
		Write("DeleteSipRegistration", func(*store.Tx, vox.Principal, sipreg.DeleteParams) (int, error) { panic("a bug") }),
		Read("GetSipRegistrations", sipreg.List),
	)
	for _, mistake := range mistakes(err) {
		if !strings.HasSuffix(mistake.Error(), "no handler does it") { // these tests need only five methods
			t.Fatal(mistake)
		}
	}
	stopped, err := scheduler.New(clock.Stopped(noon))
	if err != nil {
		t.Fatal(err)
	}
	return New(Config{
		Contract: spec, Store: state, Clock: stopped, Wall: time.Now,
		Faults: inject.New(1, stopped.Now, fault.Known{}), Journal: kept, Logger: slog.New(slog.DiscardHandler),
	}, methods), kept
}

// mistakes returns the errors that were joined.
func mistakes(err error) []error {
	if joined, ok := err.(interface{ Unwrap() []error }); ok {
		return joined.Unwrap()
	}
	return nil
}

const key = "account_id=7&api_key=hush-hush"

func TestTheJournalSaysOfEveryRequestWhatHappened(t *testing.T) {
	shown := url.Values{"account_id": {"7"}, "api_key": {"***"}}
	for why, c := range map[string]struct {
		r    *http.Request
		want journal.API
	}{
		"success": {
			httptest.NewRequest("GET", "/platform_api/GetSipRegistrations?"+key, nil),
			journal.API{Method: "GetSipRegistrations", Style: "path", Encoding: "query", Parameters: shown},
		},
		"a panic": {
			httptest.NewRequest("GET", "/platform_api/?cmd=DeleteSipRegistration&sip_registration_id=1&"+key, nil),
			journal.API{
				Method: "DeleteSipRegistration", Style: "cmd", Encoding: "query", Code: 2, Error: "INTERNAL_ERROR",
				Parameters: url.Values{"account_id": {"7"}, "api_key": {"***"}, "cmd": {"DeleteSipRegistration"}, "sip_registration_id": {"1"}},
			},
		},
		"an unknown method": {
			httptest.NewRequest("GET", "/platform_api/GetSipRegistration?"+key, nil),
			journal.API{
				Method: "GetSipRegistration", Style: "path", Encoding: "query", Parameters: shown, Unidentified: true,
				UnknownMethod: true, Code: 103, Error: "UNKNOWN_COMMAND",
			},
		},
		"a method that is not emulated": {
			httptest.NewRequest("GET", "/platform_api/GetCallHistory?"+key, nil),
			journal.API{
				Method: "GetCallHistory", Style: "path", Encoding: "query", Parameters: shown, Unidentified: true,
				NotEmulated: true, Code: 103, Error: "UNKNOWN_COMMAND",
				Warnings: []string{"not emulated: the real service has the method GetCallHistory, voxemu does not"},
			},
		},
		"the wrong address": {
			httptest.NewRequest("GET", "/GetSipRegistrations?"+key, nil),
			journal.API{
				Method: "GetSipRegistrations", Style: "bare", Encoding: "query", Parameters: shown, Unidentified: true,
				UnknownMethod: true, Code: 103, Error: "UNKNOWN_COMMAND",
				Warnings: []string{"the API is under /platform_api/: the client's endpoint must be http://example.com/platform_api/ with the final slash"},
			},
		},
		"no method": {
			httptest.NewRequest("GET", "/platform_api?"+key, nil),
			journal.API{
				Style: "cmd", Encoding: "query", Parameters: shown, Unidentified: true, Code: 102, Error: "MISSING_CMD",
				Mistakes: []journal.ParameterMistake{{Parameter: "cmd", Missing: true, Allowed: "a method's name, here or in the path", Error: "MISSING_CMD"}},
			},
		},
		"an unreadable body": {
			form("/platform_api/GetSipRegistrations?"+key, "api_key=%zz"),
			journal.API{
				Method: "GetSipRegistrations", Style: "path", Encoding: "urlencoded", Parameters: shown, Unidentified: true,
				Mistakes: []journal.ParameterMistake{{Allowed: "percent-encoded pairs, at most 10000 of them", Error: "INVALID_ARGUMENTS"}},
				Warnings: []string{"want percent-encoded pairs, at most 10000 of them"}, Code: 101, Error: "INVALID_ARGUMENTS",
			},
		},
		"an unreadable query": {
			httptest.NewRequest("GET", "/platform_api/GetSipRegistrations?api_key=hush-hush%zz", nil),
			journal.API{
				Method: "GetSipRegistrations", Style: "path", Encoding: "query", Unidentified: true,
				Mistakes: []journal.ParameterMistake{{Allowed: "percent-encoded pairs, at most 10000 of them", Error: "INVALID_ARGUMENTS"}},
				Warnings: []string{"want percent-encoded pairs, at most 10000 of them"}, Code: 101, Error: "INVALID_ARGUMENTS",
			},
		},
		"a wrong key": {
			httptest.NewRequest("GET", "/platform_api/GetSipRegistrations?account_id=7&api_key=hush-guess", nil),
			journal.API{
				Method: "GetSipRegistrations", Style: "path", Encoding: "query", Parameters: shown, Unidentified: true,
				Denied: "account 7 exists, but its api_key differs",
				Code:   100, Error: "AUTHORIZATION_FAILED",
			},
		},
		"what does not fit": {
			form("/platform_api/CreateSipRegistration?"+key, "is_persistent=perhaps&proxy=a&colour=red"),
			journal.API{
				Method: "CreateSipRegistration", Style: "path", Encoding: "urlencoded", Code: 273, Error: "INVALID_USERNAME", Field: "sip_username",
				Parameters: url.Values{"account_id": {"7"}, "api_key": {"***"}, "is_persistent": {"perhaps"}, "proxy": {"a"}, "colour": {"red"}},
				Mistakes: []journal.ParameterMistake{
					{Parameter: "sip_username", Missing: true, Allowed: "a text of at most 255 characters", Error: "INVALID_USERNAME"},
					{Parameter: "is_persistent", Allowed: "true or false (or 1 or 0)", Error: "INVALID"},
				},
				UnknownParameters: []string{"colour"},
				Warnings: []string{
					"unknown parameter colour is ignored by CreateSipRegistration", "is_persistent: want true or false (or 1 or 0)",
				},
			},
		},
	} {
		handler, kept := newHandler(t)
		w := httptest.NewRecorder()
		handler.ServeHTTP(w, c.r)
		requests := kept.Find(journal.Filter{})
		if len(requests) != 1 {
			t.Errorf("%s: %d requests", why, len(requests))
			continue
		}
		got := requests[0]
		ignore := cmpopts.IgnoreFields(journal.API{}, "Verb", "Host", "Protocol")
		if diff := cmp.Diff(c.want, got.API, ignore); diff != "" {
			t.Errorf("%s (-want +got):\n%s", why, diff)
		}
		common := journal.Request{
			Number: 1, Kind: journal.APIRequest, At: noon, AccountID: 7, Status: 200, ReplyType: contentType,
			ReplyBytes: int64(w.Body.Len()), Reply: w.Body.String(),
		}
		if why == "an unreadable query" {
			common.AccountID = 0
		}
		if diff := cmp.Diff(common, got, cmpopts.IgnoreFields(journal.Request{}, "API", "RequestBytes")); diff != "" {
			t.Errorf("%s (-want +got):\n%s", why, diff)
		}
	}
}

func form(target, body string) *http.Request {
	r := httptest.NewRequest("POST", target, strings.NewReader(body))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	return r
}

func TestTheBodysSizeIsThatWhichWasRead(t *testing.T) {
	handler, kept := newHandler(t)
	handler.ServeHTTP(httptest.NewRecorder(), form("/platform_api/GetSipRegistrations", key))
	if got := kept.Find(journal.Filter{})[0].RequestBytes; got != int64(len(key)) {
		t.Errorf("%d bytes, want %d", got, len(key))
	}
}

// failing is a client whose connection breaks.
type failing struct {
	http.ResponseWriter
	write func() (int, error)
}

func (f failing) Write([]byte) (int, error) { return f.write() }

func TestACallWithoutACompleteReplyIsMarkedAborted(t *testing.T) {
	for want, write := range map[journal.AbortReason]func() (int, error){
		journal.AbortedByClient: func() (int, error) { return 0, io.ErrClosedPipe },
		"":                      func() (int, error) { return 1, nil },
	} {
		handler, kept := newHandler(t)
		handler.ServeHTTP(failing{httptest.NewRecorder(), write}, httptest.NewRequest("GET", "/platform_api/X", nil))
		if got := kept.Find(journal.Filter{})[0].Aborted; got != want {
			t.Errorf("aborted %q, want %q", got, want)
		}
	}
}

// unflushed is a writer whose reply does not reach the client.
type unflushed struct{ http.ResponseWriter }

func (unflushed) FlushError() error { return io.ErrClosedPipe }

// A client that closes its direction is answered; one that closes both is gone.
func TestWhetherTheReplyCanBeWrittenDecidesWhoIsGone(t *testing.T) {
	for want, writer := range map[journal.AbortReason]http.ResponseWriter{
		"":                      httptest.NewRecorder(),
		journal.AbortedByClient: unflushed{httptest.NewRecorder()},
	} {
		handler, kept := newHandler(t)
		closed, leave := context.WithCancel(t.Context())
		leave()
		handler.ServeHTTP(writer, httptest.NewRequestWithContext(closed, "GET", "/platform_api/X", nil))
		if got := kept.Find(journal.Filter{})[0].Aborted; got != want {
			t.Errorf("aborted %q, want %q", got, want)
		}
	}
}

// breaking is a body that panics when read.
type breaking struct{ with any }

func (b breaking) Read([]byte) (int, error) { panic(b.with) }
func (b breaking) Close() error             { return nil }

func TestAPanicOutsideTheHandlerLeavesARecordedRequest(t *testing.T) {
	handler, kept := newHandler(t)
	bug := errors.New("a bug")
	defer func() {
		if p := recover(); p != bug {
			t.Errorf("recovered %v: the panic was swallowed", p)
		}
		requests := kept.Find(journal.Filter{Aborted: true})
		if len(requests) != 1 || requests[0].Aborted != journal.AbortedByPanic || requests[0].Verb != "POST" {
			t.Errorf("%v", requests)
		}
	}()
	r := form("/platform_api/X", "a=1")
	r.Body = breaking{bug}
	handler.ServeHTTP(httptest.NewRecorder(), r)
}

func TestACallCanOnlySayTenWarnings(t *testing.T) {
	handler, kept := newHandler(t)
	many := url.Values{"sip_registration_id": {"1"}}
	for i := range 100 {
		many.Set("unknown"+strings.Repeat("x", i%50)+string(rune('a'+i/50)), "1")
	}
	handler.ServeHTTP(httptest.NewRecorder(), form("/platform_api/GetSipRegistrations?"+key, many.Encode()))
	e := kept.Find(journal.Filter{})[0]
	if len(e.Warnings) != maxWarnings || len(e.UnknownParameters) != maxNoted || e.Warnings[maxWarnings-1] != "more warnings are left out" {
		t.Errorf("%d warnings, %d unknown: %q", len(e.Warnings), len(e.UnknownParameters), e.Warnings)
	}
}

func TestAWarningIsReadableInAHeader(t *testing.T) {
	for text, want := range map[string]string{
		`want "a" or "b\c"`:                     `want "a" or "b\c"`,
		"caf\u00e9\r\nX: 1":                     `caf\u00e9\r\nX: 1`,
		strings.Repeat(`"`, 2*maxWarningLength): strings.Repeat(`"`, maxWarningLength),
	} {
		if got := asHeader(text); got != want {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
	}
}

func TestAWarningIsShortWhateverTheClientSends(t *testing.T) {
	handler, kept := newHandler(t)
	r := form("/platform_api/GetSipRegistrations?"+key, "a=1")
	r.Header.Set("Content-Type", strings.Repeat("ä", 1<<16))
	handler.ServeHTTP(httptest.NewRecorder(), r)
	warnings := kept.Find(journal.Filter{})[0].Warnings
	if len(warnings) != 1 || len(warnings[0]) > maxWarningLength {
		t.Errorf("%q", warnings)
	}
}
