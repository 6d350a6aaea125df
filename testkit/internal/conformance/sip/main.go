// Program sip holds real registrations against SIP software that others wrote: Kamailio as
// the PBX, and SIPp as PBXs that answer badly. Both must be installed.
package main

import (
	"bufio"
	"context"
	_ "embed"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"time"
)

//go:embed kamailio.cfg
var kamailioConfig string

func main() {
	binary := flag.String("binary", "bin/voxemu", "the emulator")
	node := flag.String("node", "testkit/internal/conformance/node", "folder with the official Node SDK")
	flag.Parse()
	if err := run(*binary, *node); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(binary, node string) (err error) {
	folder, err := os.MkdirTemp("", "voxemu-sip")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(folder)) }()
	emu, stop, err := startEmulator(binary, folder)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, stop()) }()
	emu.node = node
	return errors.Join(emu.checkKamailio(folder), emu.checkBadRegistrars(folder))
}

// emulator is a running voxemu.
type emulator struct {
	binary, folder string
	base, secure   string // URLs of HTTP and HTTPS
	node           string
}

func startEmulator(binary, folder string) (emulator, func() error, error) {
	c := exec.Command(binary, "serve", "--addr", "127.0.0.1:0", "--tls-addr", "127.0.0.1:0", "--sip", "127.0.0.1")
	c.Env = append(os.Environ(), "VOXEMU_CONFIG_DIR="+folder)
	errs, err := c.StderrPipe()
	if err != nil {
		return emulator{}, nil, err
	}
	if err := c.Start(); err != nil {
		return emulator{}, nil, err
	}
	lines := bufio.NewScanner(errs)
	for lines.Scan() {
		if _, rest, ok := strings.Cut(lines.Text(), "voxemu ready http="); ok {
			go func() { _, _ = io.Copy(io.Discard, errs) }() // so that it never blocks
			at := strings.Fields(strings.Replace(rest, "https=", "", 1))
			return emulator{binary: binary, folder: folder, base: at[0], secure: at[1]}, func() error { return end(c) }, nil
		}
	}
	return emulator{}, nil, errors.Join(errors.New("the emulator did not start"), end(c))
}

// end stops a program that was started.
func end(c *exec.Cmd) error {
	if err := c.Process.Signal(syscall.SIGTERM); err != nil {
		return err
	}
	err := c.Wait()
	var exit *exec.ExitError
	if errors.As(err, &exit) {
		return nil // by the signal
	}
	return err
}

// registration is a row of GetSipRegistrations.
type registration struct {
	ID         int64  `json:"sip_registration_id"`
	Successful *bool  `json:"successful"`
	StatusCode int64  `json:"status_code"`
	Message    string `json:"error_message"`
}

func (r registration) String() string {
	if r.Successful == nil {
		return "in progress"
	}
	if *r.Successful {
		return "successful"
	}
	return strings.TrimSpace(fmt.Sprintf("failed %d %s", r.StatusCode, r.Message))
}

func (e emulator) call(method string, out any, parameters ...string) error {
	form := url.Values{"account_id": {"1"}, "api_key": {"demo-key"}}
	for i := 0; i < len(parameters); i += 2 {
		form.Set(parameters[i], parameters[i+1])
	}
	reply, err := http.PostForm(e.base+"/platform_api/"+method, form)
	if err != nil {
		return err
	}
	defer reply.Body.Close()
	return json.NewDecoder(reply.Body).Decode(out)
}

func (e emulator) create(user, password, proxy string) (id int64, err error) {
	var made registration
	err = e.call("CreateSipRegistration", &made, "sip_username", user, "password", password, "proxy", proxy)
	if err == nil && made.ID == 0 {
		err = fmt.Errorf("%s at %s was not created", user, proxy)
	}
	return made.ID, err
}

// becomes waits until a registration is as wanted.
func (e emulator) becomes(id int64, want string, limit time.Duration) error {
	last := ""
	for deadline := time.Now().Add(limit); time.Now().Before(deadline); time.Sleep(20 * time.Millisecond) {
		var list struct{ Result []registration }
		if err := e.call("GetSipRegistrations", &list, "sip_registration_id", fmt.Sprint(id)); err != nil {
			return err
		}
		if len(list.Result) == 1 {
			if last = list.Result[0].String(); last == want {
				return nil
			}
		}
	}
	return fmt.Errorf("registration %d: %q, want %q", id, last, want)
}

// freePort returns a port that neither UDP nor TCP uses.
func freePort() (string, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	_, port, err := net.SplitHostPort(l.Addr().String())
	return port, errors.Join(err, l.Close())
}

