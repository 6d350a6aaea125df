package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"
)

// answer is what SIPp does with a REGISTER request.
type answer struct {
	status  string // of the status line
	headers string
	raw     string        // is sent instead of an answer
	silent  bool          // nothing is sent
	pause   time.Duration // before the answer
	verify  bool          // the digest must be right
	before  bool          // SIPp sends a NOTIFY before the answer
	after   bool          // SIPp sends a NOTIFY after the answer
}

const challenge = "WWW-Authenticate: Digest realm=\"sipp\", nonce=\"abc\", algorithm=MD5, qop=\"auth\"\n"

// stale is a challenge of another nonce.
func stale(nonce string) string {
	return strings.Replace(challenge, `"abc"`, `"`+nonce+`", stale=true`, 1)
}

// badRegistrar is a PBX that answers badly, and what clients of the API must see: the
// state, status code and message after its answers, a callback for each change, and the
// next REGISTER request after a time, which it accepts.
type badRegistrar struct {
	name    string
	answers []answer
	want    string
	next    time.Duration // from the last answer to the platform's next attempt; up to a tenth less
}

// retry is the time to the platform's first retry.
const retry = time.Minute

// late is how late a busy machine may be.
const late = 15 * time.Second

func badRegistrars() []badRegistrar {
	const accepts = "Contact: <[$2]>;expires=60\n"
	const refresh = 54 * time.Second
	return []badRegistrar{
		{"403", []answer{{status: "403 Forbidden"}}, "failed 403 Forbidden", retry},
		{"403 after a right digest", []answer{{status: "401 Unauthorized", headers: challenge}, {status: "403 Not This One", verify: true}}, "failed 403 Not This One", retry},
		{"a right digest", []answer{{status: "401 Unauthorized", headers: challenge}, {status: "200 OK", headers: accepts, verify: true}}, "successful", refresh},
		{"423, then 200", []answer{{status: "423 Interval Too Brief", headers: "Min-Expires: 7200\n"}, {status: "200 OK", headers: accepts}}, "successful", refresh},
		{"423 for ever", []answer{{status: "423 Interval Too Brief", headers: "Min-Expires: 7200\n"}, {status: "423 Interval Too Brief", headers: "Min-Expires: 9000\n"}}, "failed 423 Interval Too Brief", retry},
		{"302 to another network", []answer{{status: "302 Moved Temporarily", headers: "Contact: <sip:x@203.0.113.1>\n"}}, "failed 302 Moved Temporarily", retry},
		{"302 to where it came from", []answer{{status: "302 Moved Temporarily", headers: "Contact: <sip:x@[local_ip]:[local_port];transport=[transport]>\n"}}, "failed 302 Moved Temporarily", retry},
		{"503, then 200", []answer{{status: "503 Service Unavailable", headers: "Retry-After: 5\n"}}, "failed 503 Service Unavailable", retry},
		{"no answer", []answer{{silent: true}}, "failed 408 Request Timeout", retry},
		{"a late answer", []answer{{status: "200 OK", headers: accepts, pause: 3 * time.Second}}, "successful", refresh},
		{"an answer too late", []answer{{status: "200 OK", headers: accepts, pause: 40 * time.Second}}, "failed 408 Request Timeout", retry},
		{"a malformed header", []answer{{status: "200 OK", headers: "Contact: <<>>;;\"\nExpires: 60\n"}}, "successful", refresh},
		{"a wrong nonce for ever", []answer{
			{status: "401 Unauthorized", headers: challenge}, {status: "401 Unauthorized", headers: stale("d")}, {status: "401 Unauthorized", headers: stale("e")},
		}, "failed 401 Unauthorized", retry},
		{"a shorter interval", []answer{{status: "200 OK", headers: "Contact: <[$2]>;expires=20\n"}}, "successful", 18 * time.Second},
		{"an unsolicited NOTIFY before the answer", []answer{{status: "200 OK", headers: accepts, before: true}}, "successful", refresh},
		{"an unsolicited NOTIFY after it", []answer{{status: "200 OK", headers: accepts, after: true}}, "successful", refresh},
		{"an unsolicited NOTIFY, and a refusal", []answer{{status: "403 Forbidden", before: true}}, "failed 403 Forbidden", retry},
	}
}

