package testkit_test

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"syscall"
	"time"

	"github.com/voxemu/voxemu/emulator/fault"
	"github.com/voxemu/voxemu/emulator/vox"
	"github.com/voxemu/voxemu/testkit"
)

// example replaces the *testing.T of a test; it prints failures.
type example struct{ cleanups []func() }

func (x *example) Helper()                           {}
func (x *example) Name() string                      { return "Example" }
func (x *example) Cleanup(fn func())                 { x.cleanups = append(x.cleanups, fn) }
func (x *example) Logf(format string, args ...any)   { fmt.Printf(format+"\n", args...) }
func (x *example) Errorf(format string, args ...any) { fmt.Printf(format+"\n", args...) }
func (x *example) Fatalf(format string, args ...any) { panic(fmt.Sprintf(format, args...)) }

func (x *example) end() {
	for _, fn := range slices.Backward(x.cleanups) {
		fn()
	}
}

// ask replaces the program under test.
func ask(emu *testkit.Emulator, call string) {
	reply, err := emu.HTTPClient().Get(fmt.Sprintf("http://voxemu/platform_api/%s&account_id=%d&api_key=%s", call, emu.AccountID(), emu.APIKey()))
	if err != nil {
		fmt.Println("lost:", errors.Is(err, syscall.ECONNRESET))
		return
	}
	defer reply.Body.Close()
	_, _ = io.Copy(io.Discard, reply.Body)
}

func Example() {
	t := new(example) // your *testing.T
	emu := testkit.Run(t)
	ask(emu, "CreateSipRegistration?sip_username=sales&proxy=sip.example.com")

	emu.Expect(testkit.Call("CreateSipRegistration").With("proxy", "sip.example.com")).Once()
	emu.Expect(testkit.Call("DeleteSipRegistration")).Never()
	t.end()
	// Output:
}

// A client sends a parameter that the method does not have, which the real service
// ignores. The test fails without an assertion.
func ExampleRun_mistakes() {
	t := new(example)
	emu := testkit.Run(t)
	ask(emu, "CreateSipRegistration?sip_username=sales&proxy=sip.example.com&persistent=true")
	t.end()
	// Output:
	// testkit: the client sent what the API does not know:
	//   request 1: CreateSipRegistration, account 1: ok
	//     CreateSipRegistration has no parameter persistent; did you mean is_persistent?
	// allow with testkit.AllowUnknown()
}

func ExampleEmulator_Advance() {
	t := new(example)
	emu := testkit.Run(t, testkit.ScenarioYAML(`
extends: empty
accounts: [{id: 1, name: demo, api_key: demo-key, balance: 1.50}]
registrations: [{id: 1, sip_username: sales, proxy: pbx.example.com}]
`))
	fmt.Println(emu.Registration(1).State, emu.Account(1).Balance)
	emu.Advance(62 * 24 * time.Hour) // the balance lasts for one renewal
	fmt.Println(emu.Registration(1).State, emu.Registration(1).Deactivated)
	emu.TopUp(1, "5.00")
	fmt.Println(emu.Registration(1).State)
	t.end()
	// Output:
	// successful 1.50
	// offline true
	// successful
}

func ExampleEmulator_Fail() {
	t := new(example)
	emu := testkit.Run(t)
	emu.Fail("CreateSipRegistration", fault.Close{}, testkit.After(), testkit.Times(1)) // saved, but no reply
	ask(emu, "CreateSipRegistration?sip_username=sales&proxy=sip.example.com")
	fmt.Println(len(emu.Registrations()))
	t.end()
	// Output:
	// lost: true
	// 5
}

func ExampleEmulator_AddRegistration() {
	t := new(example)
	emu := testkit.Run(t, testkit.Scenario("empty"))
	row := emu.AddRegistration(vox.Registration{Proxy: "sip-403.test"})
	fmt.Println(row.ID, row.SIPUsername, row.State, row.StatusCode, row.ErrorMessage)
	t.end()
	// Output: 1 user-1 failed 403 Forbidden
}

func ExampleEmulator_RequireState() {
	t := new(example)
	emu := testkit.Run(t, testkit.Scenario("empty"))
	ask(emu, "CreateSipRegistration?sip_username=sales&proxy=pbx.example.com")
	emu.RequireState(testkit.State{Registrations: []vox.Registration{
		{ID: 1, SIPUsername: "sales", Proxy: "pbx.example.com", State: vox.Successful, StatusCode: 200},
	}})
	t.end()
	// Output:
}

func ExampleEmulator_Restore() {
	t := new(example)
	emu := testkit.Run(t)
	before := emu.Snapshot()
	for range 2 {
		emu.Restore(before)
		ask(emu, "DeleteSipRegistration?sip_registration_id=1")
		fmt.Println(len(emu.Registrations()), len(emu.Requests(testkit.AnyCall())))
	}
	t.end()
	// Output:
	// 3 1
	// 3 1
}

func ExampleEmulator_CallbackSink() {
	t := new(example)
	emu := testkit.Run(t)
	sink := emu.CallbackSink() // also sets the account's callback_url
	emu.Answer(1, 403, "Forbidden")
	emu.Settle()
	for _, callback := range sink.Received() {
		fmt.Println(callback.Type, string(callback.Detail))
	}
	t.end()
	// Output: sip_registration_fail {"sip_registrations":[{"sip_registration_id":1,"status_code":"403","error_message":"Forbidden"}]}
}

func ExampleRunTLS() {
	t := new(example)
	emu := testkit.RunTLS(t)
	client := &http.Client{Transport: &http.Transport{TLSClientConfig: emu.TLSConfig(), DisableKeepAlives: true}}
	reply, err := client.Get(emu.TLSURL() + "/platform_api/GetSipRegistrations?account_id=1&api_key=" + emu.APIKey())
	if err != nil {
		fmt.Println(err)
		return
	}
	reply.Body.Close()
	fmt.Println(reply.Status)
	t.end()
	// Output: 200 OK
}
