package console

import (
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// 1. The page.

func TestTheRootLeadsABrowserToTheConsole(t *testing.T) {
	e := start(t)
	p := newTab(t, e.url)
	p.visit(e.url + "/")
	p.sees(".link", "Connected")
	p.holds("location.pathname === '/_voxemu/console/'")
}

func TestALinkOfAnotherSiteOpensTheConsole(t *testing.T) {
	e := start(t)
	site := serveHTTP(t, "127.0.0.1:0", http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/html")
		fmt.Fprintf(w, `<link rel="icon" href="data:,"><a href="%s/_voxemu/console/">console</a>`, e.url)
	}))
	other := strings.Replace(site, "127.0.0.1", "localhost", 1)
	p := newTab(t, "http:")
	p.visit(other)
	p.base = "http://" // two sites are asked here
	p.run("document.querySelector('a').click()")
	p.sees(".link", "Connected")
	p.elsewhere = nil
}

func TestTheTokenIsAskedForAndKeptInTheTab(t *testing.T) {
	e := start(t, "--control-token", token)
	p := newTab(t, e.url)
	p.visit(e.url + "/_voxemu/console/")
	p.fill("Token of the control API", "wrong")
	p.pressIn("#notice", "Connect")
	p.holds("document.querySelector('#token')?.value === ''")
	p.fill("Token of the control API", token)
	p.pressIn("#notice", "Connect")
	p.sees(".link", "Connected")
	p.sees("main", "JohnGalt@sip.example.com")
	p.holds("!location.href.includes('sesame') && Object.values(sessionStorage).includes('" + token + "') && localStorage.length === 0")
	p.run("location.reload()")
	p.sees("main", "JohnGalt@sip.example.com")
	p.view("#registrations/1")
	p.pressIn("main", "Answer 403")
	p.toast("403 Forbidden")
	p.forgive("401")
}

// 2. The first view.

func TestRegistrationsAndRequestsAreShownLive(t *testing.T) {
	e := start(t)
	e.control("POST", "accounts", `{"name":"shop","credentials":false}`)
	p := open(e, "")
	p.sees("[aria-label=Registrations]", "JohnGalt@sip.example.com", "Registered", "200", "application 123", "1.00 USD/mo", "on hold",
		"Failed", "403 Forbidden", "In progress", "Frozen", "renewal in")
	p.sees(".pane:nth-child(2)", "No requests yet")
	e.api("CreateSipRegistration", "sip_username", "sales", "proxy", "sip.example.com", "colour", "red")
	p.sees("[aria-label=Registrations]", "sales@sip.example.com")
	p.sees("[aria-label=Requests]", "#1", "CreateSipRegistration", "account 1", "ok", "1 mistake")
	e.control("POST", "faults", `{"name":"busy","then":{"http":{"status":503}},"times":1}`)
	e.api("GetSipRegistrations")
	p.sees("[aria-label=Requests]", "#2", "GetSipRegistrations", "HTTP 503", "fault busy")
	e.api("DeleteSipRegistration", "sip_registration_id", "99")
	p.sees("[aria-label=Requests]", "#3", "INVALID_REGISTRATION_ID")
	p.picture("overview")

	p.fill("Account", "2")
	p.sees("[aria-label=Registrations] + .hint", "No registrations yet")
	p.seesNot("[aria-label=Requests]", "#1")
	p.fill("Account", "0")
	p.sees("[aria-label=Registrations]", "JohnGalt")

	p.key("/")
	p.key("dagny")
	p.sees(".pane:nth-child(1) .count", "1 of 5")
	p.seesNot("[aria-label=Registrations]", "JohnGalt")
	p.key(enter)
	p.fill("Filter registrations and requests", "")
	p.run("document.activeElement.blur()")
	p.sees("[aria-label=Registrations] [aria-selected=true]", "dagny")
	p.key("j")
	p.sees("[aria-label=Registrations] [aria-selected=true]", "hank")
	p.key("k")
	p.sees("[aria-label=Registrations] [aria-selected=true]", "dagny")
	p.key("j")
	p.key(enter)
	p.sees("h1", "hank@slow.example.net")
	p.key(escape)
	p.sees("h1", "Overview")
	p.key("l")
	p.key("j")
	p.sees("[aria-label=Requests] [aria-selected=true]", "#3")
	p.key(enter)
	p.sees("h1", "#3 DeleteSipRegistration")
	p.key("j")
	p.sees("h1", "#2 GetSipRegistrations")
	p.key("?")
	p.sees("dialog", "filter", "next and previous row")
	p.key(escape)
	p.holds("!document.querySelector('dialog')")
}