// checkKamailio registers at Kamailio; its location table must agree.
func (e emulator) checkKamailio(folder string) (err error) {
	port, err := freePort()
	if err != nil {
		return err
	}
	config := filepath.Join(folder, "kamailio.cfg")
	text := strings.NewReplacer("PORT", port, "FOLDER", folder).Replace(kamailioConfig)
	if err := os.WriteFile(config, []byte(text), 0o600); err != nil {
		return err
	}
	c := exec.Command("kamailio", "-f", config, "-m", "32", "-M", "4", "-DD", "-E", "-w", folder, "-Y", folder)
	c.Stderr = os.Stderr
	if err := c.Start(); err != nil {
		return err
	}
	defer func() { err = errors.Join(err, end(c)) }()
	if err := accepts("127.0.0.1:" + port); err != nil {
		return err
	}
	knows := func(user string, want bool) error {
		for deadline := time.Now().Add(5 * time.Second); ; time.Sleep(50 * time.Millisecond) {
			out, _ := exec.Command("kamcmd", "-s", "unix:"+folder+"/ctl", "ul.lookup", "location", user).CombinedOutput()
			if strings.Contains(string(out), "voxemu-") == want {
				return nil
			}
			if time.Now().After(deadline) {
				return fmt.Errorf("the location table of Kamailio on %s, want it there: %v:\n%s", user, want, out)
			}
		}
	}
	for _, transport := range []string{"", ";transport=udp", ";transport=tcp"} {
		for _, user := range []string{"alice", "twin"} {
			id, err := e.create(user, "wrong", "127.0.0.1:"+port+transport)
			if err != nil {
				return err
			}
			steps := []func() error{
				func() error { return e.becomes(id, "failed 403 Forbidden", 5*time.Second) },
				func() error { return knows(user, false) },
				func() error {
					return e.call("UpdateSipRegistration", &struct{}{}, "sip_registration_id", fmt.Sprint(id), "password", "secret")
				},
				func() error { return e.becomes(id, "successful", 5*time.Second) },
				func() error { return knows(user, true) },
				func() error {
					return e.call("DeleteSipRegistration", &struct{}{}, "sip_registration_id", fmt.Sprint(id))
				},
				func() error { return knows(user, false) },
			}
			for _, step := range steps {
				if err := step(); err != nil {
					return fmt.Errorf("kamailio, %s%s: %w", user, transport, err)
				}
			}
			fmt.Printf("ok   kamailio: %s%s is refused, registers and unregisters\n", user, transport)
		}
	}
	if err := e.checkSDK(port); err != nil {
		return err
	}
	fmt.Println("ok   kamailio: alice is refused, registers and unregisters by the official Node SDK")
	id, err := e.create("nobody", "secret", "127.0.0.1:"+port)
	if err != nil {
		return err
	}
	return e.becomes(id, "failed 404 Not Found", 5*time.Second)
}

// checkSDK runs the program that uses the official SDK.
func (e emulator) checkSDK(port string) error {
	env := append(os.Environ(),
		"VOXEMU_CONFIG_DIR="+e.folder, "VOXIMPLANT_EMULATOR_HOST="+strings.TrimPrefix(e.base, "http://"),
		"VOXEMU_TLS_HOST="+strings.TrimPrefix(e.secure, "https://"), "SIP_PROXY=127.0.0.1:"+port, "SIP_CTL="+e.folder+"/ctl",
		"VOXIMPLANT_CREDENTIALS="+filepath.Join(e.folder, "owner.json"), "NODE_EXTRA_CA_CERTS="+filepath.Join(e.folder, "ca.pem"),
	)
	script, err := filepath.Abs(filepath.Join(e.node, "sip.mjs"))
	if err != nil {
		return err
	}
	for _, command := range [][]string{
		{e.binary, "credentials", "--key", "owner-key", "--out", filepath.Join(e.folder, "owner.json")},
		{e.binary, "ca", "--out", filepath.Join(e.folder, "ca.pem")},
		{"node", script},
	} {
		c := exec.Command(command[0], command[1:]...)
		c.Env = env
		if out, err := c.CombinedOutput(); err != nil {
			return fmt.Errorf("%s: %w\n%s", strings.Join(command, " "), err, out)
		}
	}
	return nil
}

// accepts waits until a program accepts connections.
func accepts(address string) (err error) {
	for deadline := time.Now().Add(10 * time.Second); time.Now().Before(deadline); time.Sleep(20 * time.Millisecond) {
		var c net.Conn
		if c, err = net.DialTimeout("tcp", address, time.Second); err == nil {
			return c.Close()
		}
	}
	return err
}

// answer is an answer of SIPp: a status line and headers; pause comes before it.
type answer struct {
	status  string
	headers string
	pause   time.Duration
}

const challenge = "WWW-Authenticate: Digest realm=\"sipp\", nonce=\"abc\", algorithm=MD5, qop=\"auth\"\n"

