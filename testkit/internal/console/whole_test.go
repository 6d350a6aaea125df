package console

import (
	"encoding/json"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp/kb"
)

// views are all views of the demo after [lived].
var views = []string{
	"#overview", "#registrations/1", "#requests/1", "#requests/2", "#clock", "#faults", "#callbacks", "#callbacks/1", "#scenario", "#connect", "#coverage",
}

// lived returns an emulator with something in each view.
func lived(t *testing.T, arguments ...string) *emulator {
	t.Helper()
	e := start(t, arguments...)
	r := newReceiver(t)
	e.api("CreateSipRegistration", "sip_username", "sales", "proxy", "sip.example.com", "colour", "red")
	e.control("POST", "faults", `{"name":"busy","when":{"method":"Delete*"},"then":{"http":{"status":503}}}`)
	e.api("DeleteSipRegistration", "sip_registration_id", "1")
	e.api("SetAccountInfo", "callback_url", r.url, "callback_salt", "pepper")
	e.control("POST", "registrations/1/answer", `{"status_code":403}`)
	e.control("POST", "callbacks/settle", "")
	e.control("POST", "snapshots", `{"name":"before"}`)
	e.control("POST", "clock/advance", `{"duration":"2mo"}`)
	return e
}

// 10. Each action shows its equivalent.

func TestEachActionShowsTheCommandThatDoesTheSame(t *testing.T) {
	e := lived(t)
	p := open(e, "")
	shown := 0
	for _, view := range views {
		p.view(view)
		p.sees("h1", "")
		time.Sleep(500 * time.Millisecond) // the view reads its data
		lines := eval[[]string](p, `[...document.querySelectorAll('main .actions')].flatMap((group) => [...group.querySelectorAll('.buttons button')].map((b) => { b.dispatchEvent(new PointerEvent('pointerenter')); return b.innerText + ': ' + group.querySelector('.equivalent').innerText; }))`)
		shown += len(lines)
		for _, line := range lines {
			_, command, _ := strings.Cut(line, ": ")
			if !regexp.MustCompile(`^(voxemu [a-z]|curl -sS )`).MatchString(command) {
				t.Errorf("%s: %s", view, line)
			}
			if strings.HasPrefix(command, "voxemu ") && !strings.HasSuffix(command, "--host "+strings.TrimPrefix(e.url, "http://")) {
				t.Errorf("%s: not for this emulator: %s", view, line)
			}
		}
	}
	if shown < 40 {
		t.Errorf("only %d actions", shown)
	}
}

func TestADroppedConnectionIsShownAndMended(t *testing.T) {
	state := filepath.Join(t.TempDir(), "state.yaml")
	e := start(t, "--state", state)
	e.api("CreateSipRegistration", "sip_username", "sales", "proxy", "sip.example.com")
	p := open(e, "")
	p.sees("[aria-label=Registrations]", "sales@")
	p.sees("[aria-label=Requests]", "#1")
	p.run("window.notReloaded = true")
	eventually(t, "the state is saved", func() bool { text, _ := os.ReadFile(state); return strings.Contains(string(text), "sales") })
	address := strings.TrimPrefix(e.url, "http://")
	e.kill()
	p.sees(".link", "Disconnected")
	p.sees("#notice", "does not answer")
	e.start("--addr", address, "--state", state)
	p.sees(".link", "Connected")
	p.seesNot("#notice", "does not answer")
	p.sees("[aria-label=Registrations]", "sales@")
	p.seesNot("[aria-label=Requests]", "#1") // the journal is new
	e.api("GetSipRegistrations")
	e.api("CreateSipRegistration", "sip_username", "desk", "proxy", "sip.example.com")
	p.sees("[aria-label=Requests]", "#1", "#2")
	p.sees("[aria-label=Registrations]", "desk@")
	for _, once := range []string{"sales@", "desk@"} {
		if n := strings.Count(p.text("[aria-label=Registrations]"), once); n != 1 {
			t.Errorf("%s is shown %d times", once, n)
		}
	}
	if n := eval[int](p, "[...document.querySelectorAll('[aria-label=Requests] .row:not([hidden])')].length"); n != 2 {
		t.Errorf("%d requests are shown", n)
	}
	p.holds("window.notReloaded")
	p.forgive("net::ERR_")
}

