package emulator_test

import (
	"context"
	"fmt"
	"io"
	"log"
	"net/http"

	"github.com/voxemu/voxemu/emulator"
)

func Example() {
	emu, err := emulator.New(emulator.WithScenario("demo"))
	if err != nil {
		log.Fatal(err)
	}
	if err := emu.Start(); err != nil { // on a free port of 127.0.0.1
		log.Fatal(err)
	}
	defer emu.Close(context.Background())

	reply, err := http.Get(emu.URL() + "/platform_api/DeleteSipRegistration?account_id=1&api_key=demo-key&sip_registration_id=4")
	if err != nil {
		log.Fatal(err)
	}
	defer reply.Body.Close()
	body, err := io.ReadAll(reply.Body)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(string(body))
	// Output: {"result":1}
}