// 3. A registration.

func TestARegistrationIsAnsweredAndItsTimelineGrows(t *testing.T) {
	e := start(t)
	r := newReceiver(t)
	e.api("SetAccountInfo", "callback_url", r.url, "callback_salt", "pepper")
	e.api("CreateSipRegistration", "sip_username", "sales", "proxy", "sip.example.com")
	p := open(e, "#registrations/5")
	p.sees("main", "sales@sip.example.com", "created", "registered 200", "not bound", "1.00 USD a month")
	for status, words := range map[string]string{"403": "Forbidden", "401": "Unauthorized", "408": "Request Timeout", "503": "Service Unavailable"} {
		p.press("Answer " + status)
		p.toast(status + " " + words)
		p.sees(".timeline", "refused "+status+" "+words)
		p.sees(".viewhead", "Failed")
		p.sees(".equivalent", "voxemu answer 5 "+status)
	}
	p.fill("Other status", "486")
	p.fill("Reason", "Busy here")
	p.press("Answer other")
	p.sees(".timeline", "refused 486 Busy here")
	p.press("Answer 200")
	p.sees(".timeline", "recovered 200")
	p.sees(".viewhead", "Registered")
	p.sees("main", "#2", "CreateSipRegistration", "sip_registration_fail", "sip_registration_recovered", "Delivered")
	e.control("POST", "clock/advance", `{"duration":"1mo"}`)
	p.sees(".timeline", "renewed")
	p.pressIn("main .card table", "#2")
	p.sees("h1", "CreateSipRegistration")
}

func TestTheUserOfARegistrationIsLoggedInAndOut(t *testing.T) {
	e := start(t)
	e.api("CreateSipRegistration", "sip_username", "phone", "proxy", "sip.example.com", "is_persistent", "false")
	bound := e.api("BindSipRegistration", "sip_registration_id", "5", "application_id", "123", "user_id", "123")
	if bound["result"] == nil {
		t.Fatal(bound)
	}
	p := open(e, "#registrations/5")
	p.sees("main", "Logged in", "no", "Offline")
	p.press("Log in")
	p.sees(".viewhead", "Registered")
	p.sees(".timeline", "registered 200")
	p.press("Log out")
	p.sees(".viewhead", "Offline")
	p.sees(".timeline", "offline")
}

// 4. A request.

func TestARequestIsExplainedAndCopied(t *testing.T) {
	e := start(t)
	e.control("POST", "faults", `{"name":"deletes","when":{"method":"Delete*"},"then":{"hang":{}}}`)
	e.api("CreateSipRegistration", "sip_username", "sales", "proxy", "sip.example.com", "is_persistent", "perhaps", "colour", "red", "password", "hush")
	p := open(e, "#requests/1")
	p.sees("main", "voxemu-test", "recognised by its credentials", "sip_username", "fits", "colour", "unknown", "is_persistent", "does not fit", "***", "missed by when.method")
	p.seesNot("body", "hush")
	p.seesNot("body", "demo-key")
	p.sees("[aria-label='curl command']", e.url+"/platform_api/CreateSipRegistration", "sip_username=sales", `"api_key=$API_KEY"`)
	p.sees("[aria-label='Go: expect this request']", `testkit.Call("CreateSipRegistration")`, `With("sip_username", "sales")`, "Once()")
	p.sees("[aria-label='Python: expect this request']", `voxemu.expect("CreateSipRegistration", `, `sip_username="sales"`, ").once()")
	node := p.text("[aria-label='Node: expect this request']")
	parameters := regexp.MustCompile(`^await emu\.expect\("CreateSipRegistration", (\{.*\})\)\.once\(\);`).FindStringSubmatch(node)
	if parameters == nil {
		t.Fatalf("Node: %s", node)
	}
	if verdict := e.control("POST", "verify", `{"filter":{"method":"CreateSipRegistration","parameters":`+parameters[1]+`},"times":{"min":1,"max":1}}`); verdict["status"] != "ok" {
		t.Errorf("what Node is told to expect: %v", verdict)
	}
	p.picture("request")
	p.press("Fail with HTTP 503")
	p.toast("fault-1 is armed")
	e.api("CreateSipRegistration", "sip_username", "other", "proxy", "sip.example.com")
	e.api("CreateSipRegistration", "sip_username", "sales", "proxy", "sip.example.com", "is_persistent", "perhaps", "colour", "red")
	p.view("#requests/3")
	p.sees("main", "fault-1", "took it", "HTTP 503")
	p.view("#requests/2")
	p.sees("h1", "#2")
	p.seesNot("main", "took it")
	p.view("#requests/1")
	p.press("Choose another fault…")
	p.sees("[aria-label='The rule as YAML']", "method: CreateSipRegistration", "sip_username: sales", "times: 1")
}

