package pbx_test

import (
	"context"
	"encoding/json"
	"encoding/pem"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"go.uber.org/goleak"

	"github.com/voxemu/voxemu/emulator"
	"github.com/voxemu/voxemu/emulator/sip"
	"github.com/voxemu/voxemu/emulator/sip/stack"
	"github.com/voxemu/voxemu/emulator/vox"
	"github.com/voxemu/voxemu/testkit"
	"github.com/voxemu/voxemu/testkit/pbx"
)

// No test leaves a goroutine behind.
func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// call sends a request of a client to the API.
func call(t *testing.T, emu *testkit.Emulator, method string, parameters ...string) string {
	t.Helper()
	form := url.Values{"account_id": {"1"}, "api_key": {"demo-key"}}
	for i := 0; i < len(parameters); i += 2 {
		form.Set(parameters[i], parameters[i+1])
	}
	reply, err := http.PostForm(emu.URL()+"/platform_api/"+method, form)
	if err != nil {
		t.Fatal(err)
	}
	defer reply.Body.Close()
	var text strings.Builder
	if _, err := fmt.Fprint(&text, reply.Status); err != nil {
		t.Fatal(err)
	}
	http.DefaultClient.CloseIdleConnections()
	return text.String()
}

// create creates a registration by the API and returns its id.
func create(t *testing.T, emu *testkit.Emulator, user, password, proxy string, more ...string) int64 {
	t.Helper()
	before := len(emu.Registrations())
	call(t, emu, "CreateSipRegistration", append([]string{"sip_username", user, "password", password, "proxy", proxy}, more...)...)
	list := emu.Registrations()
	if len(list) != before+1 {
		t.Fatalf("%s at %s was not created", user, proxy)
	}
	return list[len(list)-1].ID
}

// become waits until a registration is in a state, and returns it.
func become(t *testing.T, emu *testkit.Emulator, id int64, state vox.State, status int64) vox.Registration {
	t.Helper()
	deadline := time.Now().Add(time.Minute)
	for {
		r := emu.Registration(id)
		if r.State == state && r.StatusCode == status {
			return r
		}
		if time.Now().After(deadline) {
			t.Fatalf("registration %d is %s %d %s, want %s %d", id, r.State, r.StatusCode, r.ErrorMessage, state, status)
		}
		time.Sleep(time.Millisecond)
	}
}

func TestARegistrationReallyRegistersOverEachTransport(t *testing.T) {
	for _, transport := range []string{"", ";transport=udp", ";transport=tcp"} {
		for name, digest := range map[string]pbx.Option{"MD5": pbx.Realm("one"), "SHA-256": pbx.SHA256()} {
			t.Run(transport+name, func(t *testing.T) {
				p := pbx.Run(t, pbx.User("alice", "secret"), digest)
				emu := testkit.Run(t, p.Real())
				id := create(t, emu, "alice", "secret", p.Proxy()+transport)
				become(t, emu, id, vox.Successful, 200)
				p.WaitFor(t, "alice")
				call(t, emu, "DeleteSipRegistration", "sip_registration_id", fmt.Sprint(id))
				p.WaitGone(t, "alice")
			})
		}
	}
}

func TestTheAuthUserIsTheUserOfTheDigest(t *testing.T) {
	p := pbx.Run(t, pbx.User("trunk-7", "secret"))
	emu := testkit.Run(t, p.Real())
	become(t, emu, create(t, emu, "alice", "secret", p.Proxy(), "auth_user", "trunk-7"), vox.Successful, 200)
	p.WaitFor(t, "alice")
}

func TestAnOutboundProxyReceivesTheRequests(t *testing.T) {
	p := pbx.Run(t, pbx.User("alice", "secret"))
	emu := testkit.Run(t, p.Real(), testkit.ScenarioYAML("extends: demo\nregistrar: {real: [{proxy: pbx.internal}]}"))
	become(t, emu, create(t, emu, "alice", "secret", "pbx.internal", "outbound_proxy", p.Proxy()), vox.Successful, 200)
	p.WaitFor(t, "alice")
	first := p.Requests()[0].Text
	if !strings.HasPrefix(first, "REGISTER sip:pbx.internal SIP/2.0\r\n") || !strings.Contains(first, "Route: <sip:"+p.Proxy()+";transport=udp;lr>") {
		t.Errorf("sent:\n%s", first)
	}
}

