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

// A client with a built-in address needs only this http.Client.
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

// The official SDKs sign each request in the same way with a credentials.json.
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

// A program in a separate process finds the emulator through environment variables.
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

// With VOXIMPLANT_EMULATOR_HOST the test uses a running emulator, for example in a
// container; without it, one in the process.
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
