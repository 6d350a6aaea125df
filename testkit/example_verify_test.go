package testkit_test

import (
	"fmt"
	"time"

	"github.com/voxemu/voxemu/emulator/fault"
	"github.com/voxemu/voxemu/testkit"
)

// A failed expectation states the matching requests and the most similar ones.
func ExampleEmulator_Expect() {
	t := new(example)
	emu := testkit.Run(t)
	ask(emu, "CreateSipRegistration?sip_username=sales&proxy=pbx.example.com")
	emu.Expect(testkit.Call("CreateSipRegistration").With("proxy", "sip.example.com")).Once()
	t.end()
	// Output:
	// testkit: want exactly 1 request of CreateSipRegistration with proxy "sip.example.com"; 0 of 1 request matched
	// 1 request came close:
	//   request 1 differs in proxy: want "sip.example.com", got "pbx.example.com"
}

func ExampleExpectation_InOrder() {
	t := new(example)
	emu := testkit.Run(t)
	ask(emu, "GetSipRegistrations?count=1")
	ask(emu, "DeleteSipRegistration?sip_registration_id=1")
	emu.Expect(testkit.Call("GetSipRegistrations")).InOrder(testkit.Call("DeleteSipRegistration").Succeeded())
	t.end()
	// Output:
}

func ExampleEmulator_Requests() {
	t := new(example)
	emu := testkit.Run(t)
	ask(emu, "GetSipRegistrations?application_id=123;124")
	for _, request := range emu.Requests(testkit.Call("GetSipRegistrations").With("application_id", []int{123, 124})) {
		fmt.Println(request, request.Parameters.Get("application_id"))
	}
	t.end()
	// Output: request 1: GetSipRegistrations, account 1: ok 123;124
}

// A test may send on purpose what the real service ignores.
func ExampleAllowUnknown() {
	t := new(example)
	emu := testkit.Run(t, testkit.AllowUnknown())
	ask(emu, "GetSipRegistrations?colour=red")
	t.end()
	// Output:
}

// The second request for the method fails; the others succeed.
func ExampleNth() {
	t := new(example)
	emu := testkit.Run(t)
	emu.Fail("GetSipRegistrations", fault.APIError("INTERNAL_ERROR"), testkit.Nth(2))
	for range 3 {
		ask(emu, "GetSipRegistrations?count=1")
	}
	emu.Expect(testkit.Call("GetSipRegistrations").Succeeded()).Times(2)
	emu.Expect(testkit.Call("GetSipRegistrations").FailedWith("INTERNAL_ERROR")).Once()
	t.end()
	// Output:
}

// Whether a limit is reached depends on the client, so the fault may never be triggered.
func ExampleOptional() {
	t := new(example)
	emu := testkit.Run(t)
	emu.Fail("*", fault.RateLimit{Calls: 10, Per: fault.Duration(time.Second)}, testkit.Optional())
	ask(emu, "GetSipRegistrations?count=1")
	t.end()
	// Output:
}