// badRegistrars are what SIPp answers, and what clients of the API must see.
func badRegistrars() []struct {
	name    string
	answers []answer
	before  string // the action on the second request
	want    string
} {
	contact := "Contact: [$1];expires=20\n"
	return []struct {
		name    string
		answers []answer
		before  string
		want    string
	}{
		{"403", []answer{{"403 Forbidden", "", 0}}, "", "failed 403 Forbidden"},
		{"401, a right digest, 200", []answer{{"401 Unauthorized", challenge, 0}, {"200 OK", "", 0}}, verify, "successful"},
		{"423, then 200", []answer{{"423 Interval Too Brief", "Min-Expires: 7200\n", 0}, {"200 OK", "Expires: 7200\n", 0}}, "", "successful"},
		{"302 to another network", []answer{{"302 Moved Temporarily", "Contact: <sip:x@203.0.113.1>\n", 0}}, "", "failed 302 Moved Temporarily"},
		{"503", []answer{{"503 Service Unavailable", "Retry-After: 5\n", 0}}, "", "failed 503 Service Unavailable"},
		{"a late answer", []answer{{"200 OK", "", 3 * time.Second}}, "", "successful"},
		{"a malformed header", []answer{{"200 OK", "Contact: <<>>;;\"\nExpires: soon\n", 0}}, "", "successful"},
		{"a challenge without end", []answer{
			{"401 Unauthorized", challenge, 0}, {"401 Unauthorized", strings.Replace(challenge, "abc", "d\", stale=true, opaque=\"e", 1), 0},
			{"401 Unauthorized", strings.Replace(challenge, "abc", "f\", stale=true, opaque=\"e", 1), 0},
		}, "", "failed 401 Unauthorized"},
		{"a shorter interval", []answer{{"200 OK", contact, 0}}, "", "successful"},
	}
}

// verify makes SIPp check the digest of the second request.
const verify = `<action><verifyauth assign_to="ok" username="alice" password="secret"/></action>`

func (e emulator) checkBadRegistrars(folder string) error {
	for _, bad := range badRegistrars() {
		if err := e.checkBad(folder, bad.answers, bad.before == verify, bad.want); err != nil {
			return fmt.Errorf("sipp, %s: %w", bad.name, err)
		}
		fmt.Printf("ok   sipp: %s: %s\n", bad.name, bad.want)
	}
	return nil
}

func (e emulator) checkBad(folder string, answers []answer, verified bool, want string) (err error) {
	port, err := freePort()
	if err != nil {
		return err
	}
	file := filepath.Join(folder, "scenario.xml")
	if err := os.WriteFile(file, []byte(scenario(answers, verified)), 0o600); err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	c := exec.CommandContext(ctx, "sipp", "-sf", file, "-i", "127.0.0.1", "-p", port, "-m", "1", "-timeout", "20s", "-timeout_error", "-nostdin")
	c.Dir = folder
	var out strings.Builder
	c.Stdout, c.Stderr = &out, &out
	if err := c.Start(); err != nil {
		return err
	}
	time.Sleep(300 * time.Millisecond) // SIPp does not say when it listens; requests are repeated
	id, err := e.create("alice", "secret", "127.0.0.1:"+port)
	if err != nil {
		return errors.Join(err, end(c))
	}
	if err := e.becomes(id, want, 15*time.Second); err != nil {
		return errors.Join(err, end(c))
	}
	if err := c.Wait(); err != nil {
		return fmt.Errorf("%w\n%s", err, out.String())
	}
	return e.call("DeleteSipRegistration", &struct{}{}, "sip_registration_id", fmt.Sprint(id))
}

// scenario returns SIPp's scenario for answers to one registration.
func scenario(answers []answer, verified bool) string {
	var b strings.Builder
	b.WriteString("<?xml version=\"1.0\" encoding=\"ISO-8859-1\" ?>\n<scenario name=\"registrar\">\n")
	for i, a := range answers {
		action := `<action><ereg regexp="&lt;[^&gt;]*&gt;" search_in="hdr" header="Contact:" assign_to="1"/></action>`
		if verified && i == 1 {
			action = verify
		}
		fmt.Fprintf(&b, "<recv request=\"REGISTER\">%s</recv>\n", action)
		if verified && i == 1 {
			b.WriteString("<nop hide=\"true\" test=\"ok\" next=\"good\"/><send><![CDATA[\n" + reply(answer{status: "403 Wrong Digest"}) + "]]></send>\n<label id=\"good\"/>\n")
		}
		if a.pause > 0 {
			fmt.Fprintf(&b, "<pause milliseconds=\"%d\"/>\n", a.pause.Milliseconds())
		}
		fmt.Fprintf(&b, "<send><![CDATA[\n%s]]></send>\n", reply(a))
	}
	b.WriteString("<Reference variables=\"1\"/>\n</scenario>\n")
	return b.String()
}

func reply(a answer) string {
	return "SIP/2.0 " + a.status + "\n[last_Via:]\n[last_From:]\n[last_To:];tag=[call_number]\n[last_Call-ID:]\n[last_CSeq:]\n" +
		a.headers + "Content-Length: 0\n\n"
}