func TestEveryViewFitsEveryScreenAndHasADarkForm(t *testing.T) {
	e := lived(t)
	p := open(e, "")
	background := map[string]string{}
	for _, scheme := range []string{"light", "dark"} {
		p.scheme(scheme)
		background[scheme] = eval[string](p, "getComputedStyle(document.body).backgroundColor")
	}
	if background["light"] == background["dark"] {
		t.Errorf("light and dark are the same: %v", background)
	}
	for _, scheme := range []string{"light", "dark"} {
		p.scheme(scheme)
		for _, view := range views {
			p.view(view)
			time.Sleep(300 * time.Millisecond) // the view reads its data
			for _, width := range []int64{360, 768, 1280, 1920} {
				p.size(width, 800)
				wider := eval[[]string](p, "[document.documentElement, ...document.querySelectorAll('#bar, #bar *, main, .card, .columns')].filter((e) => e.scrollWidth > e.clientWidth && getComputedStyle(e).display !== 'inline').map((e) => `${e.tagName}.${e.className}: ${e.scrollWidth} in ${e.clientWidth}`)")
				for _, what := range wider {
					t.Errorf("%s, %s, a screen of %d: %s", view, scheme, width, what)
				}
			}
		}
	}
	p.size(360, 780)
	p.view("#overview")
	p.sees("[aria-label=Requests]", "#1")
}

func TestTheKeyboardReachesEverything(t *testing.T) {
	e := lived(t)
	p := open(e, "#registrations/1")
	p.sees("main", "Answer 403")
	p.run("document.activeElement.blur()")
	reached := map[string]bool{}
	for range 80 {
		p.key(kb.Tab)
		reached[eval[string](p, "document.activeElement.innerText?.trim() || document.activeElement.getAttribute('aria-label') || document.activeElement.id")] = true
	}
	for _, label := range []string{"Skip to the content", "Overview", "Scenario", "?", "Answer 200", "Answer other", "Copy"} {
		if !reached[label] {
			t.Errorf("Tab does not reach %q: %v", label, reached)
		}
	}
	p.run("[...document.querySelectorAll('button')].find((b) => b.innerText === 'Answer 403').focus()")
	p.key(kb.Enter)
	p.toast("403 Forbidden")
	for n, want := range map[string]string{"2": "Clock and money", "3": "Faults", "4": "Callbacks", "5": "Scenario", "6": "Connect", "7": "Coverage"} {
		p.run("document.activeElement.blur()")
		p.key(n)
		p.sees("h1", want)
	}
}

func TestEveryViewIsAccessible(t *testing.T) {
	axe, err := os.ReadFile("node_modules/axe-core/axe.min.js")
	if err != nil {
		t.Fatalf("%v: run npm ci", err)
	}
	e := lived(t)
	p := open(e, "")
	for _, scheme := range []string{"light", "dark"} {
		p.scheme(scheme)
		for _, view := range views {
			p.view(view)
			time.Sleep(500 * time.Millisecond) // the view reads its data
			p.run("(() => { " + string(axe) + " })()")
			type violation struct {
				ID, Help string
				Nodes    []struct{ HTML string }
			}
			for _, v := range eval[[]violation](p, "axe.run(document, { resultTypes: ['violations'] }).then((r) => r.violations.map((v) => ({ id: v.id, help: v.help, nodes: v.nodes.slice(0, 3).map((n) => ({ html: n.html.slice(0, 300) })) })))") {
				t.Errorf("%s, %s: %s: %s %+v", view, scheme, v.ID, v.Help, v.Nodes)
			}
		}
	}
}