// The second emulator plays the real service.
func TestWhatTheRealServiceAnswersOtherwiseIsShown(t *testing.T) {
	real := start(t)
	real.control("POST", "faults", `{"name":"other","when":{"method":"GetSipRegistrations"},"then":{"api_error":"INSUFFICIENT_MONEY"}}`)
	credentials, err := json.Marshal(real.control("POST", "keys/owner-key/credentials", ""))
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "credentials.json")
	if err := os.WriteFile(file, credentials, 0o600); err != nil {
		t.Fatal(err)
	}
	e := start(t, "--spy-upstream", real.url, "--spy-credentials", file)
	e.api("GetSipRegistrations")
	e.api("GetSubscriptionPrice")
	eventually(t, "the difference is known", func() bool { return e.control("GET", "requests/1", "")["differences"] != nil })
	p := open(e, "#requests/1")
	p.sees(".card:has(h2)", "The real service", "error")
	p.view("#requests/2")
	p.sees("h1", "#2")
	p.seesNot("main", "The real service")
}

// 5. Clock and money.

func TestTheClockMovesAndMoneyIsShown(t *testing.T) {
	e := start(t)
	p := open(e, "#clock")
	p.press("Stop")
	p.sees("#bar .clock", "clock stopped")
	now := func() string { return e.control("GET", "clock", "")["now"].(string) }
	before := now()
	p.sees("main", "renewal", "JohnGalt@sip.example.com")
	for _, step := range []string{"+1 h", "+1 d"} {
		p.press(step)
		p.toast("It is ")
	}
	if after := now(); after == before {
		t.Errorf("it is still %s", after)
	}
	due := e.control("GET", "clock/due", "")["events"].([]any)[0].(map[string]any)["at"].(string)
	p.press("To the next event")
	p.toast("It is ")
	if now() != due {
		t.Errorf("it is %s, the next event was due at %s", now(), due)
	}
	p.press("+1 mo")
	p.toast("It is ")
	p.sees("main", "sip_registration_charge", "-1.00 USD", "registration 1")
	p.fill("Amount", "25.50")
	p.press("Top up")
	p.toast("The balance of account 1 is")
	p.sees("main", "card_payment", "25.50 USD")
	p.holds("document.querySelector('svg.plot .curve')?.getAttribute('d').includes('V')")
	p.sees(".equivalent", "voxemu accounts top-up 1 25.50")
	p.fill("Advance by", "2mo")
	p.press("Advance by")
	p.toast("It is ")
	p.press("Resume")
	p.sees("#bar .clock", "clock offset")
}

// 6. Faults.

