package stack

import (
	"maps"
	"strings"
	"testing"
	"time"

	sipmsg "github.com/emiago/sipgo/sip"

	"github.com/voxemu/voxemu/emulator/sip"
)

func attemptOf(b sip.Binding) *attempt {
	a := &agent{host: "127.0.0.1", port: 5062}
	a.Message = func(sip.Message) {}
	a.Allowed = func(string) bool { return true }
	return &attempt{agent: a, binding: b, session: &sip.Session{}, expires: time.Hour}
}

// headersOf returns the names of the headers of a request.
func headersOf(request string) map[string]bool {
	names := map[string]bool{}
	for _, line := range strings.Split(strings.TrimRight(request, "\r\n"), "\r\n")[1:] {
		name, _, _ := strings.Cut(line, ":")
		names[name] = true
	}
	return names
}

// Whatever bytes a PBX answers, there is a final answer after few requests, and no request
// has a header that is not ours.
func FuzzReply(f *testing.F) {
	head := "Via: SIP/2.0/UDP 127.0.0.1:5062;branch=z9hG4bKx\r\nFrom: <sip:a@b>;tag=x\r\nTo: <sip:a@b>;tag=y\r\nCall-ID: c\r\nCSeq: 1 REGISTER\r\n"
	for _, rest := range []string{
		"200 OK\r\n" + head + "Contact: <sip:voxemu-1@127.0.0.1:5062>;expires=60\r\n",
		"200 OK\r\n" + head + "Contact: \"<\"<<sip:>;expires=99999999999\r\nExpires: -1\r\n",
		"401 Unauthorized\r\n" + head + "WWW-Authenticate: Digest realm=\"a\\\"b\", nonce=\"n\", qop=\"auth, auth-int\", algorithm=SHA-256, opaque=\"o\"\r\n",
		"407 Proxy\r\n" + head + "Proxy-Authenticate: Digest realm=\"\x00\"\r\n",
		"423 Brief\r\n" + head + "Min-Expires: 4294967296\r\n",
		"302 Moved\r\n" + head + "Contact: <sip:x@[::1]:5060;transport=tcp?a=b>, *\r\n",
		"999 x\r\n" + head,
		"600 \x1b[31m\xff\r\n" + head,
	} {
		f.Add("SIP/2.0 "+rest+"Content-Length: 0\r\n\r\n", "alice", "secret")
	}
	f.Add("", "a\r\nX-Injected: 1", "\"")
	f.Fuzz(func(t *testing.T, reply, user, password string) {
		at := attemptOf(sip.Binding{RegistrationID: 1, SIPUsername: user, Proxy: "pbx.internal", Password: password})
		if at.prepare() != nil {
			return
		}
		want := maps.Clone(headersOf(at.request().String()))
		for name := range want {
			if strings.HasPrefix(name, "X-") {
				t.Fatalf("user %q adds the header %s", user, name)
			}
		}
		want["Authorization"], want["Proxy-Authorization"] = true, true
		message, err := parser().ParseSIP([]byte(reply))
		response, ok := message.(*sipmsg.Response)
		if err != nil || !ok {
			return
		}
		_ = masked(response.String())
		for n := 0; ; n++ {
			if n > mostRequests {
				return // the loop of attempt ends here
			}
			answer, again := at.react(response)
			if !again {
				if answer.StatusCode != 200 && (answer.StatusCode < 300 || answer.StatusCode > 699) || len([]rune(answer.Reason)) > longestReason {
					t.Fatalf("answer %+v", answer)
				}
				if answer.StatusCode == 200 && (answer.Expires < leastGranted || answer.Expires > longestExpires) {
					t.Fatalf("granted %v", answer.Expires)
				}
				return
			}
			for name := range headersOf(at.request().String()) {
				if !want[name] {
					t.Fatalf("the reply adds the header %q", name)
				}
			}
		}
	})
}

// Whatever bytes a PBX sends by itself, the answer can be built, and its status is one of
// those that the emulator gives to calls.
func FuzzRequest(f *testing.F) {
	head := "Via: SIP/2.0/UDP 127.0.0.1:5060;branch=z9hG4bKx\r\nFrom: <sip:a@b>;tag=x\r\nTo: <sip:a@b>\r\nCall-ID: c\r\nCSeq: 1 INVITE\r\n"
	for _, rest := range []string{
		"INVITE sip:voxemu-1@127.0.0.1:5062 SIP/2.0\r\n" + head,
		"INVITE sip:voxemu-99999999999999999999@127.0.0.1 SIP/2.0\r\n" + head,
		"NOTIFY sip:voxemu-1@[::1]:5062;transport=tcp SIP/2.0\r\n" + head + "Event: a\r\nSubscription-State: \r\n",
		"OPTIONS sip: SIP/2.0\r\n" + head,
		"INVITE sip:voxemu-1@127.0.0.1 SIP/2.0\r\nFrom: <\r\nTo:\r\n",
		"\x00\r\n\r\n",
		"ACK * SIP/2.0\r\nVia: ,;=\r\n",
		"INVITE sip:voxemu-1@127.0.0.1 SIP\r\n" + head,
	} {
		f.Add(rest + "Content-Length: 0\r\n\r\n")
	}
	f.Fuzz(func(t *testing.T, text string) {
		message, err := parser().ParseSIP([]byte(text))
		request, ok := message.(*sipmsg.Request)
		if err != nil || !ok {
			return
		}
		a := attemptOf(sip.Binding{}).agent
		a.Call = func(c sip.Call) int64 {
			if c.RegistrationID < 0 {
				t.Fatalf("a call to registration %d", c.RegistrationID)
			}
			return 486
		}
		status, reason := a.refuseCall(request, registrationOf(request.Recipient.User))
		response := answerTo(request, status, reason)
		if status != 486 || !strings.HasPrefix(response.String(), "SIP/2.0 486 Busy Here\r\n") {
			t.Fatalf("%d, %q", status, response)
		}
		_, _ = masked(request.String()), masked(response.String())
	})
}