// malformed are answers that are no SIP, and no answers for clients. Over TCP another
// protocol ends the connection, which SIPp does not survive: package pbx tests it.
func malformed(transport string) []badRegistrar {
	const rest = "[last_From:]\n[last_To:];tag=1\n[last_Call-ID:]\n[last_CSeq:]\nContent-Length: 0\n\n"
	list := []badRegistrar{{"an answer without Via", []answer{{raw: "SIP/2.0 200 OK\n" + rest}}, "failed 408 Request Timeout", retry}}
	if transport == "udp" {
		list = append(list, badRegistrar{"another protocol", []answer{{raw: "HTTP/1.1 200 OK\n[last_Via:]\n" + rest}}, "failed 408 Request Timeout", retry})
	}
	return list
}

// checkBadRegistrars registers at all of them at the same time, because each takes a
// minute.
func (e emulator) checkBadRegistrars(folder string) error {
	reports := newReceiver()
	defer reports.Close()
	if err := e.call("SetAccountInfo", &struct{}{}, "callback_url", reports.URL); err != nil {
		return err
	}
	var running sync.WaitGroup
	var mu sync.Mutex // guards errs
	var errs []error
	for _, transport := range []string{"udp", "tcp"} {
		for i, bad := range append(badRegistrars(), malformed(transport)...) {
			running.Go(func() {
				err := e.checkBad(filepath.Join(folder, fmt.Sprint(transport, i)), transport, bad, reports)
				mu.Lock()
				defer mu.Unlock()
				if err != nil {
					errs = append(errs, fmt.Errorf("sipp, %s, %s: %w", transport, bad.name, err))
					return
				}
				fmt.Printf("ok   sipp: %s, %s: %s; the next request after %v; then successful\n", transport, bad.name, bad.want, bad.next)
			})
		}
	}
	running.Wait()
	return errors.Join(errs...)
}

// startSIPp starts SIPp in a new folder, for one call.
func startSIPp(folder, transport, scenario string) (c *exec.Cmd, port string, err error) {
	if port, err = freePort(); err != nil {
		return nil, "", err
	}
	if err := os.Mkdir(folder, 0o700); err != nil {
		return nil, "", err
	}
	file := filepath.Join(folder, "scenario.xml")
	if err := os.WriteFile(file, []byte(scenario), 0o600); err != nil {
		return nil, "", err
	}
	c = exec.Command("sipp", "-sf", file, "-i", "127.0.0.1", "-p", port, "-t", transport[:1]+"1",
		"-m", "1", "-timeout", "170s", "-timeout_error", "-nostdin", "-watchdog_minor_maxtriggers", "1000000", "-watchdog_major_maxtriggers", "1000000")
	c.Dir = folder
	c.Stdout = new(strings.Builder)
	c.Stderr = c.Stdout
	if err := c.Start(); err != nil {
		return nil, "", err
	}
	if transport == "tcp" {
		if err := accepts("127.0.0.1:" + port); err != nil {
			return nil, "", errors.Join(err, end(c))
		}
		return c, port, nil
	}
	time.Sleep(time.Second) // SIPp does not say when it listens; requests are repeated
	return c, port, nil
}