func TestAFaultIsArmedFromTheForm(t *testing.T) {
	e := start(t)
	e.api("CreateSipRegistration", "sip_username", "sales", "proxy", "sip.example.com")
	e.api("GetSipRegistrations")
	p := open(e, "#faults")
	p.sees("main", "None are armed", "It would have taken 2 of the last 2")
	p.fill("Method", "CreateSipRegistration")
	p.press("+ condition on a parameter")
	p.holds("[...document.querySelectorAll('.pair option')].some((o) => o.value === 'sip_username') && ![...document.querySelectorAll('.pair option')].some((o) => o.value === 'callback_salt')")
	p.fill("Name of a parameter", "sip_username")
	p.fill("Pattern for its value", "sal*")
	p.fill("Kind", "api_error")
	p.holds("[...document.querySelectorAll('#fault-member-api_error ~ datalist option')].some((o) => o.value === 'INSUFFICIENT_MONEY')")
	p.fill("api_error", "INSUFFICIENT_MONEY")
	p.fill("Times", "1")
	p.fill("Name", "poor")
	p.sees("[aria-label='The rule as YAML']", "name: poor", "method: CreateSipRegistration", `sip_username: "sal*"`, "api_error: INSUFFICIENT_MONEY", "times: 1")
	p.sees("main", "It would have taken 1 of the last 2", "missed by when.method")
	p.fill("api_error", "NO_SUCH_ERROR")
	p.sees("[role=alert]", "NO_SUCH_ERROR")
	p.forgive("422")
	p.fill("api_error", "INSUFFICIENT_MONEY")
	p.sees("main", "It would have taken 1 of the last 2")
	p.press("Arm the rule")
	p.toast("poor is armed")
	p.sees("[aria-label='Armed rules']", "poor", "1")
	refused := e.api("CreateSipRegistration", "sip_username", "salt", "proxy", "sip.example.com")
	if code := refused["error"].(map[string]any)["code"]; code != 127.0 {
		t.Errorf("code %v", code)
	}
	p.run("document.activeElement.blur()")
	p.holds("document.querySelector('[aria-label=\"Armed rules\"] tbody .pill.bad')?.innerText === '1'")
	p.pressIn("[aria-label='Armed rules']", "Disarm")
	p.sees("main", "None are armed")
	p.press("Everything fails with 503")
	p.press("Arm the rule")
	p.toast("fault-1 is armed")
	p.press("Disarm all")
	p.sees("main", "None are armed")
}

// 7. Callbacks.

func TestACallbackIsShownAndSentAgain(t *testing.T) {
	e := start(t)
	r := newReceiver(t)
	r.status, r.body = 500, "not now"
	e.api("SetAccountInfo", "callback_url", r.url+"/hook", "callback_salt", "pepper")
	e.control("POST", "registrations/1/answer", `{"status_code":403}`)
	p := open(e, "#callbacks")
	p.sees("main", "#1", "sip_registration_fail", "Retrying", "answered 500")
	p.pressIn("main", "#1")
	p.sees("main", r.url+"/hook", "answered 500", "not now", "fits", `"sip_registration_fail"`, `"status_code": "403"`, "Next attempt", "(in ")
	r.status = 200
	p.press("Send again")
	p.toast("Callback 1 is sent once more")
	p.sees(".viewhead", "Delivered")
	p.sees("[aria-label=Attempts]", "HTTP 200", "answered 500")
	if len(r.got) != 2 {
		t.Errorf("the receiver got %d requests", len(r.got))
	}
}

// 8. Scenario.

