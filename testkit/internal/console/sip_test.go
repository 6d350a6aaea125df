package console

import (
	"bufio"
	"fmt"
	"net"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

// A PBX answers a registration, then calls it.
func TestRealRegistrationsTheirMessagesAndCallsAreShown(t *testing.T) {
	e := start(t, "--sip", "127.0.0.1", "--sip-addr", "127.0.0.1:0")
	program, err := filepath.Abs(*binary)
	if err != nil {
		t.Fatal(err)
	}
	pbx := exec.Command(program, "pbx", "--addr", "127.0.0.1:0", "--user", "alice:secret")
	out, err := pbx.StderrPipe()
	if err == nil {
		err = pbx.Start()
	}
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = pbx.Process.Signal(syscall.SIGTERM) // it may have ended
		_ = pbx.Wait()
	})
	said, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		t.Fatal(err)
	}
	_, proxy, _ := strings.Cut(strings.TrimSpace(said), "sip=")
	e.api("CreateSipRegistration", "sip_username", "alice", "password", "secret", "proxy", proxy, "application_id", "123")
	p := open(e, "")
	p.sees("main", "alice@"+proxy, "At 127.0.0.1 they really register, by SIP from 127.0.0.1:")
	p.view("#registrations/5")
	p.sees(".viewhead", "Registered")
	p.sees("main", "→ REGISTER sip:"+proxy, "← SIP/2.0 401 Unauthorized", "← SIP/2.0 200 OK")
	address := e.control("GET", "health", "")["sip"].(map[string]any)["address"].(string)
	c, err := net.Dial("udp", address)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	if _, err := fmt.Fprintf(c, "INVITE sip:voxemu-5@%s SIP/2.0\r\nVia: SIP/2.0/UDP %s;branch=z9hG4bK1\r\nFrom: <sip:bob@pbx>;tag=1\r\nTo: <sip:alice@pbx>\r\n"+
		"Call-ID: 1\r\nCSeq: 1 INVITE\r\nMax-Forwards: 70\r\nContent-Length: 0\r\n\r\n", address, c.LocalAddr()); err != nil {
		t.Fatal(err)
	}
	if answer, err := bufio.NewReader(c).ReadString('\n'); err != nil || !strings.HasPrefix(answer, "SIP/2.0 480 ") {
		t.Fatalf("the call: %q %v", answer, err)
	}
	p.view("")
	p.view("#registrations/5")
	p.sees("main", "incoming call from sip:bob@pbx", "answered 480; application myapp, rule inbound, scripts inbound")
}