func TestAWrongPasswordFailsUntilItIsUpdated(t *testing.T) {
	p := pbx.Run(t, pbx.User("alice", "secret"))
	emu := testkit.Run(t, p.Real())
	id := create(t, emu, "alice", "wrong", p.Proxy())
	if r := become(t, emu, id, vox.Failed, 403); r.ErrorMessage != "Forbidden" {
		t.Errorf("%+v", r)
	}
	call(t, emu, "UpdateSipRegistration", "sip_registration_id", fmt.Sprint(id), "password", "secret")
	become(t, emu, id, vox.Successful, 200)
	p.WaitFor(t, "alice")
}

func TestEachAnswerOfAPBXIsWhatClientsSee(t *testing.T) {
	stale := pbx.Answer{Status: 401, Times: -1, Headers: map[string]string{"WWW-Authenticate": `Digest realm="pbx", nonce="n", stale=true`}}
	for name, c := range map[string]struct {
		answers  []pbx.Answer
		state    vox.State
		status   int64
		reason   string
		requests int
	}{
		"403":                    {[]pbx.Answer{{Status: 403}}, vox.Failed, 403, "Forbidden", 1},
		"a reason of its own":    {[]pbx.Answer{{Status: 403, Reason: "Not today"}}, vox.Failed, 403, "Not today", 1},
		"603":                    {[]pbx.Answer{{Status: 603, Reason: "Decline"}}, vox.Failed, 603, "Decline", 1},
		"503":                    {[]pbx.Answer{{Status: 503}}, vox.Failed, 503, "Service Unavailable", 1},
		"423 with an interval":   {[]pbx.Answer{{Status: 423, Headers: map[string]string{"Min-Expires": "7200"}}}, vox.Successful, 200, "", 3},
		"423 for ever":           {[]pbx.Answer{{Status: 423, Times: -1, Headers: map[string]string{"Min-Expires": "7200"}}}, vox.Failed, 423, "Interval Too Brief", 2},
		"423 without a number":   {[]pbx.Answer{{Status: 423, Headers: map[string]string{"Min-Expires": "soon"}}}, vox.Failed, 423, "Interval Too Brief", 1},
		"302 to a stranger":      {[]pbx.Answer{{Status: 302, Reason: "Moved Temporarily", Headers: map[string]string{"Contact": "<sip:x@198.51.100.1:5060>"}}}, vox.Failed, 302, "Moved Temporarily", 1},
		"302 to itself":          {[]pbx.Answer{{Status: 302, Reason: "Moved Temporarily", Times: -1, Headers: map[string]string{"Contact": "<sip:x@127.0.0.1>"}}}, vox.Failed, 302, "Moved Temporarily", 1},
		"wrong nonce for ever":   {[]pbx.Answer{stale}, vox.Failed, 401, "Unauthorized", 3},
		"a challenge for Basic":  {[]pbx.Answer{{Status: 401, Headers: map[string]string{"WWW-Authenticate": `Basic realm="pbx"`}}}, vox.Failed, 401, "Unauthorized", 1},
		"401 without challenge":  {[]pbx.Answer{{Status: 401}}, vox.Failed, 401, "Unauthorized", 1},
		"an impossible status":   {[]pbx.Answer{{Status: 799, Reason: "What"}}, vox.Failed, 502, "Bad Gateway", 1},
		"202":                    {[]pbx.Answer{{Status: 202, Reason: "Accepted"}}, vox.Successful, 200, "", 1},
		"a late answer":          {[]pbx.Answer{{Status: 403, Delay: 700 * time.Millisecond, Times: -1}}, vox.Failed, 403, "Forbidden", 2},
		"a Contact out of order": {[]pbx.Answer{{Status: 200, Headers: map[string]string{"Contact": `<<>>;;"`, "Expires": "nonsense"}}}, vox.Successful, 200, "", 1},
	} {
		t.Run(name, func(t *testing.T) {
			p := pbx.Run(t, pbx.User("alice", "secret"))
			p.Answers(c.answers...)
			emu := testkit.Run(t, p.Real())
			r := become(t, emu, create(t, emu, "alice", "secret", p.Proxy()), c.state, c.status)
			if r.ErrorMessage != c.reason {
				t.Errorf("error_message %q, want %q", r.ErrorMessage, c.reason)
			}
			if got := len(p.Requests()); got != c.requests {
				t.Errorf("%d requests, want %d", got, c.requests)
			}
		})
	}
}

