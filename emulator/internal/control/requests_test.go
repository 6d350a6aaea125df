package control_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/voxemu/voxemu/emulator"
	"github.com/voxemu/voxemu/emulator/fault"
	"github.com/voxemu/voxemu/emulator/internal/control/described"
	"github.com/voxemu/voxemu/emulator/journal"
	"github.com/voxemu/voxemu/emulator/vox"
)

// requests is the control API's reply on the journal.
type requests struct {
	Requests []journal.Request
	Evicted  int64
}

func asRequests(t *testing.T, text string) (shown requests) {
	t.Helper()
	if err := json.Unmarshal([]byte(text), &shown); err != nil {
		t.Fatal(err)
	}
	return shown
}

// A request with a mistake, a warning, a fault, a masked secret, and a callback that it
// causes.
func TestTheControlAPIShowsEverythingAboutACallAndItsCallback(t *testing.T) {
	receiver := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusTeapot) }))
	defer receiver.Close()
	s, err := emulator.New() // not strict: an unknown parameter is a warning
	if err != nil {
		t.Fatal(err)
	}
	s.StopClock()
	add(t, s, vox.Account{ID: 1, Name: "demo", APIKey: "demo-key", CallbackURL: receiver.URL + "/hook?token=hush"})
	put(t, s, fault.Rule{Name: "late", When: fault.When{Parameters: map[string]string{"sip_username": "alice"}}, Then: fault.Do(fault.Delay{Fixed: fault.Duration(1e9)})})
	const form = "sip_username=alice&password=hush&is_persistent=perhaps&colour=red&account_id=1&api_key=demo-key"
	reply := request(s.Handler(), "POST /platform_api/CreateSipRegistration", form,
		"Host", "example.com", "Content-Type", "application/x-www-form-urlencoded", "User-Agent", "test/1.0").Body.String()
	must(t, s, "POST /_voxemu/registrations/1/answer", `{"status_code":403}`)
	if err := s.Settle(t.Context()); err != nil {
		t.Fatal(err)
	}

	want := []journal.Request{
		{
			Number: 1, Kind: journal.APIRequest, AccountID: 1, Status: 200, RequestBytes: int64(len(form)), ReplyBytes: int64(len(reply)),
			ReplyType: "application/json; charset=utf-8", Reply: reply,
			API: journal.API{
				Verb: "POST", Method: "CreateSipRegistration", Style: "path", Encoding: "urlencoded", Host: "example.com",
				Protocol: "HTTP/1.1", UserAgent: "test/1.0",
				Parameters: map[string][]string{
					"sip_username": {"alice"}, "password": {"***"}, "is_persistent": {"perhaps"}, "colour": {"red"}, "account_id": {"1"}, "api_key": {"***"},
				},
				Mistakes: []journal.ParameterMistake{
					{Parameter: "proxy", Missing: true, Allowed: `a text of at most 255 characters that matches ^[^\s/;]+(;transport=(udp|tcp|tls))?$`, Error: "INVALID_PROXY"},
					{Parameter: "is_persistent", Allowed: "true or false (or 1 or 0)", Error: "INVALID"},
				},
				UnknownParameters: []string{"colour"}, Fault: "late", FaultKinds: []string{"delay"},
				Warnings: []string{"unknown parameter colour is ignored by CreateSipRegistration", "is_persistent: want true or false (or 1 or 0)"},
				Code:     274, Error: "INVALID_PROXY", Field: "proxy",
			},
		},
		{
			Number: 2, Kind: journal.CallbackRequest, AccountID: 1, Status: http.StatusTeapot,
			Callback: journal.Callback{CallbackID: 1, CallbackType: "sip_registration_fail", Attempt: 1, URL: receiver.URL + "/hook"},
		},
	}
	text := must(t, s, "GET /_voxemu/requests", "")
	volatile := cmpopts.IgnoreFields(journal.Request{}, "At", "Callback.Request", "Callback.Failure")
	got := asRequests(t, text)
	sizes := cmp.FilterPath(func(p cmp.Path) bool { return p.String() == "RequestBytes" }, cmp.Comparer(func(a, b int64) bool {
		return a == b || min(a, b) == 0 && max(a, b) > 100 // the size of the callback's body
	}))
	if diff := cmp.Diff(want, got.Requests, volatile, sizes); diff != "" || strings.Contains(text, "hush") {
		t.Errorf("(-want +shown):\n%s", diff)
	}
	if len(got.Requests) == 2 && !strings.Contains(got.Requests[1].Request, `"sip_registration_fail"`) {
		t.Errorf("the callback's body is %q", got.Requests[1].Request)
	}
}