// A script in every text that others can set.
func TestTextsOfOthersAreShownAsText(t *testing.T) {
	const script = `<img src=x onerror="window.hacked=1"><script>window.hacked=1</script>`
	e := start(t)
	r := newReceiver(t)
	r.status, r.body = 500, script
	text, err := json.Marshal(script)
	if err != nil {
		t.Fatal(err)
	}
	loaded := e.control("POST", "scenarios", fmt.Sprintf(`{"name":"demo","yaml":%q}`, fmt.Sprintf(
		"accounts: [{id: 1, name: demo, email: demo@example.com, api_key: demo-key, balance: 100, callback_url: %q, callback_salt: s, first_name: %s, custom_data: %s}]\n"+
			"users: [{id: 123, application_id: 123, name: %s, display_name: %s}]\nregistrations: [{id: 9, sip_username: %s, proxy: 'a<b>\"c', application_id: 123, user_id: 123}]\nfaults: [{name: f, when: {parameters: {sip_username: %s}}, then: {http: {status: 500, body: %s}}, optional: true}]\n",
		r.url, text, text, `"<b>bold</b>"`, text, text, text, text)))
	if loaded["status"] != "ok" {
		t.Fatal(loaded)
	}
	e.as(script, "CreateSipRegistration", "sip_username", script, "proxy", "<b>", script, script)
	e.as(script, script)
	e.control("POST", "registrations/9/answer", fmt.Sprintf(`{"status_code":200,"reason":%s}`, text))
	e.control("POST", "registrations/9/answer", fmt.Sprintf(`{"status_code":403,"reason":%s}`, text))
	e.control("POST", "callbacks/settle", "")
	p := open(e, "")
	p.sees("[aria-label=Registrations]", script, "403 "+script)
	for view, seen := range map[string][]string{
		"#overview": {script}, "#registrations/9": {script, "<b>bold</b>", "refused 403 " + script}, "#requests/1": {script, "<b>"}, "#requests/2": {script},
		"#requests/3": {script}, "#callbacks": {"answered 500"}, "#callbacks/1": {script}, "#clock": {"demo"}, "#faults": {"f"}, "#faults/like/1": {"window.hacked"}, "#scenario": {"demo"}, "#connect": {"demo"},
	} {
		p.view(view)
		p.sees("body", seen...)
	}
	p.view("#scenario")
	p.fill("Scenario, YAML", "nonsense: "+script)
	p.sees(".mistakes", "nonsense")
	p.sees(".marks", script)
	p.press("The text, merged, with all defaults")
	p.sees("[aria-label='The loaded scenario']", "window.hacked")
	p.holds("window.hacked === undefined && !document.querySelector('main script, main b, img[src=x]')")
}