func TestAFailureAndARecoveryAreReportedByCallbacks(t *testing.T) {
	p := pbx.Run(t, pbx.User("alice", "secret"))
	emu := testkit.Run(t, p.Real())
	emu.CallbackSink()
	id := create(t, emu, "alice", "secret", p.Proxy())
	become(t, emu, id, vox.Successful, 200)
	p.SetPassword("alice", "changed")
	call(t, emu, "UpdateSipRegistration", "sip_registration_id", fmt.Sprint(id), "auth_user", "alice")
	become(t, emu, id, vox.Failed, 403)
	call(t, emu, "UpdateSipRegistration", "sip_registration_id", fmt.Sprint(id), "password", "changed")
	become(t, emu, id, vox.Successful, 200)
	var types []string
	for _, c := range emu.Callbacks() {
		types = append(types, string(c.Type))
	}
	if got := strings.Join(types, " "); got != "sip_registration_fail sip_registration_recovered" {
		t.Errorf("callbacks: %s", got)
	}
}

func TestWhatEndsARegistrationUnregistersIt(t *testing.T) {
	api := func(method string, parameters ...string) func(*testing.T, *testkit.Emulator, int64) {
		return func(t *testing.T, emu *testkit.Emulator, id int64) {
			call(t, emu, method, append(parameters, "sip_registration_id", fmt.Sprint(id))...)
		}
	}
	server := func(do func(*emulator.Server) error) func(*testing.T, *testkit.Emulator, int64) {
		return func(t *testing.T, emu *testkit.Emulator, _ int64) {
			if err := do(emu.Server()); err != nil {
				t.Error(err)
			}
		}
	}
	bound := []string{"is_persistent", "false", "application_id", "123", "user_id", "123"}
	for name, c := range map[string]struct {
		parameters []string
		end        func(t *testing.T, emu *testkit.Emulator, id int64)
	}{
		"deletion": {nil, api("DeleteSipRegistration")},
		"a renewal that cannot be paid": {nil, func(_ *testing.T, emu *testkit.Emulator, id int64) {
			emu.AdvanceTo(emu.Registration(id).NextRenewal)
		}},
		"detachment":                       {nil, func(_ *testing.T, emu *testkit.Emulator, _ int64) { emu.Advance(400 * 24 * time.Hour) }},
		"logout":                           {bound, func(_ *testing.T, emu *testkit.Emulator, _ int64) { emu.Logout(123) }},
		"unbinding from the user":          {bound, api("BindSipRegistration", "user_id", "123", "bind", "false")},
		"deletion of a bound one":          {bound, api("DeleteSipRegistration")},
		"another user":                     {bound, api("UpdateSipRegistration", "application_id", "123", "user_id", "124")},
		"another user name":                {nil, api("UpdateSipRegistration", "sip_username", "bob")},
		"a simulated proxy":                {nil, api("UpdateSipRegistration", "proxy", "sip.example.com")},
		"an outbound proxy outside":        {nil, api("UpdateSipRegistration", "outbound_proxy", "127.0.0.9")},
		"deletion of the account":          {nil, server(func(s *emulator.Server) error { return s.DeleteAccount(1) })},
		"reset":                            {nil, server((*emulator.Server).Reset)},
		"reset of the account":             {nil, server(func(s *emulator.Server) error { return s.ResetAccount(1) })},
		"another scenario":                 {nil, server(func(s *emulator.Server) error { return s.Load("empty") })},
		"an earlier snapshot":              {nil, server(func(s *emulator.Server) error { return s.Restore("before") })},
		"the end of the emulator":          {nil, server(func(s *emulator.Server) error { return s.Close(context.Background()) })},
		"the end of it with one logged in": {bound, server(func(s *emulator.Server) error { return s.Close(context.Background()) })},
	} {
		for _, transport := range []string{"", ";transport=tcp"} {
			t.Run(name+transport, func(t *testing.T) {
				t.Parallel()
				p := pbx.Run(t, pbx.User("alice", "secret"))
				emu := testkit.Run(t, p.Real(), testkit.ScenarioYAML(oneMonth))
				if err := emu.Server().Snapshot("before"); err != nil {
					t.Fatal(err)
				}
				emu.Login(123)
				id := create(t, emu, "alice", "secret", p.Proxy()+transport, c.parameters...)
				become(t, emu, id, vox.Successful, 200)
				p.WaitFor(t, "alice")
				c.end(t, emu, id)
				p.WaitGone(t, "alice")
				if got := p.Requests(); got[len(got)-1].Expires != "0" && got[len(got)-1].User == "alice" {
					t.Errorf("the last request: %v", got[len(got)-1])
				}
			})
		}
	}
}

