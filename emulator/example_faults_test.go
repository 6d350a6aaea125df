package emulator_test

import (
	"context"
	"fmt"
	"log"
	"net/http"
	"net/url"

	"github.com/voxemu/voxemu/emulator"
	"github.com/voxemu/voxemu/emulator/fault"
)

// The registration is saved and the client gets no reply: the client must not create it
// twice.
func ExampleServer_Faults() {
	emu, err := emulator.New(emulator.WithScenario("demo"))
	if err != nil {
		log.Fatal(err)
	}
	if err := emu.Start(); err != nil {
		log.Fatal(err)
	}
	defer emu.Close(context.Background())

	err = emu.Faults().Put(fault.Rule{
		Name:  "lost-answer",
		When:  fault.When{Method: "CreateSipRegistration"},
		Then:  fault.Do(fault.Close{}),
		After: true,
		Times: 1,
	})
	if err != nil {
		log.Fatal(err)
	}

	before := emu.Health().Counts["registrations"]
	for range 2 {
		reply, err := http.PostForm(emu.URL()+"/platform_api/CreateSipRegistration", url.Values{
			"account_id": {"1"}, "api_key": {"demo-key"}, "sip_username": {"sales"}, "proxy": {"pbx.example.com"},
		})
		if err == nil {
			reply.Body.Close()
		}
		fmt.Println("answered:", err == nil)
	}
	fmt.Println("made:", emu.Health().Counts["registrations"]-before)
	fmt.Println("unspent faults:", len(emu.Faults().Unspent()))
	// Output:
	// answered: false
	// answered: true
	// made: 2
	// unspent faults: 0
}
