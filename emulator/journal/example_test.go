package journal_test

import (
	"fmt"
	"log"
	"net/http/httptest"

	"github.com/voxemu/voxemu/emulator"
	"github.com/voxemu/voxemu/emulator/journal"
)

// ask sends a request and ignores the reply.
func ask(emu *emulator.Server, query string) {
	r := httptest.NewRequest("GET", "/platform_api/"+query+"&account_id=1&api_key=demo-key", nil)
	emu.Handler().ServeHTTP(httptest.NewRecorder(), r)
}

func newEmulator() *emulator.Server {
	emu, err := emulator.New(emulator.WithScenario("demo"))
	if err != nil {
		log.Fatal(err)
	}
	return emu
}

func ExampleJournal_Find() {
	emu := newEmulator()
	ask(emu, "CreateSipRegistration?sip_username=alice&is_persistent=perhaps")

	for _, call := range emu.Journal().Find(journal.Filter{Mistake: journal.AnyMistake}) {
		fmt.Println(call)
		for _, line := range call.Explain() {
			fmt.Println(" ", line)
		}
	}
	// Output:
	// request 1: CreateSipRegistration, account 1: INVALID_PROXY (274) on proxy
	//   proxy is missing: want a text of at most 255 characters that matches ^[^\s/;]+(;transport=(udp|tcp|tls))?$
	//   is_persistent does not fit: want true or false (or 1 or 0), got "perhaps"
}

func ExampleJournal_Verify() {
	emu := newEmulator()
	ask(emu, "CreateSipRegistration?sip_username=bob&proxy=sip.example.com")

	create := journal.Filter{Method: "CreateSipRegistration"}
	err := emu.Journal().Verify(journal.Expectation{
		Filter: create.With("sip_username", "alice").With("proxy", "sip.example.com"),
		Times:  journal.Once(),
	})
	fmt.Println(err)
	// Output:
	// want exactly 1 request of CreateSipRegistration with proxy "sip.example.com", sip_username "alice"; 0 of 1 request matched
	// 1 request came close:
	//   request 1 differs in sip_username: want "alice", got "bob"
}