// oneMonth is an account that can pay a registration for a month.
const oneMonth = `
extends: demo
accounts:
  - {id: 1, name: demo, api_key: demo-key, balance: 1.00, currency: USD}
billing: {detach_after: 720h}
users:
  - {id: 123, application_id: 123, name: alice}
  - {id: 124, application_id: 123, name: carol}
registrations: []
`

func TestWhatContinuesARegistrationRegistersItAgain(t *testing.T) {
	p := pbx.Run(t, pbx.User("alice", "secret"))
	emu := testkit.Run(t, p.Real(), testkit.ScenarioYAML(oneMonth))
	id := create(t, emu, "alice", "secret", p.Proxy())
	become(t, emu, id, vox.Successful, 200)
	emu.AdvanceTo(emu.Registration(id).NextRenewal)
	become(t, emu, id, vox.Offline, 0)
	p.WaitGone(t, "alice")
	emu.TopUp(1, "10.00")
	become(t, emu, id, vox.Successful, 200)
	p.WaitFor(t, "alice")

	user := create(t, emu, "alice", "secret", p.Proxy(), "is_persistent", "false", "application_id", "123", "user_id", "123")
	become(t, emu, user, vox.Offline, 0)
	emu.Login(123)
	become(t, emu, user, vox.Successful, 200)
	emu.Logout(123)
	become(t, emu, user, vox.Offline, 0)
	emu.Login(123)
	become(t, emu, user, vox.Successful, 200)
}

func TestAChangeOfCredentialsRegistersAgain(t *testing.T) {
	for _, transport := range []string{"", ";transport=tcp"} {
		p := pbx.Run(t, pbx.User("alice", "secret"), pbx.User("trunk", "other"))
		emu := testkit.Run(t, p.Real())
		id := create(t, emu, "alice", "secret", p.Proxy()+transport)
		become(t, emu, id, vox.Successful, 200)
		for _, c := range []struct {
			parameters []string
			status     int64
			username   string // of the digest
		}{
			{[]string{"password", "wrong"}, 403, "alice"},
			{[]string{"password", "secret"}, 200, "alice"},
			{[]string{"auth_user", "trunk"}, 403, "trunk"},
			{[]string{"password", "other"}, 200, "trunk"},
			{[]string{"auth_user", "alice", "password", "secret"}, 200, "alice"},
		} {
			before := len(p.Requests())
			call(t, emu, "UpdateSipRegistration", append(c.parameters, "sip_registration_id", fmt.Sprint(id))...)
			state := vox.Failed
			if c.status == 200 {
				state = vox.Successful
			}
			become(t, emu, id, state, c.status)
			requests := p.Requests()[before:]
			if len(requests) == 0 || !strings.Contains(requests[len(requests)-1].Text, `username="`+c.username+`"`) {
				t.Errorf("%v%s: %v", c.parameters, transport, requests)
			}
		}
	}
}