func TestAScenarioIsCheckedTriedAppliedAndCompared(t *testing.T) {
	e := start(t)
	p := open(e, "#scenario")
	p.sees("main", "Scenarios and files: demo", "one account with four registrations", "low-balance")
	p.fill("Scenario, YAML", "extends: demo\nbilling:\n  monthly_fee: 2.00\n  fee: 1\n")
	p.sees(".mistakes", "line 4, column 3", "fee")
	p.sees(".marks mark", "fee")
	p.sees(".lines .bad", "4")
	p.pressIn(".mistakes", "line 4, column 3")
	p.holds("document.querySelector('textarea').selectionStart === 'extends: demo\\nbilling:\\n  monthly_fee: 2.00\\n  '.length")
	p.fill("Scenario, YAML", "extends: demo\nbilling:\n  monthly_fee: 2.00\naccounts:\n  - {id: 7, name: shop}\n")
	p.sees("main", "no mistakes")
	p.fill("Name", "before")
	p.press("Take a snapshot")
	p.toast("before is kept")
	p.press("Dry run")
	p.sees("[aria-label=Differences]", "accounts 7", "added", "billing", "monthly_fee", "2.00")
	if len(e.control("GET", "accounts", "")["accounts"].([]any)) != 1 {
		t.Error("a dry run has changed the state")
	}
	p.press("Apply")
	p.toast("The scenario is loaded")
	p.sees("main", "2 accounts")
	p.fill("Name", "after")
	p.press("Take a snapshot")
	p.toast("after is kept")
	p.fill("Before", "before")
	p.fill("After", "after")
	p.press("Compare")
	p.sees("[aria-live] [aria-label=Differences]", "accounts 7", "added")
	p.pressIn("[aria-label='Snapshot before'] ~ *, .actions", "Restore")
	p.toast("The state is that of")
	p.press("Delete")
	p.toast("is deleted")
	downloaded := func(label string) string {
		p.run("window.saved = '', URL.createObjectURL = (b) => { b.text().then((t) => { window.saved = t; }); return 'blob:x'; }, HTMLAnchorElement.prototype.click = function () { window.file = this.download; }")
		p.press(label)
		p.holds("window.saved.length > 0")
		return eval[string](p, "window.file + '\\n' + window.saved")
	}
	if text := downloaded("Export as YAML"); !strings.Contains(text, "JohnGalt") || strings.Contains(text, "demo-key") {
		t.Errorf("export:\n%.500s", text)
	}
	if text := downloaded("Export with secrets"); !strings.Contains(text, "demo-key") {
		t.Errorf("export with secrets:\n%.500s", text)
	}
	p.press("Load empty")
	p.toast("empty is loaded")
	p.sees("main", "Scenarios and files: empty", "0 registrations")
	p.press("Show demo")
	p.sees(".marks", "JohnGalt")
	p.press("Reset")
	p.toast("The state is that of the scenarios again")
	p.press("The text, merged, with all defaults")
	p.sees("[aria-label='The loaded scenario']", "accounts:")
}

// 9. Connect, coverage, assumptions.

func TestLinesToConnectAreCopyable(t *testing.T) {
	e := start(t)
	p := open(e, "#connect")
	host := strings.TrimPrefix(e.url, "http://")
	p.sees("[aria-label=curl]", e.url+"/platform_api/GetSipRegistrations", "YOUR_API_KEY")
	p.sees("[aria-label='Node, official SDK']", "apiclient-nodejs", "--host "+host, "owner-key")
	p.sees("[aria-label='Python, official SDK']", "VoximplantAPI")
	p.sees("[aria-label=Go]", "http.PostForm")
	p.press("Show the api key in the lines")
	p.sees("[aria-label=curl]", "demo-key")
	p.run("window.saved = '', URL.createObjectURL = (b) => { b.text().then((t) => { window.saved = t; }); return 'blob:x'; }, HTMLAnchorElement.prototype.click = function () {}")
	p.press("Download credentials.json")
	p.holds("window.saved.includes('private_key') && JSON.parse(window.saved).key_id === 'owner-key'")
	p.run("window.saved = ''")
	p.press("Download the certificate")
	p.holds("window.saved.startsWith('-----BEGIN CERTIFICATE')")
	p.run("navigator.clipboard.writeText = (t) => { window.copied = t; return Promise.resolve(); }")
	p.press("Copy: curl")
	p.holds("window.copied.includes('curl -sS') && window.copied.includes('demo-key')")
}

func TestCoverageAndAssumptionsAreSearched(t *testing.T) {
	e := start(t)
	p := open(e, "#coverage")
	p.sees("main", "CreateSipRegistration", "A1", "not emulated")
	p.fill("Search methods and assumptions", "balance")
	p.seesNot("[aria-label=Methods]", "CreateSipRegistration")
	p.sees("[aria-label=Assumptions]", "A36")
	p.fill("Search methods and assumptions", "DeleteSipRegistration")
	p.sees(".toolbar .count", "1 methods")
}
