package console

import (
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

var (
	binary = flag.String("binary", "../../../bin/voxemu", "the program to test")
	images = flag.String("images", "", "folder for the pictures of the documentation; none are written without it")
	load   = flag.Duration("load", 8*time.Second, "time of the load test")
)

// chromium is Debian's browser.
const chromium = "/usr/bin/chromium"

// patience is how long a test waits for the page.
const patience = 20 * time.Second

// browser is the browser of all tests.
var browser context.Context

func TestMain(m *testing.M) {
	flag.Parse()
	options := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.ExecPath(chromium), chromedp.NoSandbox, chromedp.DisableGPU,
		chromedp.Flag("disable-quic", true), chromedp.Flag("disable-component-update", true), chromedp.Flag("enable-precise-memory-info", true), chromedp.Flag("js-flags", "--expose-gc"))
	allocator, free := chromedp.NewExecAllocator(context.Background(), options...)
	started, end := chromedp.NewContext(allocator)
	if err := chromedp.Do(started); err != nil {
		fmt.Fprintf(os.Stderr, "the browser %s does not start: %v\n", chromium, err)
		os.Exit(1)
	}
	browser = started
	code := m.Run()
	end()
	free()
	os.Exit(code)
}

// tab is a page of the browser.
type tab struct {
	*testing.T
	context context.Context
	base    string

	mu        sync.Mutex // guards the fields below
	errors    []string
	elsewhere []string
}

// open opens the console at a view, such as #clock, and waits until it shows the
// emulator. The test fails if the page reports an error or asks anything else for
// anything.
func open(e *emulator, view string) *tab {
	e.Helper()
	p := newTab(e.T, e.url)
	p.visit(e.url + "/_voxemu/console/" + view)
	p.sees(".link", "Connected")
	return p
}

func newTab(t *testing.T, base string) *tab {
	t.Helper()
	ctx, stop := chromedp.NewContext(browser)
	p := &tab{T: t, context: ctx, base: base}
	if err := chromedp.Listen(ctx, p.listen); err != nil {
		t.Fatal(err)
	}
	p.do(command(log.Enable, cdp.Empty{}))
	p.size(1360, 860)
	t.Cleanup(func() {
		stop()
		p.mu.Lock()
		defer p.mu.Unlock()
		for _, text := range p.errors {
			t.Errorf("the page reports: %s", text)
		}
		for _, address := range p.elsewhere {
			t.Errorf("the page asks for %s", address)
		}
	})
	return p
}

// forgive forgets what the browser reports of failed requests that contain a text.
func (p *tab) forgive(text string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.errors = slices.DeleteFunc(p.errors, func(e string) bool { return strings.Contains(e, text) })
}

func (p *tab) listen(event any) {
	p.mu.Lock()
	defer p.mu.Unlock()
	switch e := event.(type) {
	case *runtime.EventExceptionThrown:
		text, _ := json.Marshal(e.ExceptionDetails) // cannot fail: it was JSON
		p.errors = append(p.errors, string(text))
	case *runtime.EventConsoleAPICalled:
		if e.Type == "error" || e.Type == "warning" {
			text, _ := json.Marshal(e.Args)
			p.errors = append(p.errors, string(text))
		}
	case *log.EventEntryAdded:
		if e.Entry.Level == "error" {
			p.errors = append(p.errors, e.Entry.Text+" "+e.Entry.URL)
		}
	case *network.EventRequestWillBeSent:
		address := e.Request.URL
		if !strings.HasPrefix(address, p.base+"/") && !strings.HasPrefix(address, "blob:") {
			p.elsewhere = append(p.elsewhere, address)
		}
	}
}

// command is an action that sends a command of the protocol.
func command[P, R any](c cdp.Command[P, R], parameters P) chromedp.Action[chromedp.Void] {
	return chromedp.Func(func(ctx context.Context, t *chromedp.Target) error {
		_, err := cdp.Call(ctx, t, c, parameters)
		return err
	})
}

// do runs actions, which must not fail.
func (p *tab) do(actions ...chromedp.Action[chromedp.Void]) {
	p.Helper()
	ctx, stop := context.WithTimeout(p.context, patience)
	defer stop()
	if err := chromedp.Do(ctx, actions...); err != nil {
		p.Fatalf("the page: %v", err)
	}
}

func (p *tab) visit(address string) {
	p.Helper()
	p.do(chromedp.Navigate(address))
}

// view shows another view.
func (p *tab) view(hash string) {
	p.Helper()
	p.run(fmt.Sprintf("location.hash = %q", hash))
}

// eval returns the value of an expression.
func eval[T any](p *tab, expression string) T {
	p.Helper()
	ctx, stop := context.WithTimeout(p.context, patience)
	defer stop()
	value, err := chromedp.Run(ctx, chromedp.Evaluate[T](expression, chromedp.EvalAwaitPromise))
	if err != nil {
		p.Fatalf("%s: %v", expression, err)
	}
	return value
}

func (p *tab) run(statement string) {
	p.Helper()
	eval[bool](p, "("+statement+", true)")
}

// text returns the text of the elements that a CSS selector finds, as a reader sees it.
func (p *tab) text(selector string) string {
	p.Helper()
	return eval[string](p, fmt.Sprintf("[...document.querySelectorAll(%q)].map((e) => e.innerText).join('\\n')", selector))
}