func TestTheControlAPIShowsHowManyRequestsWereForgottenAndWhose(t *testing.T) {
	s := newServer(t, emulator.WithJournalSize(3))
	account, err := s.CreateAccount(vox.AccountRequest{Credentials: new(false)})
	if err != nil {
		t.Fatal(err)
	}
	called(t, s, listOf(account))
	for range 7 {
		called(t, s, list)
	}
	called(t, s, listOf(account))
	for query, want := range map[string][2]int{
		"": {3, 6}, "?account_id=1": {2, 5}, fmt.Sprintf("?account_id=%d", account.ID): {1, 1}, "?account_id=77": {0, 0},
	} {
		shown := asRequests(t, must(t, s, "GET /_voxemu/requests"+query, ""))
		if got := [2]int{len(shown.Requests), int(shown.Evicted)}; got != want {
			t.Errorf("%q: %d requests, %d forgotten; want %v", query, got[0], got[1], want)
		}
	}
}

// A check with a name that does not exist would hold for any client.
func TestNamesThatNothingHasAreRefusedWhereRequestsAreSelected(t *testing.T) {
	s := newServer(t)
	put(t, s, fault.Rule{Name: "down", Then: fault.Do(fault.Hang{}), Times: 1})
	must(t, s, "DELETE /_voxemu/faults/down", "")
	called(t, s, "/platform_api/Nothing?account_id=1")
	called(t, s, list+"&ofset=1")
	for query, want := range map[string]string{
		"method=CreateSipRegistratio":                    "did you mean CreateSipRegistration?",
		"method=CreateSipRegistration&parameter=proxi=a": `CreateSipRegistration has no parameter \"proxi\"; did you mean proxy?`,
		"parameter=sip_usernam=a":                        `no method has a parameter \"sip_usernam\"; did you mean sip_username?`,
		"error=INSUFICIENT_MONEY":                        "did you mean INSUFFICIENT_MONEY?",
		"code=99999":                                     "the API has no error 99999",
		"callback_type=sip_registration_fial":            "sip_registration_fail",
		"fault=dowm":                                     `no fault named \"dowm\" was ever armed`,
		"mistake=unknown":                                "unknown_method",
		"kind=calls":                                     "call",
		"method=Nothing&parameter=account_id=1":          "",
		"method=GetSipRegistrations&parameter=ofset=1":   "",
		"method=GetCallHistory&parameter=anything=1":     "",
		"fault=down":                                     "",
		"fault=*":                                        "",
		"code=127":                                       "",
		"method=CreateSipRegistration&error=INSUFFICIENT_MONEY":       "",
		"callback_type=sip_registration_fail&parameter=sip_username=": "",
	} {
		for _, path := range []string{"requests", "requests/count", "requests/jsonl", "requests/har", "requests/wait"} {
			if path == "requests/wait" && want == "" {
				continue // none of these will come
			}
			got := request(s.Handler(), "GET /_voxemu/"+path+"?"+query, "")
			if refused := got.Code == 422 || got.Code == 400; refused != (want != "") || !strings.Contains(got.Body.String(), want) {
				t.Errorf("%s?%s: %d %.300s, want %q", path, query, got.Code, got.Body, want)
			}
		}
	}
	for _, filter := range []string{`{"method":"CreateSipRegistratio"}`, `{"error":"NONSENSE"}`, `{"fault":"dowm"}`, `{"parameters":{"proxi":"a"}}`, `{"callback_type":"nothing"}`} {
		if got := request(s.Handler(), "POST /_voxemu/verify", `{"filter":`+filter+`,"times":{"max":0}}`); got.Code != 422 && got.Code != 400 {
			t.Errorf("verify %s: %d %s", filter, got.Code, got.Body)
		}
	}
}