func (e emulator) checkBad(folder, transport string, bad badRegistrar, reports *receiver) (err error) {
	c, port, err := startSIPp(folder, transport, scenario(append(slices.Clone(bad.answers), answer{status: "200 OK", headers: "Expires: 3600\n"})...))
	if err != nil {
		return err
	}
	id, err := e.create("alice", "secret", "127.0.0.1:"+port+";transport="+transport)
	if err == nil {
		err = e.follows(id, bad, reports)
	}
	if err != nil {
		dialogue, _ := exec.Command(e.binary, "sip", fmt.Sprint(id), "--host", e.base).CombinedOutput()
		return fmt.Errorf("%w\n%s\n%s", errors.Join(err, end(c)), dialogue, c.Stdout)
	}
	if err := c.Wait(); err != nil {
		return fmt.Errorf("%w\n%s", err, c.Stdout)
	}
	return e.call("DeleteSipRegistration", &struct{}{}, "sip_registration_id", fmt.Sprint(id))
}

// follows checks what clients see of a registration.
func (e emulator) follows(id int64, bad badRegistrar, reports *receiver) error {
	if err := e.becomes(id, bad.want, time.Minute); err != nil {
		return err
	}
	var want []string
	if message, failed := strings.CutPrefix(bad.want, "failed "); failed {
		want = append(want, "sip_registration_fail "+message)
	}
	if err := reports.has(id, want); err != nil {
		return err
	}
	attempts, err := e.attempts(id, len(bad.answers), bad.next+late)
	if err != nil {
		return err
	}
	if got := attempts[1].Sub(attempts[0]); got > bad.next+late || got < bad.next-bad.next/10-time.Second {
		return fmt.Errorf("the next request came after %v, want %v or up to a tenth less", got, bad.next)
	}
	if err := e.becomes(id, "successful", late); err != nil {
		return err
	}
	if len(want) > 0 {
		want = append(want, "sip_registration_recovered")
	}
	return reports.has(id, want)
}

// attempts waits for the request after the first n, and returns the time of the end of
// the first attempt and that of this request.
func (e emulator) attempts(id int64, n int, limit time.Duration) (at [2]time.Time, err error) {
	for deadline := time.Now().Add(limit); time.Now().Before(deadline); time.Sleep(time.Second) {
		var list struct {
			Messages []struct {
				At   time.Time
				Sent bool
				Text string
			}
		}
		if err := e.control(fmt.Sprintf("/sip-messages?registration_id=%d", id), &list); err != nil {
			return at, err
		}
		requests := 0
		for _, m := range list.Messages {
			switch {
			case m.Sent && strings.HasPrefix(m.Text, "REGISTER "):
				if requests++; requests > n {
					at[1] = m.At
					return at, nil
				}
			case !m.Sent && requests == n && at[0].IsZero() && (strings.HasPrefix(m.Text, "SIP/2.0 ") || strings.HasPrefix(m.Text, "no answer")):
				at[0] = m.At
			}
		}
	}
	return at, fmt.Errorf("no REGISTER request after the first %d", n)
}

// receiver receives callbacks.
type receiver struct {
	*httptest.Server
	mu   sync.Mutex // guards the fields below
	sent map[int64][]string
	seen map[int64]bool // by id of the callback
}

func newReceiver() *receiver {
	r := &receiver{sent: map[int64][]string{}, seen: map[int64]bool{}}
	r.Server = httptest.NewServer(r)
	return r
}

// ServeHTTP takes callbacks.
func (r *receiver) ServeHTTP(w http.ResponseWriter, request *http.Request) {
	type rows struct {
		Registrations []struct {
			ID         int64  `json:"sip_registration_id"`
			StatusCode string `json:"status_code"`
			Message    string `json:"error_message"`
		} `json:"sip_registrations"`
	}
	var body struct {
		Callbacks []struct {
			ID        int64 `json:"callback_id"`
			Type      string
			Fail      rows `json:"sip_registration_fail"`
			Recovered rows `json:"sip_registration_recovered"`
		}
	}
	if err := json.NewDecoder(request.Body).Decode(&body); err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, c := range body.Callbacks {
		if r.seen[c.ID] { // sent again because the answer was late
			continue
		}
		r.seen[c.ID] = true
		for _, row := range append(c.Fail.Registrations, c.Recovered.Registrations...) {
			r.sent[row.ID] = append(r.sent[row.ID], strings.TrimSpace(strings.Join([]string{c.Type, row.StatusCode, row.Message}, " ")))
		}
	}
}