// A PBX and a caller whose texts are scripts.
func TestTextsOfAPBXAndOfCallersAreShownAsText(t *testing.T) {
	const script = `<img src=x onerror=window.hacked=1>`
	pbx, err := net.ListenPacket("udp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = pbx.Close() })
	header := func(message, name string) string {
		found := regexp.MustCompile(`(?im)^` + name + `:[^\r\n]*`).FindString(message)
		return strings.TrimSpace(found)
	}
	call := make(chan struct{}, 1)
	go func() {
		packet := make([]byte, 64<<10)
		for called := false; ; {
			n, from, err := pbx.ReadFrom(packet)
			if err != nil {
				return // the test has ended
			}
			message := string(packet[:n])
			if !strings.HasPrefix(message, "REGISTER ") {
				continue // answers to the call
			}
			reply := []string{"SIP/2.0 403 " + script, header(message, "Via"), header(message, "From"), header(message, "To") + ";tag=1", header(message, "Call-ID"), header(message, "CSeq"), "Server: " + script, "Content-Length: 0", "", ""}
			_, _ = pbx.WriteTo([]byte(strings.Join(reply, "\r\n")), from)
			contact := regexp.MustCompile(`<(sip:[^>]*)>`).FindStringSubmatch(header(message, "Contact"))
			if called || contact == nil {
				continue
			}
			called = true
			<-call
			invite := []string{"INVITE " + contact[1] + " SIP/2.0", "Via: SIP/2.0/UDP " + pbx.LocalAddr().String() + ";branch=z9hG4bKcall", "From: \"" + script + "\" <sip:caller@127.0.0.1>;tag=c", "To: <" + contact[1] + ">", "Call-ID: call", "CSeq: 1 INVITE", "Max-Forwards: 70", "User-Agent: " + script, "Contact: <sip:caller@" + pbx.LocalAddr().String() + ">", "Content-Length: 0", "", ""}
			_, _ = pbx.WriteTo([]byte(strings.Join(invite, "\r\n")), from)
		}
	}()
	e := start(t, "--sip", "127.0.0.1")
	e.api("CreateSipRegistration", "sip_username", "desk", "proxy", pbx.LocalAddr().String())
	p := open(e, "#registrations/5")
	p.sees("main", "→ REGISTER sip:", "← SIP/2.0 403 "+script, "refused 403 "+script)
	call <- struct{}{}
	p.sees("main", "INVITE sip:")
	p.view("#overview")
	p.sees("[aria-label=Registrations]", "403 "+script)
	p.holds("window.hacked === undefined && !document.querySelector('img[src=x]')")
}

// The hour of a tester who uses nothing but the page. The client's requests are those of
// the program under test.
func TestATestersHour(t *testing.T) {
	r := newReceiver(t)
	e := start(t, "--scenario", "empty")
	p := open(e, "")
	p.sees("main", "No registrations yet", "No requests yet")

	p.pressIn("nav", "Scenario")
	p.sees("main", "Scenarios and files: empty")
	p.fill("Scenario, YAML", `extends: demo
clock: {start: 2030-03-01T09:00:00Z, stopped: true}
accounts:
  - id: 1
    name: demo
    api_key: demo-key
    balance: 14.00
    callback_url: `+r.url+`
`)
	p.sees("main", "no mistakes")
	p.press("Apply")
	p.toast("The scenario is loaded")
	p.picture("hour-1-scenario")

	p.pressIn("nav", "Overview")
	p.sees("[aria-label=Registrations]", "JohnGalt@sip.example.com")
	p.run("document.activeElement.blur()")
	p.key("j")
	p.key(enter)
	p.sees("h1", "JohnGalt@sip.example.com")
	p.press("Answer 503")
	p.sees(".timeline", "refused 503 Service Unavailable")
	p.sees(".viewhead", "Failed")
	p.picture("hour-2-failed")

	e.api("CreateSipRegistration", "sip_username", "sales", "proxy", "sip.example.com")
	p.key(escape)
	p.sees("[aria-label=Requests]", "CreateSipRegistration", "ok")
	p.key("l")
	p.key("j")
	p.key(enter)
	p.sees("main", "sales", "fits")

	p.press("Choose another fault…")
	p.press("The next create is lost")
	p.sees("[aria-label='The rule as YAML']", "after: true", "times: 1")
	p.press("Arm the rule")
	p.toast("is armed")
	if reply := e.api("CreateSipRegistration", "sip_username", "desk", "proxy", "sip.example.com"); reply != nil {
		t.Errorf("the reply is not lost: %v", reply)
	}
	p.pressIn("nav", "Overview")
	p.sees("[aria-label=Requests]", "no reply", "fault fault-1")
	p.sees("[aria-label=Registrations]", "desk@sip.example.com")
	p.picture("hour-3-lost")

	p.pressIn("nav", "Clock & money")
	p.fill("Advance by", "3mo")
	p.press("Advance by")
	p.toast("It is 2030-06-01 09:00:00 UTC")
	p.sees("main", "sip_registration_charge", "3 registrations are frozen for want of money")
	p.picture("hour-4-frozen")
	p.pressIn("nav", "Overview")
	p.sees("[aria-label=Registrations]", "Frozen")

	p.pressIn("nav", "Clock & money")
	p.fill("Amount", "20.00")
	p.press("Top up")
	p.toast("The balance of account 1 is")
	p.seesNot("main", "frozen for want of money")
	p.holds("document.querySelector('.plot circle')")
	p.view("#registrations/5")
	p.sees(".timeline", "created", "renewed", "frozen", "thawed", "registered 200")
	p.picture("hour-5-thawed")

	p.pressIn("nav", "Callbacks")
	p.sees("main", "sip_registration_fail", "renewed_subscriptions", "subscription_is_frozen", "Delivered")
	before := len(r.got)
	p.view("#callbacks/1")
	p.press("Send again")
	p.toast("is sent once more")
	eventually(t, "the receiver gets it again", func() bool { return len(r.got) > before })
	p.sees("[aria-label=Attempts]", "2")
	p.picture("hour-6-callback")

	p.pressIn("nav", "Scenario")
	p.run("window.saved = '', URL.createObjectURL = (b) => { b.text().then((t) => { window.saved = t; }); return 'blob:x'; }, HTMLAnchorElement.prototype.click = function () {}")
	p.press("Export as YAML")
	p.holds("window.saved.includes('desk') && window.saved.includes('sales')")
}
