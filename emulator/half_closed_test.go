package emulator_test

import (
	"fmt"
	"io"
	"net"
	"strings"
	"testing"

	"github.com/voxemu/voxemu/emulator/journal"
)

// A client may close its direction of the connection after its request: it is answered.
func TestAClientThatHalfClosesIsAnswered(t *testing.T) {
	s := listening(t)
	for i := range 5 {
		connection, err := net.Dial("tcp", strings.TrimPrefix(s.URL(), "http://"))
		if err != nil {
			t.Fatal(err)
		}
		fmt.Fprint(connection, "GET /platform_api/GetSipRegistrations?account_id=1&api_key=demo-key HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
		if err := connection.(*net.TCPConn).CloseWrite(); err != nil {
			t.Fatal(err)
		}
		reply, err := io.ReadAll(connection)
		if err != nil || !strings.Contains(string(reply), `"result"`) {
			t.Errorf("%d: %v %s", i, err, reply)
		}
		_ = connection.Close()
	}
	for _, r := range s.Journal().Find(journal.Filter{}) {
		if r.Aborted != "" || r.Status != 200 {
			t.Errorf("request %d: status %d, aborted by %s", r.Number, r.Status, r.Aborted)
		}
	}
}
