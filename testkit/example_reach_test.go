package testkit_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"

	"github.com/voxemu/voxemu/testkit"
)

const listAll = "/platform_api/GetSipRegistrations"

// A client with a built-in address needs no change: give it this http.Client.
func ExampleEmulator_HTTPClient() {
	t := new(example)
	emu := testkit.Run(t)
	reply, err := emu.HTTPClient().Get("https://api.voximplant.com" + listAll + "?account_id=1&api_key=" + emu.APIKey())
	if err != nil {
		fmt.Println(err)
		return
	}
	reply.Body.Close()
	fmt.Println(reply.Status)
	t.end()
	// Output: 200 OK
}

func ExampleEmulator_Handler() {
	t := new(example)
	emu := testkit.Run(t)
	reply := httptest.NewRecorder()
	emu.Handler().ServeHTTP(reply, httptest.NewRequest(http.MethodGet, listAll+"?account_id=1&api_key="+emu.APIKey(), nil))
	fmt.Println(reply.Code)
	t.end()
	// Output: 200
}

// What the official SDKs do with a credentials.json: sign each call.
func ExampleEmulator_Token() {
	t := new(example)
	emu := testkit.Run(t)
	request, err := http.NewRequest(http.MethodGet, emu.URL()+listAll, nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	request.Header.Set("Authorization", "Bearer "+emu.Token("owner-key"))
	reply, err := emu.HTTPClient().Do(request)
	if err != nil {
		fmt.Println(err)
		return
	}
	reply.Body.Close()
	fmt.Println(reply.Status)
	emu.Expect(testkit.Call("GetSipRegistrations").Succeeded()).Once()
	t.end()
	// Output: 200 OK
}

// A program under test that is a process of its own finds the emulator by its
// environment.
func ExampleEmulator_Env() {
	t := new(example)
	emu := testkit.Run(t)
	program := exec.Command("sh", "-c", `test -r "$VOXIMPLANT_CREDENTIALS" && test -n "$VOXIMPLANT_EMULATOR_HOST" && echo found`)
	program.Env = append(os.Environ(), emu.Env()...)
	said, err := program.Output()
	fmt.Print(string(said))
	if err != nil {
		fmt.Println(err)
	}
	t.end()
	// Output: found
}

// The test that runs against a container when VOXIMPLANT_EMULATOR_HOST names one
// runs in the process without it.
func ExampleShared() {
	t := new(example)
	emu := testkit.Shared(t)
	client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
	reply, err := client.Get(fmt.Sprintf("%s%s?account_id=%d&api_key=%s", emu.URL(), listAll, emu.AccountID(), emu.APIKey()))
	if err != nil {
		fmt.Println(err)
		return
	}
	reply.Body.Close()
	fmt.Println(reply.Status)
	t.end()
	// Output: 200 OK
}