// sees waits until the elements of a selector contain texts.
func (p *tab) sees(selector string, texts ...string) {
	p.Helper()
	seen := ""
	for end := time.Now().Add(patience); time.Now().Before(end); time.Sleep(30 * time.Millisecond) {
		seen = p.text(selector)
		missing := false
		for _, text := range texts {
			missing = missing || !strings.Contains(seen, text)
		}
		if !missing {
			return
		}
	}
	p.Fatalf("%s: want %q in:\n%s", selector, texts, seen)
}

// seesNot waits until the elements of a selector do not contain a text.
func (p *tab) seesNot(selector, text string) {
	p.Helper()
	eventually(p.T, selector+" without "+text, func() bool { return !strings.Contains(p.text(selector), text) })
}

// holds waits until an expression is true.
func (p *tab) holds(expression string) {
	p.Helper()
	eventually(p.T, expression, func() bool { return eval[bool](p, "Boolean("+expression+")") })
}

// press clicks the button, link or summary with a label.
func (p *tab) press(label string) {
	p.Helper()
	p.pressIn("main", label)
}

// pressIn presses inside the element of a selector.
func (p *tab) pressIn(selector, label string) {
	p.Helper()
	find := fmt.Sprintf(`(() => {
		const found = [...document.querySelectorAll(%q)].flatMap((e) => [...e.querySelectorAll('button, a, summary')]).find((e) => (e.innerText.trim() === %[2]q || e.getAttribute('aria-label') === %[2]q) && !e.disabled && e.offsetParent !== null);
		if (!found) return null;
		found.scrollIntoView({ block: 'center' });
		const box = found.getBoundingClientRect();
		return [box.x + Math.min(box.width / 2, 40), box.y + Math.min(box.height / 2, 12)];
	})()`, selector, label)
	var at []float64
	eventually(p.T, "the button "+label, func() bool { // which stays where it is
		before := at
		at = eval[[]float64](p, find)
		return at != nil && slices.Equal(before, at)
	})
	p.do(chromedp.MouseClickXY(at[0], at[1]))
}

// fill sets the field with a label, as typing does.
func (p *tab) fill(label, value string) {
	p.Helper()
	p.holds(fmt.Sprintf(`(() => {
		const label = [...document.querySelectorAll('label')].find((l) => l.innerText.trim() === %[1]q);
		const field = label ? document.getElementById(label.htmlFor) : document.querySelector('[aria-label=' + CSS.escape(%[1]q) + ']') ?? [...document.querySelectorAll('[aria-label]')].find((e) => e.getAttribute('aria-label') === %[1]q);
		if (!field) return false;
		field.focus();
		if (field.type === 'checkbox') { if (String(field.checked) !== %[2]q) field.click(); return true; }
		field.value = %[2]q;
		field.dispatchEvent(new Event('input', { bubbles: true }));
		field.dispatchEvent(new Event('change', { bubbles: true }));
		return field.value === %[2]q;
	})()`, label, value))
}

// key presses keys. Characters are typed unless the page takes the key for itself.
func (p *tab) key(keys string) {
	p.Helper()
	for _, r := range keys {
		key := string(r)
		if r < ' ' || r > '~' {
			p.do(chromedp.KeyEvent(key))
			continue
		}
		for _, kind := range []input.DispatchKeyEventType{"keyDown", "keyUp"} {
			event := input.DispatchKeyEventParams{Type: kind, Key: key}
			if kind == "keyDown" {
				event.Text = key
			}
			p.do(command(input.DispatchKeyEvent, event))
		}
	}
}

// toast waits for a message of the page and closes all.
func (p *tab) toast(text string) {
	p.Helper()
	p.sees("#toasts", text)
	p.run("document.querySelectorAll('.toast button').forEach((b) => b.click())")
}

// picture writes a picture of the page for the documentation.
func (p *tab) picture(name string) {
	p.Helper()
	if *images == "" {
		return
	}
	p.run("document.querySelectorAll('.toast button').forEach((b) => b.click())")
	p.run("document.activeElement?.blur()")
	p.run("scrollTo(0, 0)")
	time.Sleep(200 * time.Millisecond) // for the toasts to go
	ctx, stop := context.WithTimeout(p.context, patience)
	defer stop()
	png, err := chromedp.Run(ctx, chromedp.CaptureScreenshot())
	if err != nil {
		p.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(*images, "console-"+name+".png"), png, 0o644); err != nil {
		p.Fatal(err)
	}
}

// size sets the size of the page.
func (p *tab) size(width, height int64) {
	p.Helper()
	p.do(command(emulation.SetDeviceMetricsOverride, emulation.SetDeviceMetricsOverrideParams{Width: width, Height: height, DeviceScaleFactor: 1}))
}

// scheme chooses light or dark.
func (p *tab) scheme(name string) {
	p.Helper()
	p.do(command(emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: name}}}))
}

// serveHTTP serves a handler until the test ends and returns its URL.
func serveHTTP(t *testing.T, address string, handler http.Handler) string {
	t.Helper()
	listener, err := net.Listen("tcp", address)
	if err != nil {
		t.Fatal(err)
	}
	server := &http.Server{Handler: handler}
	go func() { _ = server.Serve(listener) }()
	t.Cleanup(func() { _ = server.Close() })
	return "http://" + listener.Addr().String()
}

const (
	enter  = kb.Enter
	escape = kb.Escape
)