// An id of 0 would select the rows of all accounts.
func TestASelectionTakesNoIDThatNothingHas(t *testing.T) {
	s := newServer(t)
	doc := described.New(t, "openapi.yaml").Doc
	tried := 0
	for path, item := range doc.Paths.Map() {
		for verb, operation := range item.Operations() {
			for _, p := range operation.Parameters {
				if p.Value.In != "query" || !strings.HasSuffix(p.Value.Name, "_id") || !p.Value.Schema.Value.Type.Is("integer") {
					continue
				}
				if p.Value.Schema.Value.Min == nil {
					t.Errorf("%s %s: openapi.yaml does not say that %s is 1 or more", verb, path, p.Value.Name)
				}
				for _, id := range []string{"0", "-1", ""} {
					tried++
					target := verb + " " + path + "?" + p.Value.Name + "=" + id
					if got := request(s.Handler(), target, ""); got.Code != 400 || !strings.Contains(got.Body.String(), "whole number") {
						t.Errorf("%s: %d %s", target, got.Code, got.Body)
					}
				}
			}
		}
	}
	if tried < 30 {
		t.Errorf("only %d tried", tried)
	}
	for _, member := range []string{"account_id", "callback_id"} {
		if got := request(s.Handler(), "POST /_voxemu/verify", `{"filter":{"`+member+`":-1},"times":{"max":0}}`); got.Code != 422 {
			t.Errorf("%s: %d %s", member, got.Code, got.Body)
		}
	}
}

func TestTheControlAPIsFiltersSelectAsTheJournalDoes(t *testing.T) {
	s := newServer(t)
	put(t, s, fault.Rule{Name: "down", When: fault.When{Parameters: map[string]string{"count": "5"}}, Then: fault.Do(fault.HTTP{Status: http.StatusServiceUnavailable})})
	for _, query := range []string{"count=1", "count=2;", "count=5"} {
		w := httptest.NewRecorder()
		s.Handler().ServeHTTP(w, httptest.NewRequest("GET", list+"&"+query, nil))
	}
	called(t, s, "/platform_api/Nothing?account_id=1")
	for query, want := range map[string]int{
		"": 4, "method=GetSipRegistrations": 3, "parameter=count=1": 1, "parameter=count=1&parameter=offset=1": 0,
		"fault=*": 1, "fault=down": 1, "code=0": 1, "mistake=any": 2, "mistake=unknown_method": 1, "error=UNKNOWN_COMMAND": 1,
		"after=3": 1, "kind=callback": 0, "account_id=1": 4, "account_id=2": 0, "not_emulated=true": 0, "aborted=true": 0,
		"since=2000-01-01T00:00:00Z": 4, "until=2000-01-01T00:00:00Z": 0, "key_id=owner-key": 0,
	} {
		var counted struct{ Count int }
		if err := json.Unmarshal([]byte(must(t, s, "GET /_voxemu/requests/count?"+query, "")), &counted); err != nil {
			t.Fatal(err)
		}
		shown := asRequests(t, must(t, s, "GET /_voxemu/requests?"+query, ""))
		lines := strings.Count(must(t, s, "GET /_voxemu/requests/jsonl?"+query, ""), "\n")
		if counted.Count != want || len(shown.Requests) != want || lines != want {
			t.Errorf("%q: counted %d, listed %d, wrote %d; want %d", query, counted.Count, len(shown.Requests), lines, want)
		}
	}
}

func TestAnUnmetExpectationIsExplainedByTheControlAPI(t *testing.T) {
	s := newServer(t)
	called(t, s, list+"&count=2")
	got := request(s.Handler(), "POST /_voxemu/verify", `{"filter":{"method":"GetSipRegistrations","parameters":{"count":"3"}}}`)
	for _, want := range []string{`1 request came close`, `count: want \"3\", got \"2\"`, `"came_close": 1`, `"field": "count"`} {
		if !strings.Contains(got.Body.String(), want) {
			t.Errorf("%s lacks %s", got.Body, want)
		}
	}
}