func TestRowsOfAScenarioRegisterOnceAndAgainAfterARestart(t *testing.T) {
	p := pbx.Run(t)
	emu := testkit.Run(t, p.Real(), testkit.WithRegistration(vox.Registration{ID: 70, SIPUsername: "alice", Proxy: p.Proxy()}))
	become(t, emu, 70, vox.Successful, 200)
	p.WaitFor(t, "alice")
	if got := len(p.Requests()); got != 1 {
		t.Errorf("%d requests, want 1", got)
	}
	if err := emu.Server().Close(context.Background()); err != nil {
		t.Fatal(err)
	}
	p.WaitGone(t, "alice")
	if err := emu.Server().Start(); err != nil {
		t.Fatal(err)
	}
	p.WaitFor(t, "alice")
}

func TestAnotherUserNameReplacesTheBinding(t *testing.T) {
	p := pbx.Run(t)
	emu := testkit.Run(t, p.Real())
	id := create(t, emu, "alice", "secret", p.Proxy())
	p.WaitFor(t, "alice")
	call(t, emu, "UpdateSipRegistration", "sip_registration_id", fmt.Sprint(id), "sip_username", "bob")
	p.WaitFor(t, "bob")
	p.WaitGone(t, "alice")
}

func TestOtherProxiesStaySimulated(t *testing.T) {
	p := pbx.Run(t)
	emu := testkit.Run(t, p.Real())
	id := create(t, emu, "alice", "secret", "sip-403.test")
	if r := emu.Registration(id); r.StatusCode != 403 {
		t.Errorf("%+v", r)
	}
	if got := p.Requests(); len(got) > 0 {
		t.Errorf("sent: %v", got)
	}
}

func TestNothingIsSentWhereItMustNotBe(t *testing.T) {
	p := pbx.Run(t)
	for name, c := range map[string]struct{ scenario, proxy, outbound, reason string }{
		"a public address":          {"203.0.113.5", "203.0.113.5", "", "203.0.113.5 is neither a loopback nor a private address; allow it with --sip-allow-public"},
		"an outbound proxy outside": {"pbx.internal", "pbx.internal", "127.0.0.9", "no pattern of real registrars covers 127.0.0.9"},
		"a port out of range":       {"*", "127.0.0.1:99999", "", `the proxy cannot be used for SIP: "127.0.0.1:99999": want a port from 1 to 65535`},
	} {
		t.Run(name, func(t *testing.T) {
			emu := testkit.Run(t, p.Real(), testkit.ScenarioYAML("extends: demo\nregistrar: {real: [{proxy: '"+c.scenario+"'}]}\nregistrations: []\n"))
			more := []string{}
			if c.outbound != "" {
				more = []string{"outbound_proxy", c.outbound}
			}
			id := create(t, emu, "alice", "secret", c.proxy, more...)
			if r := become(t, emu, id, vox.Failed, 502); r.ErrorMessage != c.reason {
				t.Errorf("%q, want %q", r.ErrorMessage, c.reason)
			}
		})
	}
	if got := p.Requests(); len(got) > 0 {
		t.Errorf("sent: %v", got)
	}
}