// has waits until the callbacks of a registration are the wanted ones.
func (r *receiver) has(id int64, want []string) error {
	got := ""
	for deadline := time.Now().Add(late); time.Now().Before(deadline); time.Sleep(100 * time.Millisecond) {
		r.mu.Lock()
		got = strings.Join(r.sent[id], ", ")
		r.mu.Unlock()
		if got == strings.Join(want, ", ") {
			return nil
		}
	}
	return fmt.Errorf("callbacks of registration %d: %q, want %q", id, got, want)
}

// scenario returns SIPp's scenario for the answers to one registration.
func scenario(answers ...answer) string {
	var b strings.Builder
	b.WriteString("<?xml version=\"1.0\" encoding=\"ISO-8859-1\" ?>\n<scenario name=\"registrar\">\n")
	for i, a := range answers {
		action := remember
		if a.verify {
			action += `<verifyauth assign_to="ok" username="alice" password="secret"/>`
		}
		fmt.Fprintf(&b, "<recv request=\"REGISTER\"><action>%s</action></recv>\n", action)
		if a.verify {
			fmt.Fprintf(&b, "<nop hide=\"true\" test=\"ok\" next=\"good%d\"/>\n%s<label id=\"good%d\"/>\n", i, send(reply(answer{status: "403 Wrong Digest"})), i)
		}
		if a.pause > 0 {
			fmt.Fprintf(&b, "<pause milliseconds=\"%d\"/>\n", a.pause.Milliseconds())
		}
		if a.before { // the request is repeated meanwhile if that takes long
			b.WriteString(notify + "<recv request=\"REGISTER\" optional=\"true\"/>\n<recv response=\"481\"/>\n")
		}
		switch {
		case a.raw != "":
			b.WriteString(send(a.raw))
		case !a.silent:
			b.WriteString(send(reply(a)))
		}
		if a.after {
			b.WriteString(notify + "<recv request=\"REGISTER\" optional=\"true\"/>\n<recv response=\"481\"/>\n")
		}
	}
	b.WriteString("<pause milliseconds=\"1000\"/>\n<Reference variables=\"1,2,3,4,5\"/>\n</scenario>\n")
	return b.String()
}

func send(text string) string { return "<send><![CDATA[\n" + text + "]]></send>\n" }

// notify sends a NOTIFY that nobody has subscribed to, which must be refused as RFC 6665
// says.
var notify = send("NOTIFY [$2] SIP/2.0\nVia: SIP/2.0/[transport] [local_ip]:[local_port];branch=[branch]\nFrom: <sip:pbx@[local_ip]>;tag=n[call_number]\n" +
	"To: <[$2]>\nCall-ID: [call_id]\nCSeq: 1 NOTIFY\nMax-Forwards: 70\nEvent: message-summary\nSubscription-State: active\nContent-Length: 0\n\n")

// remember keeps what the reply needs: the URI of the Contact in $2, Via, From and CSeq.
const remember = `<ereg regexp="&lt;([^&gt;]*)&gt;" search_in="hdr" header="Contact:" assign_to="1,2"/>` +
	`<ereg regexp=".*" search_in="hdr" header="Via:" assign_to="3"/>` +
	`<ereg regexp=".*" search_in="hdr" header="From:" assign_to="4"/>` +
	`<ereg regexp=".*" search_in="hdr" header="CSeq:" assign_to="5"/>`

func reply(a answer) string {
	return "SIP/2.0 " + a.status + "\nVia:[$3]\nFrom:[$4]\nTo: <sip:alice@[local_ip]>;tag=[call_number]\nCall-ID: [call_id]\nCSeq:[$5]\n" +
		a.headers + "Content-Length: 0\n\n"
}
