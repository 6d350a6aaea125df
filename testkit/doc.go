// Package testkit runs the emulator inside a Go test, in one line:
//
//	func TestProvisioning(t *testing.T) {
//		emu := testkit.Run(t)
//		client := myapp.New(emu.URL(), emu.AccountID(), emu.APIKey())
//		…
//		emu.Expect(testkit.Call("CreateSipRegistration").With("proxy", "sip.example.com")).Once()
//	}
//
// Each test has an emulator of its own, which is closed when the test ends. It
// costs about a tenth of a millisecond, so run one per test and per case, in
// parallel; nothing is shared, nothing is left behind, and neither network nor
// home directory is needed.
//
// # Reaching it
//
// [Emulator.URL] opens a socket on a free port of 127.0.0.1 when first asked;
// [RunTLS] adds HTTPS for clients that require it. [Emulator.HTTPClient] and
// [Emulator.Handler] need no socket. Clients identify themselves by
// [Emulator.AccountID] and [Emulator.APIKey], by a credentials file
// ([Emulator.CredentialsFile]) or by a token ([Emulator.Token]); [Emulator.Env]
// has it all for a child process. [Shared] lets the same test use an emulator
// that runs elsewhere.
//
// # What is there
//
// The emulator begins with the built-in scenario demo: account 1 with the api
// key demo-key, keys such as owner-key, two applications, four registrations.
// Another one comes by name or path ([Scenario]), as text ([ScenarioYAML]) or
// from an embed.FS ([ScenarioFS]). Rows come on top as options
// ([WithRegistration] and its like) or later ([Emulator.AddRegistration] and its
// like): give what the test is about, the rest is filled, and the stored row is
// returned.
//
// # Time and life
//
// The clock stands still at [Start]. [Emulator.Advance] and [Emulator.AdvanceTo]
// move it: registrars answer, refresh and retry, months are paid, registrations
// freeze, all before they return. [Emulator.Answer], [Emulator.Login], [Emulator.Logout],
// [Emulator.TopUp] and [Emulator.FreezeAccount] make things happen now. No test
// needs to sleep: [Emulator.Settle] waits for callbacks. [Emulator.Callbacks]
// lists them, [Emulator.CallbackSink] receives them and checks their hashes.
//
// # Faults
//
// [Emulator.Fail] breaks the calls that it names, in the ways of package fault:
//
//	emu.Fail("CreateSipRegistration", fault.APIError("INSUFFICIENT_MONEY"), testkit.Nth(2))
//	emu.Fail("CreateSipRegistration", fault.Close{}, testkit.After(), testkit.Times(1)) // done, but the answer is lost
//
// Options say which calls ([Nth], [On], [Times], [When]) and how ([After],
// [Delayed]). A fault that was never triggered fails the test at its end,
// unless it is [Optional].
//
// # Verification
//
// [Emulator.Expect] asserts which calls came, how often and in which order;
// [Emulator.Requests] gives them; [Emulator.RequireState] compares what the
// emulator remembers. Failures say what was wanted, what came, and what came
// nearest. An expectation that nothing could disappoint, about a parameter that the
// method does not have or the value of a password, ends the test.
//
// Without any assertion the test fails at its end for the mistakes that clients
// commonly make and the real service hides: parameters that a method does not
// know (it ignores them), methods that do not exist, values that the contract
// refuses. A test that makes them on purpose says so: [AllowUnknown],
// [AllowMistakes].
//
// [Emulator.For] is the emulator for a subtest; [Emulator.Snapshot] and
// [Emulator.Restore] go back to a state between the cases of a table.
package testkit