func TestAPBXThatDoesNotAnswerSensiblyIsATimeout(t *testing.T) {
	for name, a := range map[string]pbx.Answer{
		"silent":            {Silent: true, Times: -1},
		"no SIP":            {Raw: "HTTP/1.1 200 OK\r\n\r\n", Times: -1},
		"half a message":    {Raw: "SIP/2.0 200 OK\r\nVia: ", Times: -1},
		"another's answer":  {Raw: "SIP/2.0 200 OK\r\nVia: SIP/2.0/UDP 127.0.0.1;branch=z9hG4bKother\r\nFrom: <sip:a@b>;tag=1\r\nTo: <sip:a@b>;tag=2\r\nCall-ID: x\r\nCSeq: 1 REGISTER\r\nContent-Length: 0\r\n\r\n", Times: -1},
		"bytes":             {Raw: "\x00\xff\x1b[31m", Times: -1},
		"a negative length": {Raw: "SIP/2.0 200 OK\r\nContent-Length: -5\r\n\r\n", Times: -1},
	} {
		for _, transport := range []string{"", ";transport=tcp"} {
			t.Run(name+transport, func(t *testing.T) {
				t.Parallel()
				p := pbx.Run(t)
				p.Answers(a)
				emu := testkit.Run(t, testkit.WithSIP(stack.Open, sip.Config{Real: p.Patterns(), Timeout: time.Second}))
				id := create(t, emu, "alice", "secret", p.Proxy()+transport)
				r := settled(t, emu, id)
				// Over TCP, bytes that are no message end the connection.
				if r.State != vox.Failed || r.StatusCode != 408 && (r.StatusCode != 503 || transport == "") {
					t.Errorf("%s %d %s", r.State, r.StatusCode, r.ErrorMessage)
				}
				p.Answers()
				call(t, emu, "UpdateSipRegistration", "sip_registration_id", fmt.Sprint(id), "password", "other")
				become(t, emu, id, vox.Successful, 200)
			})
		}
	}
}

// settled waits for the end of an attempt.
func settled(t *testing.T, emu *testkit.Emulator, id int64) vox.Registration {
	t.Helper()
	for deadline := time.Now().Add(time.Minute); ; time.Sleep(time.Millisecond) {
		if r := emu.Registration(id); r.State != vox.InProgress || time.Now().After(deadline) {
			return r
		}
	}
}

func TestAConnectionThatIsRefusedIs503(t *testing.T) {
	p, err := pbx.Start()
	if err != nil {
		t.Fatal(err)
	}
	emu := testkit.Run(t, p.Real())
	if err := p.Close(); err != nil {
		t.Fatal(err)
	}
	become(t, emu, create(t, emu, "alice", "secret", p.Proxy()+";transport=tcp"), vox.Failed, 503)
}

func TestTLSNeedsACertificateOfTheAuthority(t *testing.T) {
	server := httptest.NewUnstartedServer(nil)
	server.StartTLS()
	defer server.Close()
	p := pbx.Run(t, pbx.User("alice", "secret"), pbx.TLS(server.TLS))
	ca := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: server.Certificate().Raw})
	trusting := testkit.Run(t, testkit.WithSIP(stack.Open, sip.Config{Real: p.Patterns(), CA: ca}))
	become(t, trusting, create(t, trusting, "alice", "secret", p.TLSProxy()), vox.Successful, 200)
	p.WaitFor(t, "alice")
	strict := testkit.Run(t, p.Real())
	before := len(p.Requests())
	become(t, strict, create(t, strict, "alice", "secret", p.TLSProxy()), vox.Failed, 503)
	if got := len(p.Requests()) - before; got != 0 {
		t.Errorf("%d requests were sent to a stranger", got)
	}
}

func TestAShorterIntervalIsRefreshedInTime(t *testing.T) {
	p := pbx.Run(t, pbx.MaxExpires(5*time.Second))
	emu := testkit.Run(t, p.Real())
	become(t, emu, create(t, emu, "alice", "secret", p.Proxy()), vox.Successful, 200)
	for deadline := time.Now().Add(time.Minute); len(p.Requests()) < 2; time.Sleep(time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatal("no refresh")
		}
	}
	if len(p.Contacts("alice")) != 1 {
		t.Error("the registration ended before its refresh")
	}
}

func TestCallsAndChecksOfThePBXAreAnswered(t *testing.T) {
	for _, transport := range []string{"", ";transport=tcp"} {
		for settings, status := range map[string]int{"": 480, "\nregistrar: {call_status: 480}": 480, "\nregistrar: {call_status: 486}": 486, "\nregistrar: {call_status: 603}": 603} {
			p := pbx.Run(t)
			emu := testkit.Run(t, p.Real(), testkit.ScenarioYAML("extends: demo"+settings))
			become(t, emu, create(t, emu, "alice", "secret", p.Proxy()+transport), vox.Successful, 200)
			ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
			defer cancel()
			for method, want := range map[string]int{"OPTIONS": 200, "INVITE": status, "NOTIFY": 481, "BYE": 481, "CANCEL": 481, "MESSAGE": 405} {
				if got, err := p.Send(ctx, method, "alice"); err != nil || got != want {
					t.Errorf("%s%s: %d %v, want %d", method, transport, got, err, want)
				}
			}
		}
	}
}

// fetch reads the reply of the control API.
func fetch(t *testing.T, emu *testkit.Emulator, path string, out any) {
	t.Helper()
	reply, err := http.Get(emu.URL() + "/_voxemu" + path)
	if err != nil {
		t.Fatal(err)
	}
	defer reply.Body.Close()
	if err := json.NewDecoder(reply.Body).Decode(out); err != nil {
		t.Fatal(err)
	}
	http.DefaultClient.CloseIdleConnections()
}

func TestTheJournalHasTheDialogueAndTheCallsWithoutSecrets(t *testing.T) {
	p := pbx.Run(t, pbx.User("alice", "secret"))
	emu := testkit.Run(t, p.Real())
	id := create(t, emu, "alice", "secret", p.Proxy(), "application_id", "123", "rule_name", "inbound")
	become(t, emu, id, vox.Successful, 200)
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	if _, err := p.Send(ctx, "INVITE", "alice"); err != nil {
		t.Fatal(err)
	}
	var got struct{ Messages []sip.Message }
	fetch(t, emu, fmt.Sprintf("/sip-messages?registration_id=%d", id), &got)
	var lines []string
	for _, m := range got.Messages {
		head, _, _ := strings.Cut(m.Text, "\r\n")
		lines = append(lines, fmt.Sprint(m.Sent, " ", strings.Split(head, " sip:")[0]))
		if m.AccountID != 1 || strings.Contains(m.Text, "secret") || strings.Contains(m.Text, "response=\"") && !strings.Contains(m.Text, `response="***"`) {
			t.Errorf("account %d:\n%s", m.AccountID, m.Text)
		}
		if c := m.Call; c != nil && (c.RegistrationID != id || c.Application != "myapp" || c.Rule != "inbound" || c.StatusCode != 480) {
			t.Errorf("call: %+v", c)
		}
	}
	want := []string{
		"true REGISTER", "false SIP/2.0 401 Unauthorized", "true REGISTER", "false SIP/2.0 200 OK",
		"false INVITE", "false incoming call from", "true SIP/2.0 480 Temporarily Unavailable",
	}
	if diff := cmp.Diff(want, lines); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestMovingTheClockSaysThatSIPStays(t *testing.T) {
	p := pbx.Run(t)
	emu := testkit.Run(t, p.Real())
	id := create(t, emu, "alice", "secret", p.Proxy())
	become(t, emu, id, vox.Successful, 200)
	emu.Advance(31 * 24 * time.Hour)
	var clock struct{ Note string }
	fetch(t, emu, "/clock", &clock)
	if !strings.Contains(clock.Note, "SIP") {
		t.Errorf("note %q", clock.Note)
	}
	if got := len(p.Requests()); got != 1 {
		t.Errorf("%d requests, want 1", got)
	}
	var health vox.Health
	fetch(t, emu, "/health", &health)
	if health.SIP == nil || health.SIP.Registrations != 1 || health.SIP.Accepted != 1 || health.SIP.Real[0] != p.Proxy() {
		t.Errorf("health: %+v", health.SIP)
	}
}
